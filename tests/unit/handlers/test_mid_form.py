"""While the form asks: a question is never taken for an answer, nor an answer for a question."""

from pathlib import Path

import pytest

from handlers.effects import AskStaff
from handlers.form_questions import form_questions
from handlers.memory import MemoryTools, World
from handlers.replies import Say
from handlers.transcript import Chat
from handlers.wording import steps
from nlp.engine import understand
from tests.unit.handlers.fakes import NOW, at_step

TABLE = Path(__file__).parents[2] / "data" / "mid_form.tsv"


def _rows(kind: str) -> list[tuple[str, str]]:
    lines = (li.split("\t") for li in TABLE.read_text("utf-8").splitlines() if li[0] != "#")
    return [(step, text) for step, is_a, text in lines if is_a == kind]


def _chat_at(step: str) -> Chat:
    """As in earnest: the real reading of words, all steps before this one answered."""
    return at_step(step, Chat(MemoryTools(NOW, "me", World(), hear=understand)))


@pytest.mark.parametrize(("step", "text"), _rows("question"))
def test_a_question_is_never_taken_for_an_answer(step: str, text: str) -> None:
    chat = _chat_at(step)
    chat.say(text)
    assert chat.talk.form is not None
    assert step not in chat.talk.form.answers


@pytest.mark.parametrize(("step", "text"), _rows("answer"))
def test_an_answer_is_never_taken_for_a_question(step: str, text: str) -> None:
    """It is stored, completed by a question of ours, or ends the form («ไม่ยินยอม»)."""
    chat = _chat_at(step)
    before = chat.talk.topic
    chat.say(text)
    assert chat.talk.topic == before
    form = chat.talk.form
    assert form is None or form.partial or step in form.answers


@pytest.mark.parametrize(
    ("step", "text", "told"),
    [
        ("consent", "เสียเงินไหมก่อนจะยินยอม", "ไม่เสียเงินค่ะ"),
        ("schemes", "33 กับ 40 ต่างกันยังไง", "มาตรา 33 คือ"),
        ("name", "สมัครเสร็จแล้วจ่ายที่ไหน", "จ่าย"),
        ("name", "ใช้ชื่อลูกแทนได้ไหม", "คนที่จะสมัคร"),
        ("id_number", "ไม่บอกเลขบัตรได้ไหม", "กด ข้าม"),
        ("phone", "จะโทรมาเมื่อไหร่", "28 พฤศจิกายน 2569"),
        ("phone", "ไม่มีโทรศัพท์ทำได้ไหม", "เบอร์ญาติ"),
        ("address", "ย้ายบ้านบ่อยทำไง เป็นไรไหม", "พิมพ์ แก้ไข"),
        ("occupation", "รายได้เท่าไหร่ถึงทำได้", "1506"),
        ("option", "เปลี่ยนทีหลังได้ไหม", "เปลี่ยนทางเลือก"),
        ("contact_time", "กี่วันถึงจะโทรมา", "28 พฤศจิกายน 2569"),
        ("contact_time", "โทรมาเสียเงินไหม", "ไม่เสียเงิน"),
    ],
)
def test_a_question_about_the_form_is_answered_and_the_step_asked_again(
    step: str, text: str, told: str
) -> None:
    chat = _chat_at(step)
    assert chat.talk.form is not None
    before = dict(chat.talk.form.answers)
    decision = chat.say(text)
    said = "\n".join(m.text for m in decision.replies.messages if isinstance(m, Say))
    assert told in said
    assert steps()[step].ask.split("\n")[-1].partition("}")[2] in said
    assert chat.talk.form is not None
    assert chat.talk.form.at == step
    assert chat.talk.form.answers == before


def test_a_number_given_with_a_question_about_the_call_is_kept() -> None:
    chat = _chat_at("phone")
    decision = chat.say("0812345678 จะโทรมาวันไหนคะ")
    assert chat.talk.form is not None
    assert chat.talk.form.answers["phone"] == "0812345678"
    assert any("28 พฤศจิกายน" in m.text for m in decision.replies.messages if isinstance(m, Say))


def test_a_question_without_an_answer_is_owned_to_and_the_step_asked_again() -> None:
    chat = _chat_at("address")
    said = [m.text for m in chat.say("แถวนี้มีร้านข้าวมันไก่ไหม").replies.messages if isinstance(m, Say)]
    assert len(said) > 1
    assert "ตำบล อำเภอ จังหวัด" in said[-1]


@pytest.mark.parametrize("name", sorted(form_questions()))
def test_a_question_about_the_form_has_words_in_both_languages_or_an_answer(name: str) -> None:
    question = form_questions()[name]
    assert bool(question.th) == bool(question.en)
    assert question.th or question.intent
    assert question.steps <= set(steps())


@pytest.mark.parametrize(
    ("step", "text", "changed", "value"),
    [
        ("schemes", "เอ้ย ไม่ใช่ 12 ส.ค. 2522", "birth_date", "1979-08-12"),
        ("address", "ไม่ใช่ๆ เบอร์ 0812345679", "phone", "0812345679"),
        ("contact_time", "เปลี่ยนเป็นทางเลือก 3", "option", "3"),
    ],
)
def test_an_earlier_answer_said_anew_is_changed(
    step: str, text: str, changed: str, value: str
) -> None:
    chat = _chat_at(step)
    chat.say(text)
    assert chat.talk.form is not None
    assert chat.talk.form.answers[changed] == value
    assert chat.talk.form.at == step


def test_a_corrected_name_is_no_refusal_to_give_the_id_number() -> None:
    chat = _chat_at("id_number")
    chat.say("เดี๋ยว ชื่อผิด ต้องเป็น นางสมใจ ดีงามยิ่ง")
    assert chat.talk.form is not None
    assert "id_number" not in chat.talk.form.answers
    assert chat.talk.form.answers["name"] == {"title": "นาง", "first": "สมใจ", "last": "ดีงามยิ่ง"}


@pytest.mark.parametrize("step", ["phone", "name", "option"])
def test_a_wish_when_to_be_called_is_kept_and_calls_nobody(step: str) -> None:
    chat = _chat_at(step)
    decision = chat.say("โทรมาตอนเย็นนะ")
    assert chat.talk.form is not None
    assert chat.talk.form.at == step
    assert chat.talk.form.answers["contact_time"] == "evening"
    assert not any(isinstance(effect, AskStaff) for effect in decision.effects)


def test_a_number_and_when_to_call_are_both_kept() -> None:
    chat = _chat_at("phone")
    chat.say("0812345678 โทรหลังสี่โมงเย็นนะคะ")
    assert chat.talk.form is not None
    assert chat.talk.form.answers["phone"] == "0812345678"
    assert chat.talk.form.answers["contact_time"] == "evening"


@pytest.mark.parametrize("said", ["ไม่มีบัตรประชาชน", "บัตรหาย"])
def test_no_card_is_not_another_card(said: str) -> None:
    chat = _chat_at("card")
    decision = chat.say(said)
    assert chat.talk.form is not None
    assert "card" not in chat.talk.form.answers
    assert "บัตรหายหรือหมดอายุ" in next(
        m.text for m in decision.replies.messages if isinstance(m, Say)
    )


@pytest.mark.parametrize("step", ["name", "phone", "occupation"])
@pytest.mark.parametrize(
    "said", ["ไปรับลูกก่อนนะ", "ไปขายของก่อน เดี๋ยวมาทำต่อนะ", "พรุ่งนี้ค่อยทำต่อ", "แป๊บนะคะ"]
)
def test_somebody_who_must_go_finds_the_form_as_it_was(step: str, said: str) -> None:
    chat = _chat_at(step)
    decision = chat.say(said)
    assert "สมัครต่อ" in next(m.text for m in decision.replies.messages if isinstance(m, Say))
    assert chat.talk.form is not None
    assert chat.talk.form.at == step
    assert step not in chat.talk.form.answers
