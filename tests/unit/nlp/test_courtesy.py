"""Courtesies around a question are dropped; by themselves they stay."""

import pytest

from nlp.courtesy import without_courtesy
from nlp.normalise import normalise


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("สมัครยังไง ขอบคุณค่ะ", "สมัครยังไง"),
        ("สวัสดีค่ะ สบายดีไหมคะ อยากถามว่าสมัครยังไง", "อยากถามว่าสมัครยังไง"),
        ("สวัสดีครับน้อง จ่ายที่ไหน ขอบคุณมากครับ", "จ่ายที่ไหน"),
        ("จ่ายเดือนละเท่าไหร่คะขอบคุณล่วงหน้านะคะ", "จ่ายเดือนละเท่าไหร่คะ"),
        ("ไม่ได้จะเปลี่ยนแบบ จะเลิกเลย", "จะเลิกเลย"),
        ("ไม่ได้ถามเรื่องตาย แต่ถามเรื่องป่วย", "แต่ถามเรื่องป่วย"),
    ],
)
def test_what_is_asked_is_left(said: str, asked: str) -> None:
    assert without_courtesy(normalise(said)) == asked


@pytest.mark.parametrize(
    "said",
    [
        "สวัสดีค่ะ",
        "ขอบคุณมากครับ",
        "ไม่มีอะไรแล้ว ขอบคุณค่ะ",
        "สวัสดีค่ะ สบายดีไหม",
        "เข้าใจแล้วว่าต้องจ่ายที่ไหน ขอบคุณค่ะ",
        "ไม่ได้จะเปลี่ยนแบบ",
        "ไม่ได้ส่งมาสองเดือน จะเป็นไรไหม",
    ],
)
def test_a_greeting_and_thanks_by_themselves_stay(said: str) -> None:
    assert without_courtesy(normalise(said)) == normalise(said)
