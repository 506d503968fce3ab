"""Small figures: hidden, and not to be worked out from sums, other levels or other days."""

import itertools
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.outreach.board import pace
from bot.outreach.suppress import STEP, cell

FAMILY = st.lists(st.integers(0, 40), min_size=2, max_size=6)


def could_be(shown: int | None) -> range:
    """All that a shown figure may stand for."""
    return range(STEP) if shown is None else range(shown, shown + STEP)


def possible(numbers: Sequence[int], at: int) -> set[int]:
    """What somebody who sees a whole column and its sum can say of one cell."""
    total = could_be(cell(sum(numbers)))
    others = [could_be(cell(n)) for i, n in enumerate(numbers) if i != at]
    sums = {sum(each) for each in itertools.product(*others)}
    return {n for n in could_be(cell(numbers[at])) if any(n + rest in total for rest in sums)}


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, None), (1, None), (4, None), (5, 5), (9, 5), (10, 10), (1_234, 1_230)],
)
def test_a_figure_is_shown_in_whole_fives(number: int, shown: int | None) -> None:
    assert cell(number) == shown


@given(FAMILY)
def test_the_sum_does_not_give_a_small_cell_away(numbers: list[int]) -> None:
    assume(len(numbers) % STEP or any(n % STEP != STEP - 1 for n in numbers))
    for at, number in enumerate(numbers):
        if number < STEP:
            assert len(possible(numbers, at)) > 1


@given(st.lists(FAMILY, min_size=2, max_size=3), st.integers(0, 5))
def test_a_level_below_gives_nothing_more_away(tree: list[list[int]], more: int) -> None:
    """The sum of a level, of its parts, and of the same a day later, are all whole fives."""
    figures = [n for part in tree for n in part] + [sum(part) for part in tree]
    figures += [sum(map(sum, tree)), sum(map(sum, tree)) + more]
    differences = {a - b for a in figures for b in figures if cell(a) and cell(b)}
    seen = {
        (cell(a) or 0) - (cell(b) or 0) for a in figures for b in figures if cell(a) and cell(b)
    }
    assert all(n % STEP == 0 for n in seen)
    assert max(differences, default=0) - max(seen, default=0) < STEP


def test_the_pace_is_whole_people_a_week_and_never_below_zero() -> None:
    day = date(2026, 11, 25)
    assert pace(100, 0, date(2026, 12, 9), day) == 50
    assert pace(100, 1, date(2026, 12, 9), day) == 50
    assert pace(100, 0, date(2026, 12, 10), day) == 34
    assert pace(100, 120, date(2026, 12, 9), day) == 0
    assert pace(7, 0, date(2026, 11, 1), day) == 7
