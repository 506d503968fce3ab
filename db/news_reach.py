"""How many accounts a piece of news reaches at most, told at once however many leads there are.

A few are counted one by one. Of many the roll-ups say how many leads there ever were: for a choice
of several filters, as many as the rarest of them has.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import figures
from db.broadcasts import conditions
from db.figure_questions import Period
from db.lead_search import Scope
from db.lead_tables import Registration
from db.session import PLANNED_ANEW

EVER = Period(date.min, date(9998, 12, 31))
COUNTED = 2_000


def reach(session: Session, filters: Mapping[str, str]) -> int:
    """Accounts, with those who blocked the bot or want no news."""
    some = select(Registration.owner).where(*conditions(filters)).limit(COUNTED + 1).subquery()
    counts = select(func.count(), func.count(func.distinct(some.c.owner))).select_from(some)
    leads, accounts = session.execute(counts.execution_options(**PLANNED_ANEW)).one()
    return accounts if leads <= COUNTED else _leads(session, filters)


def _leads(session: Session, filters: Mapping[str, str]) -> int:
    province = filters.get("province")
    scope = Scope((province,) if province else None)
    kept = ("option", "campaign", *(("district",) if province else ()))
    splits = [name for name in kept if name in filters]
    found = figures.by_values(session, scope, "submitted", ("all", *splits), EVER)
    numbers = [found["all"].get("", 0)]
    numbers += [found[name].get(filters[name], 0) for name in splits]
    if "status" in filters:
        numbers.append(figures.standing(session, scope).get(filters["status"], 0))
    return min(numbers)
