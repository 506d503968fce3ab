"""Small cells: figures of outreach are shown in whole fives, rounded down, and «<5» below that.

A figure from 1 to 4 could point at people. Hiding it alone is not enough: it is the sum of a place
less its neighbours, the place's own page less a level below, or today's figure less yesterday's.
Of figures in whole fives each difference is a whole five too, and leaves a small cell anywhere
between nobody and four. (The one exception: of exactly 5, 10, … neighbours each ends in 4 or 9;
then the sum says so. For five that is one case in three thousand.)
"""

STEP = 5
Shown = int | None
"""A figure, or None for «fewer than five», nobody included."""


def cell(number: int) -> Shown:
    """The figure as it is shown, everywhere outside the officers' own lists."""
    return number - number % STEP if number >= STEP else None
