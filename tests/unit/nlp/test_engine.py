"""Messages understood, in every mode, and no text of any kind that hurts."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.engine import Engine, understand
from nlp.intents import Intent
from nlp.understanding import Entities, Outcome, Topic, Understanding

TODAY = date(2026, 11, 25)
_random = Random(40)
HOSTILE = {
    "ambiguous": "ตากลม" * 800,
    "one letter": "ก" * 5000,
    "emoji": "😀" * 5000,
    "lone surrogates": "\ud800" * 500,
    "nul": "\x00" * 5000,
    "right to left": "مرحبا " * 800,
    "one number": "1" * 5000,
    "numbers": "1 " * 2500,
    "Thai digits": "๑" * 3000,
    "number words": "สามร้อย" * 700,
    "options": "ทางเลือก 1 " * 400,
    "dates": "เดือนที่แล้ว 1 มกราคม 2569 " * 200,
    "slashes": "1/1/2569 " * 500,
    "places": "ขอนแก่น อำเภอเมือง " * 250,
    "questions": "สมัครยังไง " * 300,
    "vowels": "ำ" * 3000,
    "tone marks": "่" * 3000,
    "wrong layout": "l,y8i" * 900,
    "years": "ปี" * 2500,
    "ages": "อายุ" * 1200,
    "section signs": "ม.40 " * 1000,
    "Thai letters": "".join(chr(_random.randrange(0x0E00, 0x0E60)) for _ in range(5000)),
    "any letters": "".join(chr(_random.randrange(1, 0xD800)) for _ in range(5000)),
    "long words": "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ" * 110,
}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("สวัสดีค่ะ", Intent.GREET),
        ("สมัครยังไง", Intent.REGISTER_HOW),
        ("ม.40 จ่ายเดือนละเท่าไหร่", Intent.CONTRIBUTION_RATE),
        ("ทางเลือก 2 กับ 3 ต่างกันยังไง", Intent.COMPARE_OPTIONS),
        ("แม่เพิ่งเสีย แกส่งอยู่ พอมีเงินช่วยค่าทำศพไหม", Intent.BENEFIT_DEATH),
        ("ลืมจ่ายไปสองเดือน สิทธิ์หายไหม", Intent.PAYMENT_ARREARS),
        ("พรุ่งนี้ฝนจะตกไหม", Intent.OUT_OF_SCOPE),
        ("ขอคุยกับเจ้าหน้าที่ที่เป็นคน", Intent.TALK_TO_STAFF),
    ],
)
def test_plain_questions_are_understood_in_every_mode(
    any_engine: Engine, text: str, intent: Intent
) -> None:
    assert any_engine.understand(text, today=TODAY).intent is intent


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_neither_raises_nor_takes_long(any_engine: Engine, name: str) -> None:
    any_engine.understand(HOSTILE[name], today=TODAY)
    began = time.process_time()
    any_engine.understand(HOSTILE[name], today=TODAY)
    assert time.process_time() - began < 0.05


@given(st.text(alphabet=st.characters(), max_size=5000))
@settings(max_examples=150, deadline=None)
def test_any_text_is_understood_as_something(text: str) -> None:
    said = understand(text, today=TODAY)
    assert 0 <= said.confidence <= 1
    assert len(said.suggestions) <= 3


_PIECES = st.sampled_from(
    ["สมัคร", "ทางเลือก ", "1", "2", "3", " ", "อายุ", "สิบ", "ร้อย", "บาท", "เดือน", "ปี",
     "ที่แล้ว", "มกราคม ", "/", "เกิด", "25", "๐", "ขอนแก่น", "อำเภอ", "เมือง", "ไหม", "บ่", "ม.40",
     "ลูก", "คน", "นอน", "รพ", "วัน", "แล้ว", "."]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_mix_of_the_rules_words_is_understood_as_something(text: str) -> None:
    entities = understand(text, today=TODAY).entities
    assert entities.age is None or 0 <= entities.age <= 115
    assert entities.option is None or entities.options == (entities.option,)


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "?!?", "\x00", "\ud800"])
def test_a_message_without_words_is_out_of_scope(engine: Engine, text: str) -> None:
    said = engine.understand(text, today=TODAY)
    assert (said.intent, said.outcome, said.suggestions) == (
        Intent.OUT_OF_SCOPE,
        Outcome.UNKNOWN,
        (),
    )


def test_two_questions_are_both_understood(engine: Engine) -> None:
    said = engine.understand("สมัครยังไง จ่ายเท่าไหร่", today=TODAY)
    assert [said.intent, *(o.intent for o in said.others)] == [
        Intent.REGISTER_HOW,
        Intent.CONTRIBUTION_RATE,
    ]


def test_a_story_before_the_question_is_no_second_question(engine: Engine) -> None:
    assert (
        engine.understand("รถล้มขาหัก ไม่รู้จะทำยังไง นอนโรงบาลสามคืน ได้เงินวันละเท่าไหร่", today=TODAY).others
        == ()
    )


def test_a_follow_up_asks_the_last_question_again(engine: Engine) -> None:
    topic = Topic(Intent.CONTRIBUTION_RATE, Entities(option=2, options=(2,)))
    said = engine.understand("แล้วทางเลือก 3 ล่ะ", topic, TODAY)
    assert (said.intent, said.entities.option, said.outcome) == (
        Intent.CONTRIBUTION_RATE,
        3,
        Outcome.ANSWER,
    )


def test_the_masked_text_is_kept_and_not_the_number(engine: Engine) -> None:
    said = engine.understand("เลขบัตร 1-2345-67890-12-3 โทร 081-234-5678", today=TODAY)
    assert not any(c.isdigit() for c in said.text)


def test_the_same_question_of_another_option_has_the_same_confidence(engine: Engine) -> None:
    two, three = (engine.understand(f"ทางเลือก {n} จ่ายเท่าไหร่", today=TODAY) for n in (2, 3))
    assert two.intent is three.intent is Intent.CONTRIBUTION_RATE
    assert (two.entities.option, three.entities.option) == (2, 3)


def test_threads_share_an_engine(engine: Engine) -> None:
    texts = ["สมัครยังไง", "จ่ายที่ไหน", "ขอบคุณค่ะ", "แม่เสียแล้วได้เงินไหม"] * 20
    alone: list[Understanding] = [engine.understand(text, today=TODAY) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: engine.understand(text, today=TODAY), texts))
    assert together == alone
