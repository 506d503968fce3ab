"""The tables of news to many: news, batches, and who gets it with their next answer."""

import json
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.lead_tables import BigId
from db.types import UtcDateTime

DRAFT, GATHERING, SENDING, DONE, STOPPED = "draft", "gathering", "sending", "done", "stopped"
WAITING, TRYING, SENT, FAILED, UNSURE = "waiting", "trying", "sent", "failed", "unsure"
RIDING = "riding"
"""Of a batch or what is left of a broadcast: it goes out with each person's next answer."""


class Broadcast(Base):
    """A piece of news and whom it is for."""

    __tablename__ = "broadcasts"
    __table_args__ = (Index("ix_broadcasts_about", "about", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    filters: Mapped[str] = mapped_column(Text)
    about: Mapped[str | None] = mapped_column(String(60))
    """Which change of the law it tells; None: it is news. A change is told once."""
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    created_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gathered_to: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The last owner that was met; gathering goes on after it."""
    people: Mapped[int] = mapped_column(Integer, default=0)
    """How many were gathered."""
    why_stopped: Mapped[str] = mapped_column(String(20), default="")

    @property
    def chosen(self) -> dict[str, str]:
        """The filters."""
        found: dict[str, str] = json.loads(self.filters)
        return found


class Batch(Base):
    """At most 500 people of one broadcast: one multicast. The id is its retry key."""

    __tablename__ = "broadcast_batches"
    __table_args__ = (Index("ix_broadcast_batches_state", "broadcast", "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    broadcast: Mapped[int] = mapped_column(ForeignKey("broadcasts.id"))
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    people: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed_by": "id"})
    size: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)


class Rider(Base):
    """This person gets this news with their next answer, which is free."""

    __tablename__ = "broadcast_riders"

    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    broadcast: Mapped[int] = mapped_column(
        ForeignKey("broadcasts.id"), primary_key=True, index=True
    )
