"""No text of any kind breaks a parser, or costs a person an answer given before."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.registration import REGISTRATION
from handlers.steps.outcome import Heard, Invalid, More
from tests.unit.handlers.fakes import STRAIGHT, TODAY, at_step

THAI = "กขคงจฉชซญดตถทนบปผพฟมยรลวสหอฮะาิีึืุูเแโใไ่้๊๋์ๆฯ๐๑๒๓๔๕๖๗๘๙ .,-/()+0123456789"
PIECES = st.sampled_from(
    [
        "5",
        "มค",
        "2520",
        "0812345678",
        "ต.",
        "อ.",
        "จ.",
        "ตำบล",
        "นาดี",
        "สุรินทร์",
        "ไม่",
        "ใช่",
        "เบอร์",
        "ผิด",
        "แก้ชื่อ",
        "เอา",
        "อายุ",
        "ปี",
        "1101700123456",
        "นาง",
        "ทางเลือก",
        "2",
        "สมัคร",
        "?",
        "ไหม",
        "เท่าไหร่",
        "ค่ะ",
        "ย้อน",
        "ข้าม",
        "ม.33",
        "กอช",
        "เช้า",
        "บ่าย",
        "3",
        "โมง",
        "ยินยอม",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.text(THAI, max_size=120),
    st.lists(PIECES, max_size=8).map(" ".join),
    st.lists(PIECES, max_size=8).map("".join),
)
STEPS = [step.id for step in REGISTRATION.steps]
STEPS_OF_ONE = [name for name, _ in STRAIGHT]


@pytest.mark.parametrize("step_id", STEPS)
@given(text=TEXTS)
def test_a_parser_gives_a_value_or_says_why_not(step_id: str, text: str) -> None:
    step = REGISTRATION.step(step_id)
    assert step is not None
    try:
        value = step.parser.read(text, Heard(TODAY))
    except Invalid as refusal:
        said, known = refusal.code, step.parser.invalid
    except More as more:
        said, known = more.code, step.parser.more
    else:
        said, known = "value", ("value",) if value else ()
    assert said in known


@pytest.mark.parametrize("step_id", [name for name, _ in STRAIGHT[1:]])
@settings(max_examples=25)
@given(texts=st.lists(TEXTS, min_size=1, max_size=3))
def test_no_text_loses_the_answers_given_before(step_id: str, texts: list[str]) -> None:
    chat = at_step(step_id)
    before = set(chat.talk.form.answers) if chat.talk.form else set()
    for text in texts:
        decision = chat.send_text(text)
        assert decision.replies.messages
        if chat.talk.form is None:
            return
    assert chat.talk.form is not None
    assert before <= set(chat.talk.form.answers)


@pytest.mark.parametrize("text", ["ก" * 5000, "1-" * 2500, "(เล่น" * 1000, "5 มค " * 1000])
def test_a_pasted_page_is_heard_in_no_time(text: str) -> None:
    for step_id in STEPS_OF_ONE:
        chat = at_step(step_id)
        begun = time.perf_counter()
        assert chat.send_text(text).replies.messages
        assert time.perf_counter() - begun < 1
