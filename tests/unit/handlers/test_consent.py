"""No personal answer is kept before the consent, and none after a refusal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.effects import EraseMe, SubmitRegistration
from tests.unit.handlers.fakes import STRAIGHT, at_step, new_chat

PERSONAL = {"name", "id_number", "phone", "address", "birth_date"}
SAID = st.sampled_from([text for _, text in STRAIGHT[1:]] + ["บุญมี 0812345678", "ไม่รู้", "?"])


@settings(max_examples=60)
@given(st.lists(SAID, max_size=5))
def test_nothing_personal_is_kept_before_the_consent(said: list[str]) -> None:
    chat = new_chat()
    chat.say("สมัคร")
    for text in said:
        chat.say(text)
    form = chat.talk.form
    assert form is None or form.consent_at or not PERSONAL & set(form.answers)


def test_a_refusal_leaves_nothing() -> None:
    chat = new_chat()
    chat.say("สมัคร")
    chat.say("ไม่ยินยอม")
    assert chat.talk.form is None
    assert chat.tools.world.leads == []


def test_the_consent_is_handed_over_with_its_text_and_moment() -> None:
    chat = new_chat()
    for text in ("สมัคร", *(text for _, text in STRAIGHT), "ส่งเลย"):
        decision = chat.say(text)
    sent = next(e for e in decision.effects if isinstance(e, SubmitRegistration))
    assert sent.consent.version
    assert sent.consent.at == chat.tools.now
    assert sent.consent.read_by == ""


def test_a_helper_is_named_in_the_consent_of_another() -> None:
    chat = new_chat()
    answers = dict(STRAIGHT)
    for text in ("สมัคร", "สมัครให้คนอื่น", "ลูก", "ยินยอม อ่านเองได้"):
        chat.say(text)
    for step, text in answers.items():
        if step != "consent":
            chat.say(text)
    decision = chat.say("ส่งเลย")
    sent = next(e for e in decision.effects if isinstance(e, SubmitRegistration))
    assert (sent.consent.relationship, sent.consent.read_by) == ("family", "person")
    assert sent.for_other


def test_erasing_empties_the_talk() -> None:
    chat = new_chat()
    for text in ("สมัคร", *(text for _, text in STRAIGHT[:6]), "ลบข้อมูล"):
        chat.say(text)
    decision = chat.say("ใช่")
    assert EraseMe() in decision.effects
    assert "บุญมี" not in str(chat.talk.to_json())


@pytest.mark.parametrize(
    "text", ["เสียเงินไหมก่อนจะยินยอม", "เอาข้อมูลไปทำอะไรล่ะ", "ถ้าตกลงแล้วต้องทำอะไรต่อ"]
)
def test_nobody_agrees_by_asking(text: str) -> None:
    chat = at_step("consent")
    chat.say(text)
    assert chat.talk.form is not None
    assert "consent" not in chat.talk.form.answers


def test_a_yes_is_no_relationship() -> None:
    chat = new_chat()
    chat.say("สมัคร")
    chat.say("สมัครให้คนอื่น")
    for text in ("ยินยอม", "ใช่ค่ะ", "ตกลง"):
        chat.say(text)
        assert chat.talk.form is not None
        assert chat.talk.form.at == "relationship"
        assert "relationship" not in chat.talk.form.answers
    chat.say("นายจ้าง")
    assert chat.talk.form is not None
    assert chat.talk.form.answers["relationship"] == "นายจ้าง"
