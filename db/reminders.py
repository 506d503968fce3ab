"""Timed nudges for a talk: one of a kind at a time; when due they enter by the inbox."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.session import keys
from db.types import UtcDateTime


class ReminderRow(Base):
    """Wake `talk` at `due_at` with a reminder of this kind."""

    __tablename__ = "reminders"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    talk: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    contents: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed_by": "id"})


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A nudge whose time has come."""

    talk: str
    kind: str
    due_at: datetime
    values: Mapping[str, str]


def remind(
    session: Session, talk: str, kind: str, due_at: datetime | None, values: Mapping[str, str]
) -> None:
    """Set the nudge of this kind, in place of an earlier one; `due_at` None takes it away."""
    key = f"{talk}|{kind[:32]}"
    session.execute(delete(ReminderRow).where(ReminderRow.id == key))
    if due_at is not None:
        sealed = keys(session).seal(
            json.dumps(dict(values)), table="reminders", column="contents", row=key
        )
        session.add(ReminderRow(id=key, talk=talk, kind=kind[:32], due_at=due_at, contents=sealed))
        session.flush()


def take_due(
    session: Session, now: datetime, limit: int = 200, *, but: Sequence[str] = ()
) -> list[DueReminder]:
    """The nudges that are due, removed; the caller puts them in the inbox in this transaction.

    but: kinds that wait.
    """
    rows = session.scalars(
        select(ReminderRow)
        .where(ReminderRow.due_at <= now, ReminderRow.kind.not_in(but))
        .order_by(ReminderRow.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    keyring = keys(session)
    due = [
        DueReminder(
            row.talk,
            row.kind,
            row.due_at,
            json.loads(
                keyring.open(row.contents, table="reminders", column="contents", row=row.id)
            ),
        )
        for row in rows
    ]
    for row in rows:
        session.delete(row)
    return due


def waiting(session: Session, talk: str) -> list[tuple[str, datetime]]:
    """(kind, when) of what this talk will be reminded of."""
    query = select(ReminderRow.kind, ReminderRow.due_at).where(ReminderRow.talk == talk)
    return [(row.kind, row.due_at) for row in session.execute(query.order_by(ReminderRow.due_at))]


def forget(session: Session, talk: str) -> None:
    """Take away every nudge of this talk."""
    session.execute(delete(ReminderRow).where(ReminderRow.talk == talk))
