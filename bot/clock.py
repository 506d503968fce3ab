"""The time at the edges; everything inside is given it."""

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """Milliseconds since 1970, as LINE counts and the hot tables keep them."""
    return time.time_ns() // 1_000_000


def utc(ms: int) -> datetime:
    """The aware datetime of a moment in milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def ms_of(moment: datetime) -> int:
    """The milliseconds of an aware datetime."""
    return int(moment.timestamp() * 1000)
