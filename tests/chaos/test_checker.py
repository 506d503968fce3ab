"""The checker sees what is broken: each promise is broken once on purpose."""

from collections.abc import Callable
from datetime import UTC, datetime

import orjson
import pytest
from sqlalchemy import Engine, text

from db import conversations, inbox, outbox, registrations
from db.conversations import TalkState
from db.inbox import NewEvent
from db.keyring import unlock
from db.outbox import SENT, Outgoing
from db.schema import migrate
from db.session import make_engine, transaction
from tests.bench.gauges import Sample, grown
from tests.chaos.checker import check
from tests.chaos.load import Person
from tests.chaos.work import lead
from tests.path.crew import OUTER

pytestmark = pytest.mark.db

TALK = "U" + "0" * 28 + "beef"
WORDS = ["beef/0", "beef/1"]
ANSWERS = ["1:beef/0", "2:beef/1"]


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A database after two messages that went well."""
    made = make_engine(f"sqlite:///{tmp_path_factory.mktemp('checker')}/test.db")
    migrate(made)
    engine = unlock(made, OUTER)
    with transaction(engine) as session:
        now = datetime.now(UTC)
        registrations.submit(session, lead("beef", 1), event_id="beef-1", user_id=TALK, now=now)
        events = [NewEvent(f"beef-{n}", TALK, n, b"{}") for n in range(2)]
        inbox.store(session, events, 5)
        inbox.finish(session, ["beef-0", "beef-1"], [], 6)
        state = orjson.dumps({"heard": WORDS}).decode()
        conversations.save(session, [TalkState(TALK, state, 2, 0.0, 0)], 6)
        rows = [Outgoing(f"o{n}", TALK, n, f"beef-{n}", "message", b"{}", 5) for n in range(2)]
        for row in rows:
            row.status = SENT
        outbox.add(session, rows, 6)
    return engine


def found(engine: Engine, answers: list[str], taken: list[str]) -> list[str]:
    accepted = [(0.0, "reply", f"t{n}", "", [one]) for n, one in enumerate(answers)]
    return check(engine, [Person(TALK, is_late=False, sent=2, taken=taken)], accepted)


def test_what_went_well_is_not_complained_of(engine: Engine) -> None:
    assert found(engine, ANSWERS, WORDS) == []


@pytest.mark.parametrize(
    "answers",
    [ANSWERS[:1], [*ANSWERS, ANSWERS[0]], ANSWERS[::-1], ["1:beef/0", "1:beef/1"]],
    ids=["lost", "twice", "order", "state"],
)
def test_wrong_answers_are_seen(engine: Engine, answers: list[str]) -> None:
    assert any("I3" in one for one in found(engine, answers, WORDS))


def test_a_message_that_was_taken_and_is_not_there_is_seen(engine: Engine) -> None:
    broken = found(engine, ANSWERS, [*WORDS, "beef/2"])
    assert {one[:2] for one in broken} == {"I1", "I5"}


def forget_state(engine: Engine) -> None:
    state = orjson.dumps({"heard": WORDS[::-1]}).decode()
    with transaction(engine) as session:
        conversations.save(session, [TalkState(TALK, state, 2, 0.0, 0)], 6)


def leave_pending(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE inbox SET status = 0 WHERE event_id = 'beef-1'"))


def drop_answer(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE outbox SET status = 5 WHERE id = 'o1'"))


def be_unsure(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE outbox SET status = 4 WHERE id = 'o1'"))


def lose_lead(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("DELETE FROM registrations"))


def count_twice(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE rollups SET n = n + 1 WHERE split = 'all'"))


def remind_unasked(engine: Engine) -> None:
    with transaction(engine) as session:
        inbox.store(session, [NewEvent("reminder-payment-1", TALK, 1, b"{}")], 5)
        inbox.finish(session, ["reminder-payment-1"], [], 6)


@pytest.mark.parametrize(
    ("damage", "promise"),
    [
        (forget_state, "I5"),
        (leave_pending, "I2"),
        (drop_answer, "I2"),
        (be_unsure, "I3"),
        (lose_lead, "I6"),
        (count_twice, "I6"),
        (remind_unasked, "I1"),
    ],
)
def test_a_damaged_database_is_seen(
    engine: Engine, damage: Callable[[Engine], None], promise: str
) -> None:
    damage(engine)
    assert any(one.startswith(promise) for one in found(engine, ANSWERS, WORDS))


@pytest.mark.parametrize(
    ("grows", "found"), [("nothing", []), ("memory_mib", ["memory_mib"]), ("files", ["files"])]
)
def test_what_grows_all_the_time_is_seen(grows: str, found: list[str]) -> None:
    samples = [
        Sample(
            at_s=float(n),
            memory_mib=100.0 + (15 * n if grows == "memory_mib" else n % 3),
            files=50 + (10 * n if grows == "files" else n % 2),
            connections=10,
        )
        for n in range(30)
    ]
    assert [one.split()[0] for one in grown(samples)] == found
