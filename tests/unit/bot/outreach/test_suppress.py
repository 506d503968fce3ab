"""Small figures: hidden, and not to be worked out from the sum."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.outreach.board import pace
from bot.outreach.suppress import FEWEST, column


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_no_small_figure_is_shown_nor_left_alone(numbers: list[int]) -> None:
    shown = column(numbers)
    assert all(n is None or n == 0 or n >= FEWEST for n in shown)
    assert all(n is None or n == numbers[at] for at, n in enumerate(shown))
    small = sum(0 < n < FEWEST for n in numbers)
    if small == 1 and sum(n > 0 for n in numbers) > 1:
        assert sum(n is None for n in shown) == 2
    if small == 0:
        assert shown == numbers


def test_the_pace_is_whole_people_a_week_and_never_below_zero() -> None:
    day = date(2026, 11, 25)
    assert pace(100, 0, date(2026, 12, 9), day) == 50
    assert pace(100, 1, date(2026, 12, 9), day) == 50
    assert pace(100, 0, date(2026, 12, 10), day) == 34
    assert pace(100, 120, date(2026, 12, 9), day) == 0
    assert pace(7, 0, date(2026, 11, 1), day) == 7
