"""What somebody's situation makes of a message: grief, neighbours, a wait, a changed mind."""

import pytest

from handlers.effects import AskStaff, WithdrawRegistration
from handlers.memory import MemoryTools, World
from handlers.replies import Say
from handlers.transcript import Chat
from handlers.turn import Decision
from nlp.engine import understand
from nlp.intents import Intent
from tests.unit.handlers.fakes import NOW, STRAIGHT, at_step


def _chat() -> Chat:
    return Chat(MemoryTools(NOW, "me", World(), hear=understand))


def _sent() -> Chat:
    chat = at_step("nothing", _chat())
    chat.say("ส่งเลย")
    return chat


def _words(decision: Decision) -> str:
    return "\n".join(m.text for m in decision.replies.messages if isinstance(m, Say))


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("แม่เพิ่งเสีย ต้องทำยังไง", Intent.CLAIM_HOW),
        ("พ่อตายไปสามเดือนแล้ว จะได้เงินไหม", Intent.BENEFIT_DEATH),
        ("ผัวข่อยตายแล้ว ส่งประกันมาปีปาย สิได้เงินบ่", Intent.BENEFIT_DEATH),
    ],
)
def test_who_lost_somebody_is_answered_with_a_kind_word_and_not_asked_back(
    said: str, intent: Intent
) -> None:
    chat = _chat()
    assert _words(chat.say(said)).startswith("เสียใจด้วยนะคะ")
    assert chat.talk.topic is not None
    assert chat.talk.topic.intent is intent


@pytest.mark.parametrize("said", ["ถ้าแม่ตายได้เท่าไหร่", "พ่อเสียค่าสมัครไหม", "ค่าทำศพได้กี่บาท"])
def test_nobody_is_comforted_for_a_question(said: str) -> None:
    assert "เสียใจ" not in _words(_chat().say(said))


def test_papers_after_a_death_are_those_of_the_funeral_grant() -> None:
    chat = _chat()
    chat.say("ผัวข่อยตายแล้ว สิได้เงินบ่")
    assert "ค่าทำศพ" in _words(chat.say("ต้องเอาหยังไปแน"))


@pytest.mark.parametrize("said", ["จะลงชื่อให้ชาวบ้านสามคนทำยังไงคะ", "แม่พิมพ์ไม่เป็น หนูทำแทนได้ไหม"])
def test_who_asks_for_others_is_told_how(said: str) -> None:
    decision = _chat().say(said)
    assert "ทีละคน" in _words(decision)
    assert decision.replies.quick[0].data == "do:register_other"


@pytest.mark.parametrize("said", ["คนต่อไป", "อีกคน", "คนต่อไป สมัครให้อีกคน"])
def test_after_one_registration_the_next_person_follows(said: str) -> None:
    chat = _sent()
    chat.say(said)
    assert chat.talk.form is not None
    assert chat.talk.form.answers["consent"] == "other"


def test_who_asked_for_staff_is_told_of_the_wait_and_asks_them_once() -> None:
    chat = _chat()
    assert any(isinstance(e, AskStaff) for e in chat.say("ขอคุยกับเจ้าหน้าที่").effects)
    waiting = chat.say("รอถึงเมื่อไหร่")
    assert "เวลาทำการ" in _words(waiting)
    assert not any(isinstance(e, AskStaff) for e in waiting.effects)


@pytest.mark.parametrize(
    ("said", "option"),
    [("อุ๊ย ไม่เอา เปลี่ยนเป็น 3", "3"), ("เดี๋ยวนะ เอา 1 ดีกว่า", "1"), ("เอ้อ เปลี่ยนใจ เอาอันแพงสุด", "3")],
)
@pytest.mark.parametrize("step", ["contact_time", "review"])
def test_another_option_needs_no_name_once_one_is_chosen(said: str, option: str, step: str) -> None:
    chat = at_step(step, _chat())
    chat.say(said)
    assert chat.talk.form is not None
    assert chat.talk.form.answers["option"] == option


def test_when_to_be_called_is_no_other_option() -> None:
    chat = at_step("contact_time", _chat())
    chat.say("เอา 2 โมง")
    assert dict(STRAIGHT)["option"] == "ทางเลือก 2"
    assert chat.talk.form is not None
    assert chat.talk.form.answers["option"] == "2"
    assert chat.talk.form.answers["contact_time"] == "afternoon"


def test_the_answer_to_be_mended_after_sending_is_asked_at_once() -> None:
    chat = _sent()
    chat.say("เบอร์ผิด ขอแก้เบอร์")
    assert "089-999-8888" in _words(chat.say("0899998888"))


def test_a_label_that_is_typed_does_what_its_button_does() -> None:
    chat = _sent()
    chat.say("ถอนเรื่อง")
    assert any(isinstance(e, WithdrawRegistration) for e in chat.say("ใช่").effects)


def test_leaving_section_33_is_not_leaving_section_40() -> None:
    chat = at_step("schemes", _chat())
    chat.say("มี 33 อยู่ค่ะ")
    assert "พ้นมาตรา 33" in _words(chat.say("เดือนหน้าจะลาออกแล้ว"))


def test_a_bare_yes_to_nothing_is_no_question() -> None:
    assert "พิมพ์ถามได้เลย" in _words(_chat().say("ใช่"))


@pytest.mark.parametrize("said", ["ขอคิดดูก่อน", "ขอปรึกษาลูกก่อนนะ"])
def test_who_wants_to_think_is_not_hurried(said: str) -> None:
    assert "ไม่ต้องรีบ" in _words(_chat().say(said))


def test_a_name_that_is_mended_is_no_time_of_day() -> None:
    chat = at_step("contact_time", _chat())
    chat.say("เดี๋ยวๆ ชื่อผิด ต้องเป็น มานพ ใจเย็นดี")
    assert chat.talk.form is not None
    assert "contact_time" not in chat.talk.form.answers
    assert chat.talk.form.answers["name"] == {"title": "", "first": "มานพ", "last": "ใจเย็นดี"}


@pytest.mark.parametrize(("said", "option"), [("ทางเลือก 3", "3"), ("ตัวเจ็ดสิบบาทพอเจ้า", "1")])
def test_an_option_told_early_is_no_occupation(said: str, option: str) -> None:
    chat = at_step("occupation", _chat())
    chat.say(said)
    assert chat.talk.form is not None
    assert "occupation" not in chat.talk.form.answers
    assert chat.talk.form.answers["option"] == option


def test_whether_to_pay_at_once_is_answered_in_the_middle() -> None:
    assert "ยังไม่ต้องจ่าย" in _words(at_step("id_number", _chat()).say("เสร็จแล้วจ่ายเงินเลยไหม"))
