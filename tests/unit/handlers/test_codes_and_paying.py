"""Codes as people type them, and the days on which people are reminded to pay."""

from datetime import UTC, datetime

import pytest

from handlers import paying
from handlers.commands import bare_code, campaign_code, command
from handlers.conversation import Conversation
from handlers.effects import Remind
from handlers.memory import MemoryTools
from handlers.turn import Turn


@pytest.mark.parametrize(
    "text",
    [
        "รหัส K7M2-9QXT",
        "รหัสK7M29QXT",
        "รหัส: k7m2 9qxt",
        "  รหัส   K7M2–9QXT ค่ะ",
        "code k7m2-9qxt",
        "โค้ด k 7 m 2 9 q x t",
        "รหัส k๗m๒-๙qxt ครับ",
    ],
)
def test_a_code_is_heard_in_any_spelling(text: str) -> None:
    assert campaign_code(text) == "K7M29QXT"


@pytest.mark.parametrize(
    "text", ["รหัสไปรษณีย์ 41000", "รหัส 41000", "ลืมรหัส", "รหัสอยู่ไหน", "K7M29QXT มาจากไหน"]
)
def test_other_words_are_no_code(text: str) -> None:
    assert campaign_code(text) == ""
    assert bare_code(text) == ""


def test_a_code_without_the_word() -> None:
    assert bare_code("k7m2-9qxt ค่ะ") == bare_code("K7M2 9QXT") == "K7M29QXT"
    assert bare_code("0812345678") == bare_code("สมัคร") == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ไม่รับข่าวแล้วค่ะ", "news_off"),
        ("รับข่าว", "news_on"),
        ("เตือนจ่ายเงินหน่อย", "pay_on"),
        ("หยุดเตือน", "pay_off"),
        ("เตือนฉันด้วย", ""),
        ("ข่าวประกันสังคม", ""),
    ],
)
def test_words_that_turn_things_on_and_off(text: str, name: str) -> None:
    assert command(text, in_form=False) == name


@pytest.mark.parametrize(
    ("now", "day", "then"),
    [
        ("2026-11-25T03:00", "25", "2026-12-25"),
        ("2026-11-25T03:00", "26", "2026-11-26"),
        ("2026-12-20T03:00", "5", "2027-01-05"),
        ("2027-01-31T03:00", "31", "2027-02-28"),
        ("2028-02-01T03:00", "30", "2028-02-29"),
        ("2026-11-24T18:00", "25", "2026-12-25"),  # past midnight in Thailand
    ],
)
def test_the_next_day_to_pay(now: str, day: str, then: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    told = paying.choose(Turn(Conversation(), MemoryTools(at)), day)
    (effect,) = told.effects
    assert isinstance(effect, Remind)
    assert effect.at is not None
    assert effect.at.isoformat() == f"{then}T02:00:00+00:00"
    assert effect.values == {"day": day}


@pytest.mark.parametrize("day", ["0", "32", "x", ""])
def test_a_day_that_is_none_is_asked_again(day: str) -> None:
    turn = Turn(Conversation(), MemoryTools(datetime(2026, 11, 25, tzinfo=UTC)))
    told = paying.choose(turn, day)
    assert told.effects == ()
    assert told.replies.quick


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-11-25T03:00", "2026-11-25T03:00"),
        ("2026-11-25T13:00", "2026-11-26T02:00"),  # eight in the evening in Thailand
        ("2026-11-25T17:30", "2026-11-26T02:00"),  # half past midnight
        ("2026-11-25T00:59", "2026-11-25T02:00"),
        ("2026-11-25T12:59", "2026-11-25T12:59"),
    ],
)
def test_no_reminder_rings_at_night(at: str, then: str) -> None:
    moment, wanted = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, then))
    assert paying.by_day(moment) == wanted
