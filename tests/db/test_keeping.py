"""Backup and restore, erasure, key rotation, retention, jobs: what is kept, and what is not."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Engine, select, text

from bot.clock import now_ms
from bot.effects import apply
from bot.jobs import JOBS, run_if_due
from db import backup, conversations, erasure, inbox, job_runs, links, people, questions, reminders
from db.bulk import ask
from db.conversations import TalkState
from db.crypto import OuterKey, Unreadable, key_number
from db.inbox import NewEvent, PendingEvent
from db.keyring import unlock
from db.models import metadata
from db.rotation import rotate_cells, rotate_outer_key
from db.session import keys, make_engine, reading, transaction
from handlers.effects import EraseMe, ForgetMessage, NoteUnanswered, Remind, TouchCampaign
from tests.path.crew import OUTER

pytestmark = pytest.mark.db

NOW = datetime.now(UTC)
ANONG, BOON = "U" + "a" * 32, "U" + "b" * 32
CANARY = "กนกวรรณ-0899999999"


@contextmanager
def opened(url: str, outer: tuple[OuterKey, ...] = OUTER) -> Iterator[Engine]:
    """The database as another process sees it."""
    made = make_engine(url)
    try:
        yield unlock(made, outer)
    finally:
        made.dispose()


def say(engine: Engine, talk: str, words: str, event_id: str, at: datetime = NOW) -> None:
    """An event that is done, with a state that remembers it."""
    event = {"type": "message", "message": {"id": f"m-{event_id}", "text": words}}
    with transaction(engine) as session:
        at_ms = int(at.timestamp() * 1000)
        inbox.store(session, [NewEvent(event_id, talk, at_ms, orjson.dumps(event))], at_ms)
        inbox.finish(session, [event_id], [], at_ms)
        state = TalkState(talk, orjson.dumps({"heard": words}).decode(), 1, 1.0, at_ms)
        conversations.save(session, [state], at_ms)


def state_of(engine: Engine, talk: str) -> str:
    with reading(engine) as session:
        return conversations.load(session, [talk])[talk].state


def kept_of(engine: Engine, talk: str) -> list[bytes]:
    with reading(engine) as session:
        return [payload for _, payload in inbox.kept(session, talk)]


def done(engine: Engine, effects: list[object], talk: str = ANONG, key: str = "e") -> None:
    event = PendingEvent(key, talk, now_ms(), now_ms(), 0, b"{}")
    with transaction(engine) as session:
        apply(session, talk, event, effects)  # type: ignore[arg-type]


def everything(engine: Engine) -> bytes:
    """Every cell of every table, opened where it is sealed."""
    found = []
    with reading(engine) as session:
        ring = keys(session)
        for table in metadata.sorted_tables:
            for row in session.execute(table.select()).mappings():
                for column in table.columns:
                    value = row[column.name]
                    if "sealed_by" in column.info and value is not None:
                        place = f"{table.name}|{column.name}|{row[column.info['sealed_by']]}"
                        value = ring.open_bytes(value, place)
                    found.append(value if isinstance(value, bytes) else str(value).encode())
    return b"\n".join(found)


def test_a_backup_brings_everything_back_and_erases_again_who_was_erased(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    say(engine, ANONG, CANARY, "a1")
    say(engine, BOON, "บุญ", "b1")
    path = tmp_path / "backup"
    assert backup.back_up(database_url, path) > 0
    assert path.stat().st_mode & 0o077 == 0
    assert CANARY.encode() not in path.read_bytes()
    with transaction(engine) as session:
        erasure.erase(session, ANONG, NOW)
        conversations.forget(session, ANONG)
    say(engine, BOON, "หลังสำรอง", "b2")
    engine.dispose()
    assert backup.restore(database_url, path, OUTER, {}) == 1
    with opened(database_url) as restored:
        assert state_of(restored, BOON) == orjson.dumps({"heard": "บุญ"}).decode()
        assert CANARY.encode() not in everything(restored)


def test_a_list_of_erasures_serves_when_the_database_is_lost(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    say(engine, ANONG, CANARY, "a1")
    backup.back_up(database_url, tmp_path / "backup")
    with transaction(engine) as session:
        erasure.erase(session, ANONG, NOW)
        known = erasure.erasures(session)
        session.execute(text("DELETE FROM tombstones"))
    lines = "\n".join(f"{owner.hex()} {at.isoformat()}" for owner, at in known.items())
    (tmp_path / "erasures").write_text(lines, encoding="utf-8")
    engine.dispose()
    again = backup.read_erasures(tmp_path / "erasures")
    assert backup.restore(database_url, tmp_path / "backup", OUTER, again) == 1
    with opened(database_url) as restored:
        assert CANARY.encode() not in everything(restored)


def test_one_who_came_back_after_an_erasure_is_not_erased_by_a_restore(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    with transaction(engine) as session:
        erasure.erase(session, ANONG, NOW)
    say(engine, ANONG, "กลับมาแล้ว", "a2")
    backup.back_up(database_url, tmp_path / "backup")
    engine.dispose()
    assert backup.restore(database_url, tmp_path / "backup", OUTER, {}) == 0
    with opened(database_url) as restored:
        assert "กลับมาแล้ว" in state_of(restored, ANONG)


def test_a_backup_that_is_not_there_is_said(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(backup.BackupError, match="no file"):
        backup.restore(database_url, tmp_path / "absent", OUTER, {})


def test_erasing_leaves_no_byte_of_a_person(engine: Engine) -> None:
    say(engine, ANONG, CANARY, "a1")
    done(
        engine,
        [
            Remind("half_form", NOW + timedelta(days=1), {"name": CANARY}),
            TouchCampaign("ABC"),
        ],
    )
    assert CANARY.encode() in everything(engine)
    done(engine, [EraseMe()])
    with transaction(engine) as session:
        conversations.forget(session, ANONG)
    assert CANARY.encode() not in everything(engine)


def test_an_unsent_message_is_dropped_and_others_stay(engine: Engine) -> None:
    say(engine, ANONG, "one", "a1")
    say(engine, ANONG, "two", "a2")
    done(engine, [ForgetMessage("m-a1")])
    assert [orjson.loads(one)["message"]["text"] for one in kept_of(engine, ANONG)] == ["two"]


def test_changing_the_outer_key_rewraps_and_the_old_one_can_go(
    engine: Engine, database_url: str
) -> None:
    say(engine, ANONG, "one", "a1")
    fresh = OuterKey(os.urandom(32))
    assert rotate_outer_key(engine, (fresh, *OUTER)) == 2
    with opened(database_url, (fresh,)) as renewed:
        assert "one" in state_of(renewed, ANONG)
    with pytest.raises(Unreadable), opened(database_url):
        pass


def test_a_new_data_key_reseals_every_cell_while_others_go_on_reading(
    engine: Engine, database_url: str
) -> None:
    say(engine, ANONG, "one", "a1")
    with opened(database_url) as running:
        index = keys_of(running)
        resealed = {(table, column): rows for table, column, rows in rotate_cells(engine, OUTER)}
        assert resealed["inbox", "payload"] == resealed["conversations", "state"] == 1
        assert "one" in state_of(running, ANONG)
        assert keys_of(running) == index
        with reading(running) as session:
            sealed = session.execute(text("SELECT state FROM conversations")).scalar_one()
    assert key_number(sealed) == 3
    assert sum(rows for *_, rows in rotate_cells(engine, OUTER)) == 2


def keys_of(engine: Engine) -> bytes:
    with reading(engine) as session:
        return keys(session).blind_index("check", "1")


def test_the_wrong_outer_key_fails_at_the_start(engine: Engine, database_url: str) -> None:
    with pytest.raises(Unreadable), opened(database_url, (OuterKey(os.urandom(32)),)):
        pass


@pytest.mark.parametrize(
    ("age", "payload", "row", "state"),
    [
        (timedelta(days=6), True, True, True),
        (timedelta(days=8), False, True, True),
        (timedelta(days=31), False, True, False),
        (timedelta(days=91), False, False, False),
    ],
)
def test_what_is_old_goes_by_its_class(
    engine: Engine, age: timedelta, payload: bool, row: bool, state: bool
) -> None:
    say(engine, ANONG, "one", "a1", NOW - age)
    for job in JOBS:
        run_if_due(engine, job)
    with reading(engine) as session:
        rows = session.execute(text("SELECT payload FROM inbox")).all()
    assert len(rows) == row
    assert bool(rows and rows[0].payload) == payload
    assert bool(state_of(engine, ANONG)) == state


def test_what_still_waits_is_never_purged(engine: Engine) -> None:
    old = int((NOW - timedelta(days=400)).timestamp() * 1000)
    with transaction(engine) as session:
        inbox.store(session, [NewEvent("a1", ANONG, old, b"{}")], old)
    for job in JOBS:
        run_if_due(engine, job)
    with transaction(engine) as session:
        assert len(inbox.pending(session, [ANONG], 5)) == 1


def test_a_job_runs_once_however_often_it_is_called(engine: Engine) -> None:
    (reminding,) = (job for job in JOBS if job.name == "reminders")
    done(engine, [Remind("payment", NOW - timedelta(minutes=1), {"month": "5"})])
    assert run_if_due(engine, reminding) == 1
    assert run_if_due(engine, reminding) == 0
    with transaction(engine) as session:
        (event,) = inbox.pending(session, [ANONG], 5)
        assert session.scalars(text("SELECT count(*) FROM reminders")).one() == 0
        assert job_runs.last_runs(session)["reminders"] <= datetime.now(UTC)
    raw = orjson.loads(event.payload)
    assert (raw["type"], raw["kind"], raw["values"]) == ("reminder", "payment", {"month": "5"})


def test_a_later_reminder_of_a_kind_replaces_the_earlier(engine: Engine) -> None:
    done(engine, [Remind("payment", NOW - timedelta(hours=1), {})])
    done(engine, [Remind("payment", NOW + timedelta(hours=1), {})])
    with transaction(engine) as session:
        assert reminders.take_due(session, NOW) == []
    done(engine, [Remind("payment", None, {})])
    with transaction(engine) as session:
        assert reminders.take_due(session, NOW + timedelta(hours=2)) == []


def test_a_question_is_noted_once(engine: Engine) -> None:
    for _ in range(2):
        done(engine, [NoteUnanswered("ถามอะไรสักอย่าง", "unknown")], key="q1")
    with reading(engine) as session:
        (row,) = session.scalars(select(questions.UnansweredQuestion)).all()
        assert (row.id, questions.read(session, row)) == ("q1-0", "ถามอะไรสักอย่าง")


def test_a_link_to_ones_data_is_good_until_its_end_and_replaces_the_last(engine: Engine) -> None:
    with transaction(engine) as session:
        links.offer(session, ANONG, "first", NOW + timedelta(minutes=5))
        links.offer(session, ANONG, "second", NOW + timedelta(minutes=5))
        assert links.user_behind(session, "first", NOW) is None
        assert links.user_behind(session, "second", NOW) == ANONG
        assert links.user_behind(session, "second", NOW + timedelta(minutes=6)) is None
        assert links.purge(session, NOW + timedelta(minutes=6)) == 1


def test_one_who_blocked_the_account_is_known(engine: Engine) -> None:
    with transaction(engine) as session:
        assert ask(session, people.who_blocked(session, [ANONG, BOON])) == [[]]
        people.person(session, ANONG, NOW).reachable = False
        session.flush()
        (rows,) = ask(session, people.who_blocked(session, [ANONG, BOON]))
        assert [row.user for row in rows] == [ANONG]
