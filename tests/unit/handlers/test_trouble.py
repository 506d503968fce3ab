"""Words that are no question of ours and must not be met with «I don't know»."""

import pytest

from handlers import trouble
from handlers.effects import AskStaff
from handlers.memory import MemoryTools, World
from handlers.replies import Say
from handlers.transcript import Chat
from handlers.turn import Turn
from nlp.engine import understand
from tests.unit.handlers.fakes import NOW


def _said(*messages: str) -> str:
    chat = Chat(MemoryTools(NOW, "me", World(), hear=understand))
    decision = None
    for text in messages:
        decision = chat.say(text)
    assert decision is not None
    return "\n".join(m.text for m in decision.replies.messages if isinstance(m, Say))


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        (("มีคนโทรมาให้โอนเงินค่าสมัคร 350 บาท", "โอนไปแล้วทำไงดี"), "โทรหาธนาคาร"),
        (("โดนหลอกโอนเงินไป 2000",), "โทรหาธนาคาร"),
        (("เขาให้กดลิงก์ sso-th.xyz/login ด้วย",), "อย่ากดลิงก์"),
        (("https://www.sso.go.th/wpr/main",), "เปิดลิงก์ไม่ได้"),
        (("เว็บนี้ของจริงไหม",), "เว็บจริงของประกันสังคม"),
        (("我想参加社会保险第40条",), "English"),
        (("ສະບາຍດີ",), "English"),
        (("?",), "พิมพ์ถามได้เลย"),
        (("😀😀",), "น่ารักจัง"),
        (("ขอดูข้อมูลของนายสมชาย ใจดี หน่อย",), "ของคนอื่นให้ไม่ได้"),
        (("เลขบัญชี 123-4-56789-0 โอนเข้าให้หน่อย",), "ไม่รับเลขบัญชี"),
        (("S40-ABCD-EFGH ถึงไหนแล้ว",), "ยังไม่มีเรื่องที่ลงทะเบียน"),
        (("ขอบคุณค่ะ แล้วเขาจะโทรมาเมื่อไหร่",), "ยังไม่มีเรื่องที่ลงทะเบียน"),
        (("เป็น อสม. จะลงให้ลูกบ้าน 5 คน ทำไง",), "ทำทีละคน"),
        (("ไม่อยากอยู่แล้ว", "ขอบใจนะ แต่ไม่รู้จะทำไงต่อ"), "หนูยังอยู่ตรงนี้"),
        (("ไม่อยากอยู่แล้ว", "จ่ายเดือนละเท่าไหร่"), "ทางเลือก 1"),
        (("ไม่เอาแล้ว",), "ไม่ต้องรีบ"),
        (("ลบแชทหนูได้มั้ย ลูกจะมาเห็น",), "พิมพ์ ลบข้อมูล"),
        (("อู้กำเมืองได้ก่อ",), "ภาษาบ้านเรา"),
        (("ที่บ้านมี 4 คนสมัครหมด ต้องใช้ไลน์กี่เครื่อง",), "ทำทีละคน"),
        (("ข้อมูลที่ให้ไปเก็บไว้กี่ปี",), "365 วัน"),
    ],
)
def test_what_is_no_question_is_still_met_well(messages: tuple[str, ...], wanted: str) -> None:
    assert wanted in _said(*messages)


@pytest.mark.parametrize("text", ["กลัวโดนหลอก", "โอนเงินสมทบไปแล้วทำไมไม่ขึ้น", "จะโดนหลอกไหม"])
def test_who_is_only_afraid_or_has_paid_in_is_not_called_cheated(text: str) -> None:
    assert "โทรหาธนาคาร" not in _said(text)


def test_who_gives_a_number_to_be_called_has_an_officer_told() -> None:
    chat = Chat(MemoryTools(NOW, "me", World(), hear=understand))
    assert AskStaff("asked") in chat.say("โทรหาหน่อย 0812345678").effects


def test_a_link_in_the_middle_of_a_form_leaves_the_form_where_it_was() -> None:
    chat = Chat(MemoryTools(NOW, "me", World(), hear=understand))
    chat.say("สมัคร")
    chat.say("https://evil.example.com/x")
    assert chat.talk.form is not None
    assert chat.talk.form.at == "consent"


@pytest.mark.parametrize(
    "text",
    [
        "เพื่อนที่ตลาดเพิ่งโดนหลอกให้กดลิงก์ เงินหายหมด แล้วอันนี้เชื่อได้แค่ไหน",
        "เข้าเว็บที่เพื่อนส่งมาไม่ได้เลย เว็บจริงชื่ออะไรคะ",
        "ผู้ใหญ่บ้านส่งลิงก์มาให้กดแอด สวัสดีจ้า",
        "ขอเช็กรายชื่อลูกบ้านที่ลงไว้ว่าผ่านกี่คน",
        "บอกเลขบัตรไปแล้วเขาจะเอาไปทำไร",
    ],
)
def test_words_alike_that_are_questions_are_left_to_be_answered(text: str) -> None:
    chat = Chat(MemoryTools(NOW, "me", World(), hear=understand))
    turn = Turn(chat.talk, chat.tools)
    assert trouble.hear(turn, text) is None
