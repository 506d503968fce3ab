"""Command words, yes and no, and the language of a message."""

import pytest

from handlers.commands import command, language, yes_or_no
from tests.unit.handlers.fakes import new_chat


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ใช่", True),
        ("ใช่ค่ะ", True),
        ("ใช่ลบเลย", True),
        ("ลบเลยค่ะ", True),
        ("ตกลงครับ", True),
        ("ไม่", False),
        ("ไม่ลบ", False),
        ("ไม่ยกเลิก", False),
        ("อย่าเพิ่ง", False),
        ("บ่", False),
        ("ใช่ไม่ลบ", None),
        ("ใช่ไหม", None),
        ("ไม่รู้", None),
        ("ไม่แน่ใจ", None),
        ("ลบแล้วเป็นยังไง", None),
        ("ทำไมต้องลบ", None),
    ],
)
def test_only_a_plain_yes_is_a_yes(text: str, answer: bool | None) -> None:
    assert yes_or_no(text) is answer


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ย้อนกลับ", "back"),
        ("ยกเลิกค่ะ", "cancel"),
        ("เมนู", "menu"),
        ("ขอดูข้อมูลที่เก็บไว้", "mydata"),
        ("ใครดูข้อมูลของฉัน", "looks"),
        ("ลบข้อมูลของฉัน", "erase"),
        ("ดูสถานะ", "status"),
        ("สถานะ", "status"),
        ("เบอร์นี้ของจริงไหม", "callback"),
        ("สมัครต่อ", "resume"),
        ("ยกเลิกยังไง", ""),
        ("ข้อมูลของฉันปลอดภัยไหม", ""),
        ("เบอร์สำนักงาน", ""),
    ],
)
def test_a_command_is_the_whole_message(text: str, name: str) -> None:
    assert command(text, in_form=True) == name


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("How much do I pay?", "th", "en"),
        ("apply", "th", "en"),
        ("ok", "th", "th"),
        ("Somchai Jaidee", "th", "th"),
        ("จ่ายเท่าไหร่", "en", "th"),
        ("123", "en", "en"),
    ],
)
def test_the_answer_comes_in_the_language_of_the_message(
    text: str, before: str, after: str
) -> None:
    assert language(text, before) == after


def test_a_question_of_ours_is_dropped_when_something_else_is_said() -> None:
    chat = new_chat()
    chat.say("ลบข้อมูล")
    chat.say("จ่ายเท่าไหร่")
    assert all(type(effect).__name__ != "EraseMe" for effect in chat.say("ใช่").effects)
