"""The queue: which lead comes next, and who has it open.

A lead is lent for some minutes and comes back by itself. Nobody can hold a lead for ever, and two
officers never get the same one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, update
from sqlalchemy.orm import Session

from db.lead_search import Scope, leads
from db.lead_tables import APPOINTMENT, CONTACTING, OPEN, Registration
from db.rollups import thai_day

LENT = timedelta(minutes=10)
SKIPPED = timedelta(hours=2)
FEW_PROVINCES = 6
FIRST_FEW = 4
LOOKS = 5


def take_next(session: Session, scope: Scope, staff: int, now: datetime) -> Registration | None:
    """Lend the lead that is due first, or the one that is lent to me already."""
    mine = session.scalars(
        leads(scope)
        .where(Registration.lease_by == staff, Registration.lease_until > now)
        .where(Registration.status.in_(OPEN))
        .limit(1)
    ).first()
    if mine is not None and lend(session, mine, staff, now):
        return mine
    for _ in range(LOOKS):
        found = [lead for chosen in _heads(scope, staff, now) for lead in session.scalars(chosen)]
        for lead in sorted(found, key=lambda lead: (lead.due_on or thai_day(now), lead.id)):
            if lend(session, lead, staff, now):
                return lead
        if not found:
            return None
        session.expire_all()  # all were taken by others meanwhile: look again
    return None


def lend(session: Session, lead: Registration, staff: int, now: datetime) -> bool:
    """Lend this lead to me, unless somebody else has it or has changed it since it was read."""
    taken = session.execute(
        update(Registration)
        .where(
            Registration.id == lead.id,
            Registration.version == lead.version,
            or_(
                Registration.lease_by.is_(None),
                Registration.lease_by == staff,
                Registration.lease_until < now,
            ),
        )
        .values(lease_by=staff, lease_until=now + LENT)
        .returning(Registration.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(lead)
    return taken is not None


def give_back(session: Session, lead: Registration, staff: int) -> None:
    """Let the lead go, if it is mine."""
    if lead.lease_by == staff:
        lead.lease_by = lead.lease_until = None
        session.flush()


def holder(lead: Registration, staff: int, now: datetime) -> int | None:
    """Who else has it open now."""
    if lead.lease_by in (None, staff) or lead.lease_until is None or lead.lease_until < now:
        return None
    return lead.lease_by


def _heads(scope: Scope, staff: int, now: datetime) -> Iterator[Select[Registration]]:
    """Small index-backed selects whose first rows hold the answer.

    Mine and nobody's apart, since most leads are assigned to others: an index of either passes
    none of them.
    """
    few = scope.provinces is not None and len(scope.provinces) <= FEW_PROVINCES
    mine = leads(scope).where(Registration.assigned_to == staff)
    yield _waiting(mine.where(or_(*(_its_time(status, now) for status in OPEN))), now)
    for status in OPEN:
        chosen = leads(scope).where(Registration.assigned_to.is_(None), _its_time(status, now))
        for province in (scope.provinces or ()) if few else ():
            yield _waiting(chosen.where(Registration.province == province), now)
        if not few:
            yield _waiting(chosen, now)


def _its_time(status: str, now: datetime) -> ColumnElement[bool]:
    """Leads of this status whose time has come."""
    of_it = [Registration.status == status]
    if status in (APPOINTMENT, CONTACTING):
        of_it.append(Registration.due_on <= thai_day(now))
    if status == APPOINTMENT:
        of_it.append(Registration.appointment_at <= now + LENT)
    return and_(*of_it)


def _waiting(chosen: Select[Registration], now: datetime) -> Select[Registration]:
    """The first of these leads that nobody has open and that don't rest."""
    return (
        chosen.where(
            Registration.due_on.is_not(None),
            or_(Registration.lease_until.is_(None), Registration.lease_until < now),
            or_(Registration.rest_until.is_(None), Registration.rest_until < now),
        )
        .order_by(Registration.due_on, Registration.id)
        .limit(FIRST_FEW)
    )
