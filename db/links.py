"""Short-lived links to a copy of one's own data. Only a hash of the link's secret is kept."""

import hashlib
from datetime import datetime

from sqlalchemy import LargeBinary, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.types import UtcDateTime


class DataLink(Base):
    """A link under which one person may fetch what is held on them, until a moment."""

    __tablename__ = "data_links"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user: Mapped[str] = mapped_column(String(64), index=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


def offer(session: Session, user: str, secret: str, until: datetime) -> None:
    """Open a link; earlier ones of the same person are closed."""
    forget(session, user)
    session.add(DataLink(digest=digest(secret), user=user, until=until))
    session.flush()


def user_behind(session: Session, secret: str, now: datetime) -> str | None:
    """Whose data the link shows, if it is still good."""
    found = session.get(DataLink, digest(secret))
    return found.user if found is not None and found.until > now else None


def forget(session: Session, user: str) -> None:
    """Close every link of this person."""
    session.execute(delete(DataLink).where(DataLink.user == user))


def purge(session: Session, now: datetime) -> int:
    """Remove the links that have run out."""
    gone = session.execute(delete(DataLink).where(DataLink.until <= now).returning(DataLink.digest))
    return len(gone.all())


def digest(secret: str) -> bytes:
    """What is kept of a secret that nobody guesses."""
    return hashlib.sha256(secret.encode()).digest()
