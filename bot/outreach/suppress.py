"""Small cells: a figure from 1 to 4 could point at people, so it is not shown, and cannot be
worked out from its neighbours and their sum either.
"""

from collections.abc import Sequence

FEWEST = 5
Shown = int | None
"""A figure, or None for «fewer than five»."""


def hidden(number: int) -> bool:
    """Whether a figure is too small to be shown. Nobody at all points at nobody."""
    return 0 < number < FEWEST


def cell(number: int) -> Shown:
    """One figure by itself."""
    return None if hidden(number) else number


def column(numbers: Sequence[int]) -> list[Shown]:
    """Figures whose sum is shown too: one small figure alone hides the next smallest with it."""
    shown = [cell(number) for number in numbers]
    gone = [at for at, number in enumerate(shown) if number is None]
    if len(gone) == 1:
        others = [at for at, number in enumerate(shown) if number]
        if others:
            shown[min(others, key=lambda at: (numbers[at], at))] = None
    return shown
