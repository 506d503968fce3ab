"""News without room in the month rides on answers: each person once, however it reaches them."""

from collections import Counter
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import Engine

from bot.deciding import HandlersDecider
from bot.effects import apply
from bot.outreach.riding import LOOK_EVERY_S, Riding
from bot.turns import Decided
from db import broadcast_batches, broadcasts, erasure, people, riders
from db.broadcast_tables import Broadcast
from db.inbox import PendingEvent
from db.session import transaction
from nlp import understand
from tests.db.test_broadcasts import NOON, FakeLine, Office

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_batches, "PEOPLE_A_BATCH", 7)


class Chats:
    """People who write, as the worker would hear and answer them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.decider = HandlersDecider(engine, understand, lambda: "")
        self.told: Counter[str] = Counter()

    def decide(self, user: str, text: str, state: str = "") -> tuple[PendingEvent, Decided]:
        raw = {
            "type": "message",
            "replyToken": "t",
            "webhookEventId": f"w{user}",
            "timestamp": int(NOON.timestamp() * 1000),
            "source": {"type": "user", "userId": user},
            "message": {"type": "text", "id": "1", "text": text},
        }
        at_ms = int(NOON.timestamp() * 1000)
        event = PendingEvent(f"w{user}", user, at_ms, at_ms, 0, orjson.dumps(raw))
        return event, self.decider.decide(user, state, event, at_ms)

    def write(self, user: str, text: str = "จ่ายเดือนละเท่าไหร่", state: str = "") -> Decided:
        event, decided = self.decide(user, text, state)
        with transaction(self.engine) as session:
            apply(session, user, event, decided.effects)
        self.told[user] += carries(decided)
        return decided


def carries(decided: Decided) -> int:
    return sum("ข่าวดี" in str(message) for message in decided.messages)


def riding(engine: Engine, budget_of: int = 40) -> tuple[Office, FakeLine, int]:
    office, line = Office(engine, 60, budget_of=budget_of), FakeLine()
    number = office.approved()
    office.run(line, rounds=3)
    assert office.state(number) == ("riding", "")
    return office, line, number


def test_who_got_no_push_gets_it_with_the_next_answer_and_once(engine: Engine) -> None:
    office, line, number = riding(engine)
    assert len(line.seen) == 28  # seven tenths of the month are for news, to the last one
    chats = Chats(engine)
    everybody = {f"U{n}" for n in range(10)} | {f"U{n}" for n in range(20, 60)}
    for user in sorted(everybody) * 2:
        chats.write(user)
    office.run(line, rounds=1)
    assert line.seen + chats.told == Counter(everybody)
    assert office.state(number)[0] == "done"
    with transaction(engine) as session:
        assert broadcasts.progress(session, number) == {"sent": 28, "riding": 22}


def test_what_rides_can_be_sent_when_there_is_room_again(engine: Engine) -> None:
    office, line, number = riding(engine)
    with transaction(engine) as session:
        waits = next(f"U{n}" for n in range(20, 60) if f"U{n}" not in line.seen)
        assert riders.of_person(session, waits) == session.get_one(Broadcast, number)
    chats = Chats(engine)
    chats.write(waits)
    office.budget = 1000
    with transaction(engine) as session:
        broadcasts.resume(session, number)
    office.run(line, rounds=3)
    assert office.state(number)[0] == "done"
    assert len(line.seen + chats.told) == 50
    assert set((line.seen + chats.told).values()) == {1}
    with transaction(engine) as session:
        assert broadcasts.progress(session, number) == {"sent": 49, "riding": 1}


def test_an_answer_that_loses_the_news_to_a_push_is_decided_again_without_it(
    engine: Engine,
) -> None:
    _office, line, number = riding(engine)
    waits = next(f"U{n}" for n in range(20, 60) if f"U{n}" not in line.seen)
    chats = Chats(engine)
    event, decided = chats.decide(waits, "จ่ายเดือนละเท่าไหร่")
    assert carries(decided) == 1
    with transaction(engine) as session:
        riders.ride(session, waits, number)  # somebody else takes it meanwhile
    with pytest.raises(riders.Taken), transaction(engine) as session:
        apply(session, waits, event, decided.effects)
    assert carries(chats.write(waits)) == 0


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("อยากตาย ไม่ไหวแล้ว", ""),
        ("สมัคร", ""),
        ("ลบข้อมูล", ""),
        ("ไม่รับข่าว", ""),
        ("สมชาย", '{"form": {"flow": "registration", "serial": 1, "at": "name"}}'),
    ],
)
def test_news_disturbs_nobody_in_need_in_a_form_or_at_a_question(
    engine: Engine, text: str, state: str
) -> None:
    _office, line, _number = riding(engine)
    waits = next(f"U{n}" for n in range(20, 60) if f"U{n}" not in line.seen)
    assert carries(Chats(engine).decide(waits, text, state)[1]) == 0


def test_a_stop_no_wish_for_news_and_an_erasure_keep_it_back(engine: Engine) -> None:
    office, line, number = riding(engine)
    first, second, third = [f"U{n}" for n in range(20, 60) if f"U{n}" not in line.seen][:3]
    with transaction(engine) as session:
        people.person(session, first, NOON).news = False
        erasure.erase(session, second, NOON)
    chats = Chats(engine)
    assert carries(chats.write(first)) == carries(chats.write(second)) == 0
    with transaction(engine) as session:
        broadcasts.stop(session, number, "staff")
    assert carries(chats.write(third)) == 0
    with transaction(engine) as session:
        broadcasts.purge(session, office.now + timedelta(days=31))
        assert not riders.any_waiting(session)


def test_while_nothing_rides_nobody_is_looked_up(engine: Engine) -> None:
    now = [0.0]
    seen = Riding(engine, clock=lambda: now[0])
    assert seen.of_person("U1") is None
    _office, line, _number = riding(engine)
    waits = next(f"U{n}" for n in range(20, 60) if f"U{n}" not in line.seen)
    assert seen.of_person(waits) is None
    now[0] = LOOK_EVERY_S + 1
    assert seen.of_person(waits) is not None


def test_nothing_is_begun_before_line_said_how_much_there_is(engine: Engine) -> None:
    office = Office(engine, 20)
    with transaction(engine) as session:
        assert broadcast_batches.gather(session, NOON) == 0
    number = office.approved()
    with transaction(engine) as session:
        broadcast_batches.gather(session, NOON)
        assert broadcast_batches.claim(session, NOON, None, 10) == []
        assert riders.board(session) == 0
    assert office.state(number)[0] == "gathering"
