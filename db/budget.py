"""The LINE account and its monthly messages: what LINE last said, day by day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, Integer, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.types import UtcDateTime


class LineAccount(Base):
    """The one account of this bot, as LINE describes it."""

    __tablename__ = "line_account"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    basic_id: Mapped[str] = mapped_column(String(40))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuotaDay(Base):
    """The month's messages used up by the end of a Thai day, and how many there are."""

    __tablename__ = "quota_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    used: Mapped[int] = mapped_column(Integer)
    limit: Mapped[int] = mapped_column(Integer)


@dataclass(frozen=True, slots=True)
class Month:
    """Where the month's messages stand, and where they are heading."""

    limit: int
    used: int
    forecast: int
    """Used by the month's end, if it goes on as in the last days."""


def note_account(session: Session, basic_id: str, now: datetime) -> None:
    """LINE said which account this is."""
    session.merge(LineAccount(id=1, basic_id=basic_id, read_at=now))


def basic_id(session: Session) -> str:
    """The account's id with its @; empty as long as LINE has not been asked."""
    found = session.get(LineAccount, 1)
    return found.basic_id if found is not None else ""


def note_quota(session: Session, day: date, used: int, limit: int) -> None:
    """LINE said how much is used and how much there is. Its count lags behind our own."""
    known = max((one.used for one in days(session, day)), default=0)
    session.merge(QuotaDay(day=day, used=max(used, known), limit=limit))


def spend(session: Session, day: date, number: int) -> None:
    """So many more were pushed; a day without word from LINE begins as the last one ended."""
    if session.get(QuotaDay, day) is None:
        before = days(session, day)
        used, limit = (before[-1].used, before[-1].limit) if before else (0, 0)
        session.add(QuotaDay(day=day, used=used, limit=limit))
        session.flush()
    session.execute(update(QuotaDay).where(QuotaDay.day == day).values(used=QuotaDay.used + number))


def exhaust(session: Session, day: date) -> None:
    """LINE says that nothing is left: nothing more is begun this month, whatever was counted."""
    spend(session, day, 0)
    session.execute(
        update(QuotaDay)
        .where(QuotaDay.day == day, QuotaDay.used < QuotaDay.limit)
        .values(used=QuotaDay.limit)
    )


def days(session: Session, day: date) -> list[QuotaDay]:
    """The days of this month up to that one, in order."""
    first = day.replace(day=1)
    query = select(QuotaDay).where(QuotaDay.day >= first, QuotaDay.day <= day)
    return list(session.scalars(query.order_by(QuotaDay.day)))


def month(session: Session, day: date) -> Month | None:
    """Where this month stands; None before LINE was asked."""
    found = days(session, day)
    if not found:
        return None
    last = found[-1]
    return Month(last.limit, last.used, forecast([(one.day, one.used) for one in found]))


def forecast(used: list[tuple[date, int]]) -> int:
    """The month's end, by the mean of the last seven days that are known."""
    last_day, last = used[-1]
    first_day, first = used[max(len(used) - 8, 0)]
    if first_day == last_day:
        first_day, first = last_day.replace(day=1), 0
        passed = last_day.day
    else:
        passed = (last_day - first_day).days
    return last + round((last - first) / passed * (_length(last_day) - last_day.day))


def _length(day: date) -> int:
    following = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1, day=1)
    return (following - day.replace(day=1)).days
