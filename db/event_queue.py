"""The day of an event: who has come, under which number, and who was called.

A number is given once: whoever sends the code again, or whose message comes twice when the signal
drops, hears the same one. Numbers have no gaps.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.campaigns import Campaign
from db.types import UtcDateTime

LASTS = timedelta(days=30)
"""How long it is known who had a number; the number stays. The privacy notice says so."""


class EventGuest(Base):
    """A number of an event, and the LINE user who has it (None: erased, or has no phone)."""

    __tablename__ = "event_guests"
    __table_args__ = (UniqueConstraint("code", "user"),)

    code: Mapped[str] = mapped_column(ForeignKey("campaigns.code"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    user: Mapped[str | None] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an event is: numbers given, called, and the last one that was called."""

    given: int
    called: int
    last_called: int


def check_in(session: Session, code: str, user: str, now: datetime) -> int:
    """The person's number at this event: the one they have, or the next."""
    _one_at_a_time(session, code)
    mine = number_of(session, code, user)
    return _next(session, code, user, now) if mine is None else mine


def walk_in(session: Session, code: str, given: int, now: datetime) -> int | None:
    """The next number for somebody without a phone; None when a number was given since the page
    said so many: a double click gives no number that nobody holds.
    """
    _one_at_a_time(session, code)
    return _next(session, code, None, now) if _last(session, code) == given else None


def _one_at_a_time(session: Session, code: str) -> None:
    # Two who come at once would get the same number: the event's row lets one in after the other.
    session.execute(select(Campaign.code).where(Campaign.code == code).with_for_update())


def _last(session: Session, code: str) -> int:
    last = select(func.max(EventGuest.number)).where(EventGuest.code == code)
    return session.scalar(last) or 0


def _next(session: Session, code: str, user: str | None, now: datetime) -> int:
    number = _last(session, code) + 1
    session.add(EventGuest(code=code, number=number, user=user, at=now, called_at=None))
    session.flush()
    return number


def number_of(session: Session, code: str, user: str) -> int | None:
    """The number this person has at this event, if they have come."""
    return session.scalar(
        select(EventGuest.number).where(EventGuest.code == code, EventGuest.user == user)
    )


def standing(session: Session, code: str) -> Standing:
    """How far the event is."""
    row = session.execute(
        select(
            func.count(EventGuest.number),
            func.count(EventGuest.called_at),
            func.coalesce(func.max(EventGuest.number).filter(EventGuest.called_at.is_not(None)), 0),
        ).where(EventGuest.code == code)
    ).one()
    return Standing(*row)


def call(session: Session, code: str, number: int, now: datetime) -> EventGuest | None:
    """Call a number; None when it was called already or nobody has it. The page says which one is
    next, so that a double click calls nobody twice.
    """
    _one_at_a_time(session, code)
    guest = session.get(EventGuest, (code, number))
    if guest is None or guest.called_at is not None:
        return None
    guest.called_at = now
    return guest


def waiting(session: Session, code: str, limit: int) -> list[EventGuest]:
    """Numbers that were not called, the first one first."""
    query = (
        select(EventGuest)
        .where(EventGuest.code == code, EventGuest.called_at.is_(None))
        .order_by(EventGuest.number)
        .limit(limit)
    )
    return list(session.scalars(query))


def of_person(session: Session, user: str) -> list[tuple[str, int]]:
    """Codes of the events this person came to, and their numbers."""
    query = select(EventGuest.code, EventGuest.number).where(EventGuest.user == user)
    return [(row.code, row.number) for row in session.execute(query)]


def purge(session: Session, now: datetime) -> int:
    """Forget who had the numbers of days long past; how many."""
    old = update(EventGuest).where(EventGuest.at < now - LASTS, EventGuest.user.is_not(None))
    return len(session.execute(old.values(user=None).returning(EventGuest.number)).all())


def forget(session: Session, user: str) -> None:
    """Forget who had these numbers; the numbers stay, so that the queue goes on."""
    session.execute(update(EventGuest).where(EventGuest.user == user).values(user=None))
