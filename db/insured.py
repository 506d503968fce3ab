"""Those who asked to be kept insured: they have a reminder to pay, and are told when amounts of the
law change for their option.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.lead_cells import owner_key
from db.lead_tables import Registration
from db.reminders import ReminderRow

PAY = "pay"


def count(session: Session) -> int:
    """How many asked."""
    query = select(func.count()).select_from(ReminderRow).where(ReminderRow.kind == PAY)
    return session.execute(query).scalar_one()


def after(session: Session, last: str, limit: int) -> list[str]:
    """The next accounts that asked, in the order of their ids."""
    query = (
        select(ReminderRow.talk)
        .where(ReminderRow.kind == PAY, ReminderRow.talk > last)
        .order_by(ReminderRow.talk)
        .limit(limit)
    )
    return list(session.scalars(query))


def still(session: Session, users: Sequence[str]) -> set[str]:
    """Who of them has not taken the reminder back."""
    query = select(ReminderRow.talk).where(ReminderRow.kind == PAY, ReminderRow.talk.in_(users))
    return set(session.scalars(query))


def concerned(session: Session, users: Sequence[str], options: Collection[int]) -> list[str]:
    """Those whose option is among these, or not known here."""
    owners = {owner_key(session, user): user for user in users}
    rows = session.execute(
        select(Registration.owner, Registration.option).where(
            Registration.owner.in_(list(owners)), Registration.option.is_not(None)
        )
    )
    known: dict[str, set[int]] = {}
    for row in rows:
        known.setdefault(owners[row.owner], set()).add(row.option)
    return [user for user in users if user not in known or known[user] & set(options)]
