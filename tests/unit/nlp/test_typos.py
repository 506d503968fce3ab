"""Mistakes that training adds: each kind makes its own and no others."""

from random import Random

import pytest

from nlp.typos import by_shape, by_sound, drawn_out, marks, mistyped, slips, spacing

TEXT = "สมัครมาตรา 40 ที่ขอนแก่น ต้องจ่ายเดือนละเท่าไหร่คะ"


def differences(one: str, other: str) -> int:
    """Places in which two texts of one length differ."""
    assert len(one) == len(other)
    return sum(a != b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("seed", range(20))
def test_a_slip_is_one_key_or_few(seed: int) -> None:
    slipped = slips(TEXT, Random(seed), 0.0)
    assert abs(len(slipped) - len(TEXT)) <= 1
    assert slips(TEXT, Random(seed), 0.5) != TEXT


def test_spelling_by_ear_writes_sounds_and_drops_clusters() -> None:
    heard = {by_sound("สมัคร น้ำ", Random(seed), 0.5) for seed in range(60)}
    assert any("นัม" in h or "น้ัม" in h for h in heard)
    assert any(h[0] in "ศษซ" for h in heard)
    assert any("สมัค " in h for h in heard)


def test_shapes_change_letters_and_not_how_many() -> None:
    assert differences(by_shape(TEXT, Random(1), 0.3), TEXT) > 3
    assert by_shape(TEXT, Random(1), 0.0) == TEXT


def test_marks_go_missing_and_nothing_else_does() -> None:
    bare = [c for c in TEXT if c not in "่้๊๋์็"]
    for seed in range(20):
        marked = marks(TEXT, Random(seed), 0.2)
        assert [c for c in marked if c not in "่้๊๋์็"] == bare
        assert len(marked) <= len(TEXT)
        assert marked != TEXT


def test_letters_are_held_down_and_spaces_slip() -> None:
    long = drawn_out(TEXT, Random(2), 0.2)
    assert len(long) > len(TEXT)
    assert {spacing(TEXT, Random(s), 0.1).replace(" ", "") for s in range(9)} == {
        TEXT.replace(" ", "")
    }
    assert " " not in spacing(TEXT, Random(2), 0.1) or " " not in spacing(TEXT, Random(3), 0.1)


def test_the_same_chance_makes_the_same_mistakes() -> None:
    assert [mistyped(TEXT, Random(n)) for n in range(9)] == [
        mistyped(TEXT, Random(n)) for n in range(9)
    ]
    assert len({mistyped(TEXT, Random(n)) for n in range(50)}) > 40


@pytest.mark.parametrize("text", ["", "ก", " ", "a"])
def test_nothing_is_too_short(text: str) -> None:
    for seed in range(50):
        mistyped(text, Random(seed))
