"""What the dashboard's gauges say, and the leads counted anew: they must be the same."""

from collections import Counter

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from db import rollups
from db.lead_tables import Registration
from db.rollups import AT, Key, OfficeRollup, Rollup
from db.session import reading

GAUGES = ("open", "due")


def filed(engine: Engine) -> dict[Key, int]:
    """The gauges of provinces and offices, without those that are zero."""
    with reading(engine) as session:
        found = {
            (row.metric, row.split, row.day, row.province, row.value): row.n
            for row in session.scalars(select(Rollup).where(Rollup.metric.in_(GAUGES)))
        }
        of_offices = select(OfficeRollup).where(OfficeRollup.metric.in_(GAUGES))
        for row in session.scalars(of_offices):
            place = f"{row.province}{AT}{row.office}"
            found[(row.metric, row.split, row.day, place, row.value)] = row.n
    return {key: number for key, number in found.items() if number}


def recounted(session: Session) -> dict[Key, int]:
    """The same from the leads themselves."""
    lead = Registration
    columns = (lead.status, lead.due_on, lead.province, lead.office)
    found: Counter[Key] = Counter()
    for status, due_on, province, office, number in session.execute(
        select(*columns, func.count()).group_by(*columns)
    ):
        for key, sign in rollups.moved(None, (status, due_on, province, office)):
            found[key] += sign * number
    return dict(found)
