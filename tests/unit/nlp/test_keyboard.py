"""Text typed in the wrong layout is turned round; all other text is left alone."""

import pytest
from pythainlp.util import thai_to_eng

from nlp.keyboard import turned_round


@pytest.mark.parametrize(
    "meant",
    [
        "สมัครประกันสังคม",
        "จ่ายเงินที่ไหน",
        "ทางเลือกไหนดี",
        "ขอบคุณครับ",
        "สวัสดีค่ะ",
        "ต้องใช้เอกสารอะไรบ้าง",
        "นอนโรงพยาบาลได้เงินไหม",
        "ขอเบอร์โทรหน่อย",
    ],
)
def test_thai_typed_with_the_english_layout(meant: str) -> None:
    assert turned_round(thai_to_eng(meant)) == meant


def test_english_typed_with_the_thai_layout() -> None:
    assert turned_round("้ำสสน") == "hello"


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "how to apply?",
        "sso.go.th",
        "covid-19",
        "a4",
        "www.sso.go.th",
        "e-self service",
        "promptpay",
        "สมัครยังไง",
        "m.40",
        "asdf",
        "ok",
        "5555",
        "line id",
        "section 40 fee",
        "",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert turned_round(text) == text
