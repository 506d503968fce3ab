"""The orders of a list of leads, and the key by which the next page goes on.

Each order is that of an index (see `Registration`), so that a page costs what it shows.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, literal, tuple_

from db.lead_tables import Registration

NEWEST, OLDEST, DUE = "newest", "oldest", "due"
SORTS = (DUE, NEWEST, OLDEST)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def ordered(chosen: Select[Registration], sort: str, after: str) -> Select[Registration]:
    """The leads in this order, those after the key only. A key that makes no sense is none."""
    column = place_in(sort)
    place = tuple_(column, Registration.id)
    if sort == DUE:
        chosen = chosen.where(column.is_not(None))
    if (there := _read(sort, after)) is not None:
        passed = tuple_(literal(there[0], column.type), literal(there[1], Registration.id.type))
        chosen = chosen.where(place < passed if sort == NEWEST else place > passed)
    if sort == NEWEST:
        return chosen.order_by(column.desc(), Registration.id.desc())
    return chosen.order_by(column, Registration.id)


def place_in(sort: str) -> Any:
    """The column that says where a lead stands in this order, before its number."""
    return Registration.due_on if sort == DUE else Registration.created_at


def key(sort: str, lead: Registration) -> str:
    """Where the next page goes on."""
    if sort == DUE:
        return f"{lead.due_on}_{lead.id}"
    return f"{(lead.created_at - _EPOCH) // _MICROSECOND}_{lead.id}"


def _read(sort: str, after: str) -> tuple[date | datetime, int] | None:
    told, _, number = after.partition("_")
    if not (number.isascii() and number.isdigit()):
        return None
    try:
        if sort == DUE:
            return date.fromisoformat(told), int(number)
        return _EPOCH + int(told) * _MICROSECOND, int(number)
    except (ValueError, OverflowError):
        return None
