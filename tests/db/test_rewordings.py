"""Other words for answers: a second person, a first day, one step at a time, the way back."""

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.clock import ms_of
from bot.deciding import HandlersDecider
from bot.rewording import FRESH_S, LivePages
from db import rewordings
from db.inbox import PendingEvent
from db.rewordings import NotAllowed, Where
from db.session import reading, transaction
from db.staff import Role
from nlp.answering.content import content
from nlp.intents import Intent
from nlp.rewording import fingerprint
from nlp.understanding import Outcome, Understanding
from tests.accounts import account

pytestmark = pytest.mark.db
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
ANONG = "U" + "a" * 32
TODAY = date(2026, 11, 25)
WHERE = Where("greet", "base", None, "text")
OLD = content(Intent.GREET).variants["base"].text


@pytest.fixture
def people(engine: Engine) -> tuple[int, int]:
    """Anong writes, Boon approves."""
    with transaction(engine) as session:
        made = [account(session, name, Role.EDITOR, now=NOW).id for name in ("anong", "boon")]
    return made[0], made[1]


def written(session: Session, author: int, words: str, day: date = TODAY) -> int:
    """A draft of a greeting."""
    return rewordings.draft(session, WHERE, fingerprint(OLD), [words], day, author, NOW).id


def approved(engine: Engine, people: tuple[int, int], words: str, day: date = TODAY) -> int:
    """The same, approved by the other."""
    with transaction(engine) as session:
        number = written(session, people[0], words, day)
        rewordings.decide(session, number, people[1], NOW, approved=True)
    return number


def told(engine: Engine, day: date = TODAY) -> list[tuple[str, ...]]:
    with reading(engine) as session:
        return [row.words for row in rewordings.told_on(session, day)]


def test_nobody_approves_their_own_words(engine: Engine, people: tuple[int, int]) -> None:
    with transaction(engine) as session:
        number = written(session, people[0], "สวัสดีค่ะ")
        with pytest.raises(NotAllowed, match="own"):
            rewordings.decide(session, number, people[0], NOW, approved=True)
    assert told(engine) == []


def test_only_what_is_approved_is_told_and_only_once_decided(
    engine: Engine, people: tuple[int, int]
) -> None:
    with transaction(engine) as session:
        kept, refused = (written(session, people[0], text) for text in ("ก ค่ะ", "ข ค่ะ"))
        assert [row.id for row in rewordings.drafts(session)] == [kept, refused]
        rewordings.decide(session, kept, people[1], NOW, approved=True)
        rewordings.decide(session, refused, people[1], NOW, approved=False)
        for number in (kept, refused):
            with pytest.raises(NotAllowed, match="decided_already"):
                rewordings.decide(session, number, people[1], NOW, approved=True)
        assert rewordings.drafts(session) == []
    assert told(engine) == [("ก ค่ะ",)]


def test_words_are_told_from_their_day_on(engine: Engine, people: tuple[int, int]) -> None:
    later = TODAY + timedelta(days=7)
    approved(engine, people, "วันนี้ค่ะ")
    approved(engine, people, "สัปดาห์หน้าค่ะ", later)
    assert told(engine) == [("วันนี้ค่ะ",)]
    assert told(engine, later) == [("สัปดาห์หน้าค่ะ",)]


def test_taking_back_brings_the_words_before(engine: Engine, people: tuple[int, int]) -> None:
    approved(engine, people, "หนึ่งค่ะ")
    second = approved(engine, people, "สองค่ะ")
    assert told(engine) == [("สองค่ะ",)]
    with transaction(engine) as session:
        rewordings.take_back(session, second, people[0], NOW)
        with pytest.raises(NotAllowed):
            rewordings.take_back(session, second, people[0], NOW)
    assert told(engine) == [("หนึ่งค่ะ",)]


def test_every_process_tells_new_words_within_seconds(
    engine: Engine, people: tuple[int, int]
) -> None:
    at = [100.0]
    processes = [LivePages(engine, lambda: NOW, lambda: at[0]) for _ in range(2)]
    assert all(pages(Intent.GREET) is content(Intent.GREET) for pages in processes)
    number = approved(engine, people, "สวัสดีจากเจ้าหน้าที่ค่ะ")
    at[0] += FRESH_S
    for pages in processes:
        assert pages(Intent.GREET).variants["base"].text == ("สวัสดีจากเจ้าหน้าที่ค่ะ",)
        assert pages(Intent.HELP_MENU) is content(Intent.HELP_MENU)
    with transaction(engine) as session:
        rewordings.take_back(session, number, people[0], NOW)
    at[0] += FRESH_S
    assert all(pages(Intent.GREET).variants["base"].text == OLD for pages in processes)


def test_a_database_that_is_away_leaves_the_words_of_a_moment_ago(
    engine: Engine, people: tuple[int, int]
) -> None:
    at = [100.0]
    pages = LivePages(engine, lambda: NOW, lambda: at[0])
    approved(engine, people, "สวัสดีจากเจ้าหน้าที่ค่ะ")
    assert pages(Intent.GREET).variants["base"].text == ("สวัสดีจากเจ้าหน้าที่ค่ะ",)
    with transaction(engine) as session:
        rewordings.AnswerRewording.__table__.drop(session.connection())  # type: ignore[attr-defined]  # a Table
    at[0] += FRESH_S
    assert pages(Intent.GREET).variants["base"].text == ("สวัสดีจากเจ้าหน้าที่ค่ะ",)


def test_the_worker_tells_what_staff_wrote(engine: Engine, people: tuple[int, int]) -> None:
    approved(engine, people, "สวัสดีจากเจ้าหน้าที่ค่ะ")
    raw = {
        "type": "message",
        "mode": "active",
        "webhookEventId": "m1",
        "timestamp": ms_of(NOW),
        "replyToken": "token",
        "source": {"type": "user", "userId": ANONG},
        "message": {"id": "1", "type": "text", "text": "หวัดดี"},
    }
    greeting = Understanding("หวัดดี", Intent.GREET, 0.99, Outcome.ANSWER)
    decider = HandlersDecider(
        engine, lambda *_: greeting, lambda: "", pages=LivePages(engine, lambda: NOW)
    )
    event = PendingEvent("m1", ANONG, ms_of(NOW), ms_of(NOW), 0, orjson.dumps(raw))
    decided = decider.decide(ANONG, "", event, ms_of(NOW))
    assert "สวัสดีจากเจ้าหน้าที่ค่ะ" in orjson.dumps(decided.messages).decode()
