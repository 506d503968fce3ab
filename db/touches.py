"""Who came by which code, so that a person counts once for it, whatever they send twice."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from db import people, tallies
from db.base import Base
from db.campaigns import Campaign
from db.rollups import thai_day
from db.session import is_postgresql
from db.types import UtcDateTime

BATCH_ROWS = 5_000
LASTS = timedelta(days=365)
"""How long it is known who came by which code. The figures stay; the privacy notice says so."""


class Touch(Base):
    """This person came by this code, first then."""

    __tablename__ = "campaign_touches"

    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("campaigns.code"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def touch(session: Session, user: str, code: str, now: datetime) -> None:
    """A person sent a code: the first and the last are kept; each code counts them once."""
    campaign = session.get(Campaign, code)
    if campaign is None:
        return
    people.touch_campaign(session, user, code, now)
    insert = postgresql.insert if is_postgresql(session) else sqlite.insert
    new = session.execute(
        insert(Touch)
        .values(user=user, code=code, at=now)
        .on_conflict_do_nothing()
        .returning(Touch.code)
    ).first()
    if new is not None:
        tallies.count(session, "reached", code, campaign.place_key, thai_day(now))


def form_begun(session: Session, user: str, now: datetime) -> None:
    """A person began a form: it counts for the code they first came by, if there was one."""
    campaign = session.get(Campaign, code) if (code := people.first_code(session, user)) else None
    if campaign is not None:
        tallies.count(session, "started", campaign.code, campaign.place_key, thai_day(now))


def came_by(session: Session, user: str) -> list[tuple[str, datetime]]:
    """The codes this person sent, the first one first."""
    query = select(Touch.code, Touch.at).where(Touch.user == user).order_by(Touch.at)
    return [(row.code, row.at) for row in session.execute(query)]


def purge(session: Session, now: datetime) -> int:
    """Forget some codes that were typed long ago; the number of people and codes touched."""
    before = now - LASTS
    person = people.Person
    some = select(person.user).where(person.touched_at < before).limit(BATCH_ROWS)
    none = {"first_campaign": None, "last_campaign": None, "touched_at": None}
    by = update(person).where(person.user.in_(some)).values(**none).returning(person.user)
    key = tuple_(Touch.user, Touch.code)
    typed = select(Touch.user, Touch.code).where(Touch.at < before).limit(BATCH_ROWS)
    old = delete(Touch).where(key.in_(typed)).returning(Touch.code)
    return len(session.execute(by).all()) + len(session.execute(old).all())


def forget(session: Session, user: str) -> None:
    """Forget by which codes this person came; the figures stay."""
    session.execute(delete(Touch).where(Touch.user == user))
