"""Volunteers: the LINE account behind a volunteer's code, invited once, until a day or an officer
ends it.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db import campaigns
from db.base import Base
from db.campaigns import Campaign
from db.links import digest
from db.types import UtcDateTime

KIND = "volunteer"


class Volunteer(Base):
    """Who has a volunteer's code. Of the invitation only a hash is kept, until it is taken up."""

    __tablename__ = "volunteers"

    code: Mapped[str] = mapped_column(ForeignKey("campaigns.code"), primary_key=True)
    user: Mapped[str | None] = mapped_column(String(64), index=True)
    name: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed_by": "code"})
    """As they gave it, for their thank-you."""
    invitation: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    invited_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they agreed to the rules."""


def invite(session: Session, code: str, secret: str, until: datetime) -> None:
    """Invite by a one-time secret; an earlier invitation that was not taken up ends."""
    row = session.get(Volunteer, code) or Volunteer(code=code)
    row.invitation, row.invited_until = digest(secret), until
    session.add(row)
    session.flush()


def invited(session: Session, secret: str, now: datetime, today: date) -> Campaign | None:
    """The campaign that a secret invites to, if it is still good."""
    row = _invitation(session, secret, now)
    return campaigns.find(session, row.code, today) if row is not None else None


def join(session: Session, user: str, secret: str, now: datetime) -> None:
    """The person behind the secret agreed to the rules; a secret works once."""
    row = _invitation(session, secret, now)
    if row is not None:
        row.user, row.joined_at, row.invitation, row.invited_until = user, now, None, None
        session.flush()


def of_person(session: Session, user: str, today: date) -> Campaign | None:
    """The volunteer's code of this person, as long as it runs; the newest of several."""
    query = (
        select(Volunteer.code).where(Volunteer.user == user).order_by(Volunteer.joined_at.desc())
    )
    found = (campaigns.find(session, code, today) for code in session.scalars(query))
    return next((one for one in found if one is not None), None)


def joined_at(session: Session, code: str) -> datetime | None:
    """When somebody took up this volunteer's code; None: nobody has it now."""
    row = session.get(Volunteer, code)
    return row.joined_at if row is not None and row.user is not None else None


def end(session: Session, code: str) -> None:
    """Nobody has this code any more, and an open invitation ends; the code's figures stay."""
    row = session.get(Volunteer, code)
    if row is not None:
        session.delete(row)
        session.flush()


def forget(session: Session, user: str) -> None:
    """Forget that this person was a volunteer."""
    for row in session.scalars(select(Volunteer).where(Volunteer.user == user)).all():
        session.delete(row)
    session.flush()


def _invitation(session: Session, secret: str, now: datetime) -> Volunteer | None:
    row = session.scalar(
        select(Volunteer).where(Volunteer.invitation == digest(secret)).with_for_update()
    )
    good = row is not None and row.invited_until is not None and row.invited_until > now
    return row if good else None
