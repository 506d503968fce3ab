"""A campaign's code survives handwriting: slips are noticed, spaces and small letters aren't."""

import pytest

from db.campaigns import ALPHABET, new_code, normalise


def test_a_new_code_is_good() -> None:
    for _ in range(200):
        code = new_code()
        assert normalise(code) == code


def test_a_code_may_be_typed_as_people_type() -> None:
    code = new_code()
    assert normalise(f" {code[:4].lower()}-{code[4:]} ") == code


def test_any_single_wrong_letter_is_noticed() -> None:
    code = new_code()
    for place in range(len(code)):
        for letter in ALPHABET.replace(code[place], ""):
            assert normalise(code[:place] + letter + code[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "K7M2", "O0I1L0O0", "กกกกกกกก", "1" * 50])
def test_what_is_no_code_is_none(text: str) -> None:
    assert normalise(text) is None
