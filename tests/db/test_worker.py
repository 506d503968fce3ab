"""A worker's odd days: poison, a lease that was lost, a database that failed, LINE down."""

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.clock import now_ms, utc
from bot.line.errors import LineError, Verdict
from bot.wake import Waker
from bot.worker import Apply, Limits, Worker
from db import conversations, inbox, outbox, people, talks
from db.bulk import ask
from db.inbox import NewEvent, PendingEvent
from db.session import transaction
from handlers.effects import Effect
from tests.path.crew import Counter, no_effects
from tests.path.leases import claim
from tests.path.running import kept

pytestmark = pytest.mark.db

ANONG = "U" + "a" * 32
BOON = "U" + "b" * 32


class Line:
    """Takes everything, or answers with the errors it is given."""

    def __init__(self) -> None:
        self.replies: list[tuple[str, str]] = []
        self.pushes: list[tuple[str, str, str]] = []
        self.errors: list[LineError] = []
        self.lock = threading.Lock()

    async def reply(self, token: str, messages: list[dict[str, Any]]) -> None:
        self._fail()
        self.replies.append((token, messages[0]["text"]))

    async def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> None:
        self._fail()
        self.pushes.append((to, messages[0]["text"], retry_key))

    async def loading(self, user: str, seconds: int = 20) -> None: ...
    async def leave(self, chat_kind: str, chat: str) -> None: ...
    async def link_menu(self, user: str, menu_id: str) -> None: ...
    async def menus(self) -> dict[str, str]:
        return {}

    def _fail(self) -> None:
        with self.lock:
            if self.errors:
                raise self.errors.pop(0)


def make_worker(engine: Engine, line: Line, apply: Apply = no_effects, burst: int = 0) -> Worker:
    return kept(Worker(engine, line, Counter(), apply, Waker(), Limits(flood_burst=burst)))


def send(engine: Engine, talk: str, *words: str, key: str = "") -> None:
    now = now_ms()
    events = [
        NewEvent(
            f"{talk[1:4]}-{key}{number}",
            talk,
            now + number,
            orjson.dumps({"replyToken": f"t-{key}{number}", "message": {"text": one}}),
        )
        for number, one in enumerate(words)
    ]
    with transaction(engine) as session:
        inbox.store(session, events, now)


def work(worker: Worker, seconds: float = 10) -> None:
    """Rounds until there is nothing more to do."""
    until = time.monotonic() + seconds
    idle = 0
    while idle < 3 and time.monotonic() < until:
        busy = worker._try_round() or worker._hand.flying
        idle = 0 if busy else idle + 1
        time.sleep(0.02)


def heard(engine: Engine, talk: str) -> list[str]:
    with transaction(engine) as session:
        state = conversations.load(session, [talk]).get(talk)
    return list(orjson.loads(state.state)["heard"]) if state and state.state else []


def scalar(engine: Engine, statement: str) -> Any:
    with transaction(engine) as session:
        return session.execute(text(statement)).scalar_one()


def test_an_answer_is_replied_and_everything_is_let_go(engine: Engine) -> None:
    line = Line()
    send(engine, ANONG, "one", "two")
    work(make_worker(engine, line))
    assert line.replies == [("t-0", "1:one"), ("t-1", "2:two")]
    assert scalar(engine, "SELECT count(*) FROM talks WHERE lease_owner IS NOT NULL") == 0
    assert scalar(engine, "SELECT count(*) FROM talks WHERE ready_ms IS NOT NULL") == 0
    assert scalar(engine, "SELECT count(*) FROM outbox WHERE status = 2") == 2


def test_poison_is_given_up_with_an_apology_and_harms_nobody_else(engine: Engine) -> None:
    line = Line()
    send(engine, ANONG, "good", "poison", "after")
    send(engine, BOON, "other")
    worker = make_worker(engine, line)
    until = time.monotonic() + 15
    while "after" not in heard(engine, ANONG) and time.monotonic() < until:
        work(worker)
    assert heard(engine, ANONG) == ["good", "after"]
    assert heard(engine, BOON) == ["other"]
    assert scalar(engine, "SELECT count(*) FROM inbox WHERE status = 2") == 1
    assert any("1506" in said for _, said in line.replies)


def test_a_turn_is_thrown_away_when_the_lease_was_lost(engine: Engine) -> None:
    line = Line()
    send(engine, ANONG, "one")
    paused = make_worker(engine, line)
    paused.round()
    with transaction(engine) as session:
        session.execute(text("UPDATE talks SET lease_until_ms = 5"))
    work(make_worker(engine, line))
    assert line.replies == [("t-0", "1:one")]
    work(paused)
    assert line.replies == [("t-0", "1:one")]
    assert heard(engine, ANONG) == ["one"]


class Stuck(Line):
    """Its first reply hangs; once let go, LINE says that the tokens were used."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs = True
        self.used = ("t-0", "t-1")

    async def reply(self, token: str, messages: list[dict[str, Any]]) -> None:
        while self.hangs:
            await asyncio.sleep(0.01)
        if token in self.used:
            raise LineError(Verdict.BAD_TOKEN, status=400)
        await super().reply(token, messages)


def test_one_who_stood_still_sends_nothing_again_when_the_talk_comes_back_to_him(
    engine: Engine,
) -> None:
    stuck, other = Stuck(), Line()
    send(engine, ANONG, "one", "two")
    still = make_worker(engine, stuck)
    for _ in range(4):
        still.round()
    assert still._hand.flying == 1
    with transaction(engine) as session:
        session.execute(text("UPDATE talks SET lease_until_ms = 1"))
    work(make_worker(engine, other))
    assert other.replies == [("t-0", "1:one"), ("t-1", "2:two")]
    send(engine, ANONG, "three", key="x")
    still.round()
    stuck.hangs = False
    work(still)
    assert stuck.replies == [("t-x0", "3:three")]
    assert stuck.pushes == []


def test_a_lease_far_in_the_future_is_a_clock_that_jumped(engine: Engine) -> None:
    send(engine, ANONG, "one")
    with transaction(engine) as session:
        claim(session, "gone", now_ms() + 3_600_000, 5, 30_000, oldest_first=True)
    line = Line()
    work(make_worker(engine, line))
    assert line.replies == [("t-0", "1:one")]


def test_a_refused_connection_is_tried_again_and_then_pushed(engine: Engine) -> None:
    line = Line()
    line.errors = [LineError(Verdict.AGAIN), LineError(Verdict.BAD_TOKEN)]
    send(engine, ANONG, "one")
    worker = make_worker(engine, line)
    until = time.monotonic() + 10
    while not line.pushes and time.monotonic() < until:
        worker._try_round()
        time.sleep(0.02)
    ((to, said, key),) = line.pushes
    assert (to, said) == (ANONG, "1:one")
    assert key == scalar(engine, "SELECT id FROM outbox")


def test_effects_that_fail_leave_nothing_and_end_in_an_apology(engine: Engine) -> None:
    def half(
        session: Session, talk: str, event: PendingEvent, effects: Sequence[Effect]
    ) -> list[tuple[str, dict[str, str]]]:
        people.touch_campaign(session, talk, "CODE", utc(now_ms()))
        raise RuntimeError("half way")

    line = Line()
    send(engine, ANONG, "effect", "after")
    work(make_worker(engine, line, half), seconds=15)
    assert heard(engine, ANONG) == ["after"]
    assert scalar(engine, "SELECT count(*) FROM people") == 0
    assert scalar(engine, "SELECT count(*) FROM inbox WHERE status = 2") == 1
    assert ["1506" in said for _, said in line.replies] == [True, False]


def test_a_deadlock_is_nobodys_fault(engine: Engine) -> None:
    tries = []

    class Deadlock(Exception):
        sqlstate = "40P01"

    def apply(
        session: Session, talk: str, event: PendingEvent, effects: Sequence[Effect]
    ) -> list[tuple[str, dict[str, str]]]:
        tries.append(event.attempts)
        if len(tries) <= 4:
            raise OperationalError("UPDATE", {}, Deadlock())
        people.person(session, talk, utc(now_ms()))
        return []

    line = Line()
    send(engine, ANONG, "effect")
    work(make_worker(engine, line, apply))
    assert tries == [0] * 5
    assert heard(engine, ANONG) != []
    assert scalar(engine, "SELECT count(*) FROM people") == 1


def test_after_a_failed_round_nothing_is_lost_or_doubled(engine: Engine) -> None:
    line = Line()
    send(engine, ANONG, "one")
    worker = make_worker(engine, line)
    worker.round()
    with transaction(engine) as session:
        session.execute(text("ALTER TABLE outbox RENAME TO away"))
    worker._try_round()
    with transaction(engine) as session:
        session.execute(text("ALTER TABLE away RENAME TO outbox"))
    work(worker)
    assert line.replies == [("t-0", "1:one")]
    assert heard(engine, ANONG) == ["one"]


def test_stopping_ends_what_is_under_way_and_gives_back_the_rest(engine: Engine) -> None:
    line = Line()
    worker = make_worker(engine, line)
    thread = threading.Thread(target=worker.run)
    thread.start()
    for number in range(20):
        send(engine, f"U{number:032x}", "hello", key=f"{number}.")
    time.sleep(0.3)
    began = time.monotonic()
    worker.stop()
    thread.join(28)
    assert time.monotonic() - began < 5
    assert scalar(engine, "SELECT count(*) FROM talks WHERE lease_owner IS NOT NULL") == 0
    assert scalar(engine, "SELECT count(*) FROM outbox WHERE status = 1") == 0
    work(make_worker(engine, line))
    assert sorted(said for _, said in line.replies) == ["1:hello"] * 20


def test_a_damaged_cell_is_given_up_and_the_next_event_goes_on(engine: Engine) -> None:
    line = Line()
    send(engine, ANONG, "one", "two")
    with transaction(engine) as session:
        swapped = text(
            "UPDATE inbox SET payload = (SELECT payload FROM inbox WHERE event_id = :other)"
            " WHERE event_id = :this"
        )
        session.execute(swapped, {"other": "aaa-1", "this": "aaa-0"})
    work(make_worker(engine, line))
    assert heard(engine, ANONG) == ["two"]


def test_fresh_talks_go_before_an_old_backlog_and_the_backlog_is_not_forgotten(
    engine: Engine,
) -> None:
    now = now_ms()
    with transaction(engine) as session:
        talks.make_ready(session, {f"old{n}": now - 3_600_000 + n for n in range(3)})
        talks.make_ready(session, {f"new{n}": now - 10 + n for n in range(3)})
        first = [c.talk for c in claim(session, "me", now, 4, 30_000)]
    assert first == ["new0", "new1", "new2", "old0"]
    with transaction(engine) as session:
        talks.make_ready(session, {"new9": now})
        oldest = claim(session, "me", now, 1, 30_000, oldest_first=True)
    assert [c.talk for c in oldest] == ["old1"]


def test_the_outbox_never_opens_a_row_that_has_ended(engine: Engine) -> None:
    line = Line()
    send(engine, ANONG, "one")
    work(make_worker(engine, line))
    with transaction(engine) as session:
        (row_id,) = session.execute(text("SELECT id FROM outbox")).one()
        late = outbox.Outgoing(row_id, ANONG, 0, "e", "message", b"{}", 0, outbox.TRYING, "reply")
        outbox.mark(session, [late], 5)
        (rows,) = ask(session, outbox.which_open(session, [ANONG]))
        assert list(rows) == []


def test_one_who_floods_is_told_once_and_holds_nobody_up(engine: Engine) -> None:
    burst, others = 20, [f"U{number:032x}" for number in range(5)]
    line = Line()
    send(engine, ANONG, *(f"spam{n}" for n in range(200)), key="s")
    for number, talk in enumerate(others):
        send(engine, talk, "hello", key=f"{number}.")
    worker = make_worker(engine, line, burst=burst)
    rounds = 0
    while sum(said == "1:hello" for _, said in line.replies) < len(others) and rounds < 20:
        worker._try_round()
        rounds += 1
        time.sleep(0.03)
    assert sum("spam" in said for _, said in line.replies) <= burst
    assert rounds < 20, "the others had to wait for the one who floods"
    pending = "SELECT count(*) FROM inbox WHERE status = 0"
    until = time.monotonic() + 20
    while scalar(engine, pending) and time.monotonic() < until:
        work(worker)
    assert len(heard(engine, ANONG)) == burst
    told = [said for _, said in line.replies if "ทีละข้อความ" in said]
    assert len(told) == 1
    assert scalar(engine, pending) == 0
