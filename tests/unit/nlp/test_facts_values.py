"""What holds between the numbers of the law, whatever they are."""

import pytest

from nlp.facts import Fact, book, facts_on

ROWS = [(key, row) for key, rows in book().rows.items() for row in rows]
_AMOUNTS = {"baht", "baht_per_month", "baht_per_day", "months", "years", "days", "times", "persons"}


def _pairs(small: str, large: str) -> list[tuple[str, str]]:
    """Keys of the same group that end in `small` and in `large`."""
    return [
        (key, key.replace(small, large))
        for key in book().rows
        if small in key and key.replace(small, large) in book().rows
    ]


def _values_of_both(key: str, other: str) -> list[tuple[int, int]]:
    """The values of two keys on the first day of every row of the second that has both."""
    starts = [row.effective_from or book().history_from for row in book().rows[other]]
    laws = [facts_on(day) for day in starts]
    return [(law[key], law[other]) for law in laws if key in law and other in law]


@pytest.mark.parametrize(("key", "row"), ROWS, ids=[key for key, _ in ROWS])
def test_a_fact_is_backed_as_well_as_it_says(key: str, row: Fact) -> None:
    assert row.confidence in ("A", "B", "C")
    assert row.confidence == "C" or row.sources
    if row.unit in _AMOUNTS:
        assert isinstance(row.value, int)
        assert row.value > 0


@pytest.mark.parametrize(
    ("small", "large"),
    [*_pairs("_paid", "_window"), *_pairs(".paid", ".window"), *_pairs(".min", ".max")],
)
def test_a_part_is_no_more_than_its_whole(small: str, large: str) -> None:
    pairs = _values_of_both(small, large)
    assert pairs
    assert all(part <= whole for part, whole in pairs)


@pytest.mark.parametrize(("cheap", "dear"), _pairs("option2", "option3"))
def test_a_dearer_option_gives_no_less(cheap: str, dear: str) -> None:
    pairs = _values_of_both(cheap, dear)
    assert pairs
    assert all(less <= more for less, more in pairs)
