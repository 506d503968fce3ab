"""People who stopped half-way and agreed that the volunteer by whom they came may see their first
name and help. The name itself is not kept here: it is read from the form that waits, and is gone
when the form is.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.conversations import Conversation
from db.types import UtcDateTime

QUIET = timedelta(hours=1)
"""Who wrote a moment ago has not stopped."""
LASTS = timedelta(days=30)
"""As long as a form that waits."""


class HelpWish(Base):
    """This person agreed that the volunteer of this code sees their first name."""

    __tablename__ = "help_wishes"

    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("campaigns.code"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def agree(session: Session, user: str, code: str, now: datetime) -> None:
    """The person said yes to the volunteer of this code."""
    session.merge(HelpWish(user=user, code=code, at=now))
    session.flush()


def stopped(session: Session, code: str, now: datetime, limit: int) -> list[str]:
    """Who agreed to the volunteer of this code and has not been heard of for a while, the last one
    first. Whether a form waits there is for the talk itself to say.
    """
    quiet_since = int((now - QUIET).timestamp() * 1000)
    query = (
        select(HelpWish.user)
        .join(Conversation, Conversation.talk == HelpWish.user)
        .where(HelpWish.code == code, Conversation.updated_ms < quiet_since)
        .order_by(Conversation.updated_ms.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def of_person(session: Session, user: str) -> str:
    """The code whose volunteer this person agreed to; empty: none."""
    found = session.get(HelpWish, user)
    return found.code if found is not None else ""


def end_code(session: Session, code: str) -> None:
    """The volunteer has changed or gone: a yes was said to them and to nobody else."""
    session.execute(delete(HelpWish).where(HelpWish.code == code))


def forget(session: Session, user: str) -> None:
    """The person said no, or their form has gone."""
    session.execute(delete(HelpWish).where(HelpWish.user == user))


def purge(session: Session, now: datetime) -> int:
    """Forget a yes that is so old that its form is gone; the number of them."""
    old = delete(HelpWish).where(HelpWish.at < now - LASTS)
    return len(session.execute(old.returning(HelpWish.user)).all())
