"""Two questions in one message."""

import pytest

from nlp.split import parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("สมัครยังไง จ่ายเท่าไหร่", ["สมัครยังไง", "จ่ายเท่าไหร่"]),
        ("สมัครยังไงแล้วจ่ายเท่าไหร่", ["สมัครยังไง", "จ่ายเท่าไหร่"]),
        ("สมัครที่ไหนคะ แล้วต้องใช้เอกสารอะไรบ้าง", ["สมัครที่ไหนคะ", "ต้องใช้เอกสารอะไรบ้าง"]),
        ("แม่เพิ่งเสีย ได้เงินเท่าไหร่", []),
        ("สมัครยังไง ขอบคุณค่ะ", []),
        ("ดีไหม", []),
        ("", []),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts
