"""What must be remembered of a LINE user besides the talk: reachable or not, menu, campaign."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Boolean, Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from db import rollups
from db.base import Base
from db.bulk import Question, among, listed
from db.types import UtcDateTime


class Person(Base):
    """A LINE user who followed, wrote or came by a poster."""

    __tablename__ = "people"
    __table_args__ = (
        Index(
            "ix_people_touched_at",
            "touched_at",
            postgresql_where=text("touched_at IS NOT NULL"),
            sqlite_where=text("touched_at IS NOT NULL"),
        ),
    )

    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    reachable: Mapped[bool] = mapped_column(Boolean, default=True)
    news: Mapped[bool] = mapped_column(Boolean, default=True)
    """Whether news may be sent; told off by «ไม่รับข่าว»."""
    menu: Mapped[str] = mapped_column(String(20), default="new")
    first_campaign: Mapped[str | None] = mapped_column(String(40))
    last_campaign: Mapped[str | None] = mapped_column(String(40))
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def person(session: Session, user: str, now: datetime) -> Person:
    """The person, made and counted when new."""
    found = session.get(Person, user)
    if found is None:
        found = Person(user=user, reachable=True, news=True, menu="new", first_seen_at=now)
        session.add(found)
        session.flush()
        rollups.count(session, "talks", now)
    return found


def who_blocked(session: Session, users: Sequence[str]) -> Question:
    """Which of them (`user`) have blocked the account: a push would be seen by nobody."""
    those = among(session, '"user"')
    statement = f'SELECT "user" FROM people WHERE NOT reachable AND {those}'  # noqa: S608 - our own
    return statement, {"wanted": listed(session, users)}


def wants_news(session: Session, user: str) -> bool:
    """Whether news may be sent to this person."""
    found = session.get(Person, user)
    return found is None or found.news


def first_code(session: Session, user: str) -> str:
    """The code by which this person first came; empty for those who came by themselves."""
    found = session.get(Person, user)
    return (found.first_campaign or "") if found is not None else ""


def touch_campaign(session: Session, user: str, code: str, now: datetime) -> None:
    """The person came by a poster's code; the first and the last one are kept."""
    who = person(session, user, now)
    who.first_campaign = who.first_campaign or code[:40]
    who.last_campaign = code[:40]
    who.touched_at = now


def forget(session: Session, user: str) -> None:
    """Erase the person; only that they want nothing sent is kept, as it protects them."""
    found = session.get(Person, user)
    if found is not None:
        found.first_campaign = found.last_campaign = found.touched_at = None
        found.news = False
        found.menu = "new"
