"""Words in central Thai, and skeletons in which spellings meet."""

import pytest

from nlp.tokens import central_thai, cut, dialect, skeleton, words


@pytest.mark.parametrize(
    ("said", "central"),
    [
        ("เฮ็ดจั่งใด๋", "ทำอย่างไร"),
        ("สิได้หยังบ่", "จะได้อะไรไหม"),
        ("บ่มีเงิน", "ไม่มีเงิน"),
        ("จ่ายจักบาท", "จ่ายกี่บาท"),
        ("ทำพรื่อ", "ทำอย่างไร"),
        ("จ่ายเต้าใด", "จ่ายเท่าไหร่"),
        ("สมัครยังไง", "สมัครอย่างไร"),
    ],
)
def test_dialect_becomes_central_thai(said: str, central: str) -> None:
    assert central_thai(said) == central


def test_isan_bo_asks_at_the_end_and_denies_before_a_verb() -> None:
    assert words("บ่ต้องจ่ายบ่")[0] == "ไม่"
    assert words("บ่ต้องจ่ายบ่")[-1] == "ไหม"


@pytest.mark.parametrize(
    ("one", "other"),
    [("สมัคร", "สมคร"), ("ทุพพลภาพ", "ทุพลภาพ"), ("ประกันสังคม", "ประกันสังคมม"), ("สิทธิ์", "สิทธ"),
     ("เท่าไหร่", "เทาไหร"), ("นอน โรงบาล", "นอนโรงบาล")],
)  # fmt: skip
def test_spellings_of_a_word_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_different_words_keep_different_skeletons() -> None:
    assert len({skeleton(w) for w in ("จ่าย", "ส่ง", "ตาย", "ป่วย", "ออม", "ลาออก", "คลอด")}) == 7


def test_cutting_loses_nothing() -> None:
    text = "แม่เพิ่งเสีย ไม่รู้จะเอาเงินไหนทำบุญ มาตรา 40 ทางเลือก 2"
    assert "".join(cut(text)) == text


def test_the_lexicon_maps_to_words_that_stand_for_themselves() -> None:
    loops = {
        w: c
        for w, c in dialect().items()
        if c in dialect() and dialect()[c] not in (c, dialect().get(c))
    }
    assert not loops
    assert all(word != central for word, central in dialect().items())
