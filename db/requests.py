"""People who asked for a human: the officers' list of open talks."""

from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.types import UtcDateTime


class StaffRequest(Base):
    """One wish to talk to a person; `why` is an id, never their words."""

    __tablename__ = "staff_requests"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    user: Mapped[str] = mapped_column(String(64), index=True)
    why: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(20), default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(String(64))


def ask(session: Session, key: str, user: str, why: str, reference: str, now: datetime) -> None:
    """Put the person on the list, once while they wait."""
    waiting = session.scalars(
        select(StaffRequest.id).where(StaffRequest.user == user, StaffRequest.closed_at.is_(None))
    ).first()
    if waiting is None and session.get(StaffRequest, key) is None:
        session.add(
            StaffRequest(id=key, user=user, why=why[:40], reference=reference[:20], asked_at=now)
        )
        session.flush()


def forget(session: Session, user: str) -> None:
    """Take the person off the list, with everything they asked for before."""
    session.execute(delete(StaffRequest).where(StaffRequest.user == user))
