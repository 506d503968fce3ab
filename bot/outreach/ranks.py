"""What may still be pushed this month: the weightier a message, the more of it it may use.

Replies are free and never counted. Low ranks stop early, so that word of a registration goes out to
the month's last day.
"""

from enum import StrEnum

from db.budget import Month


class Rank(StrEnum):
    """Why a message is pushed, the weightiest first."""

    STATUS = "status"
    DEADLINE = "deadline"
    NUDGE = "nudge"
    NEWS = "news"


SHARES = {Rank.STATUS: 1.0, Rank.DEADLINE: 0.95, Rank.NUDGE: 0.85, Rank.NEWS: 0.7}
"""The part of the month's messages up to which a rank may push."""


def left(month: Month | None, rank: Rank) -> int:
    """How many messages of this rank may still go out; none before LINE was asked."""
    if month is None:
        return 0
    return max(int(month.limit * SHARES[rank]) - month.used, 0)
