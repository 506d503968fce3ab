"""Sums of people's own cases, from their words to the baht."""

from datetime import date

import pytest

from nlp import understand
from nlp.answers import answer
from nlp.understanding import Outcome, Topic

TODAY = date(2026, 11, 25)


def told(*said: str) -> str:
    """What the bot says to the last of the messages of one talk."""
    topic: Topic | None = None
    bubbles: tuple[str, ...] = ()
    for text in said:
        heard = understand(text, topic, TODAY)
        assert heard.outcome is Outcome.ANSWER, text
        topic = Topic(heard.intent, heard.entities)
        bubbles = answer(heard.intent, heard.entities, today=TODAY).bubbles
    return "\n".join(bubbles)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (("รถล้ม นอนโรงพยาบาลเจ็ดวัน แล้วหมอให้พักอีกสิบวัน ได้เท่าไหร่",), ["4,100", "2,100", "2,000"]),
        (("นอนโรงบาล 3 วัน แล้วไปหาหมออีก 2 ครั้ง ได้กี่บาท",), ["1,300", "900", "400"]),
        (("ไปหาหมอ 5 ครั้งได้เท่าไหร่",), ["600", "ไม่เกิน 3 ครั้ง"]),
        (("นอน รพ. 20 วัน พักที่บ้านอีก 20 วัน ได้กี่บาท",), ["ไม่มีข้อมูลยืนยัน", "1506"]),
        (("นอน รพ. 20 วัน พักที่บ้านอีก 20 วัน ได้กี่บาท", "ทางเลือก 3 ล่ะ"), ["10,000"]),
        (("ถ้านอนโรงพยาบาลได้เท่าไหร่",), ["วันละ 300", "3 ใน 4 เดือน"]),
        (("มีลูก 3 คน อายุ 2 8 แล้วก็ 9 ขวบ ทางเลือก 3 ได้เดือนละเท่าไหร่",), ["1 คน", "เดือนละ 300 บาท"]),
        (("ลูก 8 ขวบกับ 10 ขวบ ได้เงินไหม",), ["เกินเกณฑ์หมด"]),
        (("ลูกสองคน 7 ขวบ กับ 3 ขวบ ได้เดือนละเท่าไหร่",), ["แน่ ๆ 1 คน", "1506"]),
    ],
)
def test_a_case_told_in_parts_is_summed_part_by_part(
    said: tuple[str, ...], wanted: list[str]
) -> None:
    answered = told(*said)
    for words in wanted:
        assert words in answered
