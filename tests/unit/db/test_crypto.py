"""Sealed cells open only here, only with our keys, and never wrongly."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.crypto import BadKeys, Keyring, OuterKey, Unreadable, outer_keys

RING = Keyring.throwaway()


@given(st.text(st.characters(codec=None)))
def test_every_text_comes_back(words: str) -> None:
    sealed = RING.seal(words, table="t", column="c", row=1)
    assert RING.open(sealed, table="t", column="c", row=1) == words


def test_two_seals_of_one_text_differ() -> None:
    once, twice = (RING.seal("same", table="t", column="c", row=1) for _ in range(2))
    assert once != twice


@pytest.mark.parametrize(
    "place", [{"table": "u"}, {"column": "d"}, {"row": 2}], ids=["table", "column", "row"]
)
def test_a_cell_moved_elsewhere_does_not_open(place: dict[str, object]) -> None:
    here = {"table": "t", "column": "c", "row": 1}
    sealed = RING.seal("x", **here)  # type: ignore[arg-type]
    with pytest.raises(Unreadable):
        RING.open(sealed, **(here | place))  # type: ignore[arg-type]


def test_every_flipped_bit_is_noticed() -> None:
    sealed = RING.seal("0812345678", table="t", column="c", row=1)
    for position in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[position] ^= 1 << bit
            with pytest.raises(Unreadable):
                RING.open(bytes(changed), table="t", column="c", row=1)


@pytest.mark.parametrize("cut", [b"", b"\x01", b"plain text that was never sealed at all"])
def test_what_is_no_cell_is_refused(cut: bytes) -> None:
    with pytest.raises(Unreadable):
        RING.open(cut, table="t", column="c", row=1)


def test_errors_hold_neither_text_nor_row() -> None:
    sealed = RING.seal("secret words", table="t", column="c", row="U123")
    with pytest.raises(Unreadable) as caught:
        RING.open(sealed, table="t", column="c", row="U124")
    assert "U12" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_newest_key_seals_and_all_open() -> None:
    old = Keyring({1: bytes(range(32))}, 1, b"i" * 32)
    sealed = old.seal("x", table="t", column="c", row=1)
    both = Keyring({1: bytes(range(32)), 2: os.urandom(32)}, 2, b"i" * 32)
    assert both.open(sealed, table="t", column="c", row=1) == "x"
    fresh = both.seal("x", table="t", column="c", row=1)
    with pytest.raises(Unreadable):
        old.open(fresh, table="t", column="c", row=1)


def test_a_key_made_elsewhere_is_fetched() -> None:
    made = {1: bytes(range(32)), 2: os.urandom(32)}
    newer = Keyring(dict(made), 2, b"i" * 32)
    older = Keyring({1: made[1]}, 1, b"i" * 32, reload=lambda: made)
    sealed = newer.seal("x", table="t", column="c", row=1)
    assert older.open(sealed, table="t", column="c", row=1) == "x"


def test_blind_indexes_are_equal_for_equal_values_of_one_purpose_only() -> None:
    assert RING.blind_index("id", "1") == RING.blind_index("id", "1")
    assert RING.blind_index("id", "1") != RING.blind_index("phone", "1")
    assert RING.blind_index("id", "1") != Keyring.throwaway().blind_index("id", "1")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        base64.b64encode(b"short").decode(),
        base64.b64encode(bytes(range(32))).decode() + ",",
        base64.b64encode(bytes(range(33))).decode(),
    ],
)
def test_bad_keys_are_refused_and_not_shown(value: str) -> None:
    with pytest.raises(BadKeys) as caught:
        outer_keys(value)
    assert not value or value not in str(caught.value)


def test_keys_are_read_newest_first() -> None:
    new, old = os.urandom(32), os.urandom(32)
    value = f"{base64.b64encode(new).decode()}, {base64.urlsafe_b64encode(old).decode()}"
    assert [key.key for key in outer_keys(value)] == [new, old]


def test_an_outer_key_opens_only_what_it_wrapped() -> None:
    key, other = OuterKey(os.urandom(32)), OuterKey(os.urandom(32))
    wrapped = key.wrap(b"d" * 32, "place")
    assert key.unwrap(wrapped, "place") == b"d" * 32
    for wrong, place in ((other, "place"), (key, "elsewhere")):
        with pytest.raises(Unreadable):
            wrong.unwrap(wrapped, place)


def test_keys_do_not_show_in_a_repr() -> None:
    assert "bytes" not in repr(RING)
    assert "key=" not in repr(OuterKey(os.urandom(32)))
