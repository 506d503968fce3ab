"""After a break-in: whose data an account of the staff touched, out of the audit log.

The law gives 72 hours to say so; this answers in one command.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.audit import AuditRow


@dataclass(frozen=True, slots=True)
class Touched:
    """A lead, what was done with it, how often and when."""

    reference: str
    action: str
    times: int
    first_at: datetime
    last_at: datetime


def touched(session: Session, email: str, since: datetime) -> list[Touched]:
    """Every lead that account looked at or changed since then, by lead and act."""
    found = session.execute(
        select(
            AuditRow.reference,
            AuditRow.action,
            func.count(),
            func.min(AuditRow.at),
            func.max(AuditRow.at),
        )
        .where(AuditRow.who == email.strip().lower(), AuditRow.at >= since)
        .where(AuditRow.reference != "")
        .group_by(AuditRow.reference, AuditRow.action)
        .order_by(AuditRow.reference, AuditRow.action)
    )
    return [Touched(*row) for row in found]
