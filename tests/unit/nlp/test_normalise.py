"""One spelling for what people type, and private numbers gone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.normalise import ID_MASK, MAX_HEAD, MAX_TAIL, PHONE_MASK, mask_private, normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("มากกกกก", "มาก"),
        ("ค่าาาา", "ค่า"),
        ("ม.40", "มาตรา 40"),
        ("ม40", "มาตรา 40"),
        ("ม. 40", "มาตรา 40"),
        ("มาตรา๔๐", "มาตรา 40"),
        ("มาตราสี่สิบ", "มาตรา 40"),
        ("มาตรา 33", "มาตรา 33"),
        ("section 40", "มาตรา 40"),
        ("m.40", "มาตรา 40"),
        ("7-11 ได้ปะ", "เซเว่น ได้ปะ"),
        ("จ่ายที่7-Eleven", "จ่ายที่เซเว่น"),
        ("ลูก 7-11 ขวบ", "ลูก 7-11 ขวบ"),
        ("บ้านเลขที่ 17-11", "บ้านเลขที่ 17-11"),
        ("ม.4 สมัครได้ไหม", "ม.4 สมัครได้ไหม"),
        ("๓๐๐ บาท", "300 บาท"),
        ("สมัคร\u200bเลย", "สมัครเลย"),
        ("นํ้า", "น้ำ"),
        ("เเม่", "แม่"),
        ("สวัสดี😀😀", "สวัสดี"),
        ("อะไร????", "อะไร?"),
        ("HELLO", "hello"),
        ("  สอง   เว้น ", "สอง เว้น"),
        ("ก\x00ข", "ก ข"),
        ("\ud800ก", "ก"),
        ("", ""),
    ],
)
def test_a_spelling(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("เลขบัตร 1-2345-67890-12-3 ค่ะ", f"เลขบัตร {ID_MASK} ค่ะ"),
        ("1234567890123", ID_MASK),
        ("1 2345 67890 12 3", ID_MASK),
        ("๑๒๓๔๕๖๗๘๙๐๑๒๓", ID_MASK),
        ("โทร 0812345678", f"โทร {PHONE_MASK}"),
        ("081-234-5678", PHONE_MASK),
        ("081 234 5678", PHONE_MASK),
        ("๐๘๑-๒๓๔-๕๖๗๘", PHONE_MASK),
        ("+66 81 234 5678", PHONE_MASK),
        ("+66812345678", PHONE_MASK),
        ("02-956-2345", PHONE_MASK),
        ("บัญชี 123-4-56789-0", "บัญชี [ตัวเลข]"),
        ("โทร 1506", "โทร 1506"),
        ("ปี 2569", "ปี 2569"),
        ("25,000 บาท", "25,000 บาท"),
    ],
)
def test_private_numbers_are_masked(typed: str, read: str) -> None:
    assert mask_private(typed) == read


def test_a_long_story_keeps_its_opening_and_its_question() -> None:
    text = normalise("ยายเล่าให้ฟัง " + "ก ข ค ง จ " * 200 + " แล้วต้องจ่ายเท่าไหร่คะ")
    assert text.startswith("ยายเล่าให้ฟัง")
    assert text.endswith("ต้องจ่ายเท่าไหร่คะ")
    assert len(text) <= MAX_HEAD + MAX_TAIL + 1


@given(st.text(alphabet=st.characters(), max_size=400))
@settings(max_examples=300, deadline=None)
def test_nothing_private_or_broken_is_left_in_any_text(text: str) -> None:
    read = normalise(text)
    read.encode("utf-8")
    assert not any("\ue000" <= c <= "\uf8ff" or c < " " for c in read)
    assert len(read) <= 2 * (MAX_HEAD + MAX_TAIL)


@given(
    st.lists(st.sampled_from("0123456789๐๑๒๓๔๕๖๗๘๙"), min_size=13, max_size=13),
    st.sampled_from(["", " ", "-"]),
)
@settings(max_examples=200, deadline=None)
def test_no_national_id_survives(digits: list[str], between: str) -> None:
    assert sum(c.isdigit() for c in normalise("เลขบัตร " + between.join(digits) + " ค่ะ")) == 0
