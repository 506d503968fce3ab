"""Volunteers, and organisers of events: the LINE account behind a code, invited once, until a day
or an officer ends it.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db import campaigns, help_wishes
from db.base import Base
from db.campaigns import Campaign
from db.links import digest
from db.session import keys
from db.types import UtcDateTime

VOLUNTEER, EVENT = "volunteer", "event"
KINDS = (VOLUNTEER, EVENT)
"""Kinds of codes that somebody can be invited to have."""


class Volunteer(Base):
    """Who has a code. Of the invitation only a hash is kept: it says who took it up."""

    __tablename__ = "volunteers"

    code: Mapped[str] = mapped_column(ForeignKey("campaigns.code"), primary_key=True)
    user: Mapped[str | None] = mapped_column(String(64), index=True)
    name: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed_by": "code"})
    """As they gave it, for their thank-you."""
    invitation: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    invited_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None: the invitation was taken up by `user`."""
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they agreed to the rules."""


def invite(session: Session, code: str, secret: str, until: datetime) -> None:
    """Invite by a one-time secret; an earlier invitation that was not taken up ends."""
    row = session.get(Volunteer, code) or Volunteer(code=code)
    row.invitation, row.invited_until = digest(secret), until
    session.add(row)
    session.flush()


def invited(
    session: Session, secret: str, user: str, now: datetime, today: date
) -> Campaign | None:
    """The campaign that a secret invites this person to, if it is still good and nobody else's."""
    row = session.scalar(_by_secret(secret))
    return _campaign(session, row, user, now, today)


def take_up(
    session: Session, secret: str, user: str, now: datetime, today: date
) -> Campaign | None:
    """This person agreed to the rules. The first one has the code; asked again, the same answer."""
    row = session.scalar(_by_secret(secret).with_for_update())
    found = _campaign(session, row, user, now, today)
    if row is not None and found is not None and row.invited_until is not None:
        if row.user != user:
            help_wishes.end_code(session, row.code)
        row.user, row.name, row.joined_at, row.invited_until = user, None, now, None
        session.flush()
    return found


def of_person(session: Session, user: str, kind: str, today: date) -> Campaign | None:
    """The code of this kind that this person has, as long as it runs; the newest of several."""
    query = (
        select(Volunteer.code).where(Volunteer.user == user).order_by(Volunteer.joined_at.desc())
    )
    found = (campaigns.find(session, code, today) for code in session.scalars(query))
    return next((one for one in found if one is not None and one.kind == kind), None)


def codes_of(session: Session, user: str) -> list[str]:
    """Every code this person has, also of times that are over."""
    query = select(Volunteer.code).where(Volunteer.user == user).order_by(Volunteer.code)
    return list(session.scalars(query))


def give_name(session: Session, user: str, code: str, name: str) -> None:
    """What stands on the thank-you of this person."""
    row = session.get(Volunteer, code)
    if row is not None and row.user == user:
        row.name = keys(session).seal(name, table=Volunteer.__tablename__, column="name", row=code)
        session.flush()


def name_given(session: Session, code: str) -> str:
    """The name that the one behind this code gave; empty: none."""
    row = session.get(Volunteer, code)
    if row is None or row.name is None:
        return ""
    return keys(session).open(row.name, table=Volunteer.__tablename__, column="name", row=code)


def joined_at(session: Session, code: str) -> datetime | None:
    """When somebody took up this volunteer's code; None: nobody has it now."""
    row = session.get(Volunteer, code)
    return row.joined_at if row is not None and row.user is not None else None


def holder(session: Session, code: str) -> str:
    """Who has this code; empty: nobody."""
    row = session.get(Volunteer, code)
    return (row.user or "") if row is not None else ""


def end(session: Session, code: str) -> None:
    """Nobody has this code any more, and an open invitation ends; the code's figures stay."""
    help_wishes.end_code(session, code)
    row = session.get(Volunteer, code)
    if row is not None:
        session.delete(row)
        session.flush()


def forget(session: Session, user: str) -> None:
    """Forget that this person was a volunteer."""
    for row in session.scalars(select(Volunteer).where(Volunteer.user == user)).all():
        help_wishes.end_code(session, row.code)
        session.delete(row)
    session.flush()


def _by_secret(secret: str) -> Select[Volunteer]:
    return select(Volunteer).where(Volunteer.invitation == digest(secret))


def _campaign(
    session: Session, row: Volunteer | None, user: str, now: datetime, today: date
) -> Campaign | None:
    if row is None:
        return None
    is_open = row.invited_until is not None and row.invited_until > now
    mine = row.invited_until is None and row.user == user
    return campaigns.find(session, row.code, today) if is_open or mine else None
