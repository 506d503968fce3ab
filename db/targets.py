"""Targets of places, loaded from a checked file; the file waits until somebody has looked at it."""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Date, Integer, String, Text, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.session import is_postgresql
from db.tallies import chain, parent_of
from db.types import UtcDateTime

UPLOAD_LASTS = timedelta(hours=2)
ROWS_A_STATEMENT = 1_000


class Target(Base):
    """How many members a place wants by a day. own: said in a file, not summed from below."""

    __tablename__ = "outreach_targets"

    key: Mapped[str] = mapped_column(String(180), primary_key=True)
    parent: Mapped[str] = mapped_column(String(180), index=True)
    target: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date)
    own: Mapped[bool]


class TargetUpload(Base):
    """A checked file that waits for the one who sent it to say yes."""

    __tablename__ = "outreach_target_uploads"

    token: Mapped[str] = mapped_column(String(40), primary_key=True)
    staff: Mapped[int] = mapped_column(Integer)
    rows: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of a file."""

    key: str
    target: int
    due_on: date


def keep_upload(session: Session, rows: Sequence[Wanted], staff: int, now: datetime) -> str:
    """Keep a checked file for two hours; its token."""
    session.execute(delete(TargetUpload).where(TargetUpload.at < now - UPLOAD_LASTS))
    token = secrets.token_urlsafe(24)
    kept = json.dumps([[r.key, r.target, r.due_on.isoformat()] for r in rows], ensure_ascii=False)
    session.add(TargetUpload(token=token, staff=staff, rows=kept, at=now))
    session.flush()
    return token


def take_upload(session: Session, token: str, staff: int, now: datetime) -> list[Wanted]:
    """The rows of a file this person sent; empty when it is gone. It can be taken once."""
    found = session.scalars(
        delete(TargetUpload)
        .where(
            TargetUpload.token == token,
            TargetUpload.staff == staff,
            TargetUpload.at >= now - UPLOAD_LASTS,
        )
        .returning(TargetUpload)
    ).first()
    if found is None:
        return []
    return [Wanted(key, n, date.fromisoformat(due)) for key, n, due in json.loads(found.rows)]


def load(session: Session, rows: Sequence[Wanted]) -> None:
    """Set the targets of a file; the places around them become the sum of what lies in them,
    unless they have one of their own.
    """
    _write(session, [(row, True) for row in rows])
    around = {key for row in rows for key in chain(row.key)[1:]}
    for key in sorted(around, key=lambda key: -len(chain(key))):
        there = session.get(Target, key)
        if there is not None and there.own:
            continue
        inner = session.scalars(select(Target).where(Target.parent == key)).all()
        total = Wanted(key, sum(one.target for one in inner), max(one.due_on for one in inner))
        _write(session, [(total, False)])


def of(session: Session, keys: Sequence[str]) -> dict[str, Target]:
    """The targets of these places."""
    return {row.key: row for row in session.scalars(select(Target).where(Target.key.in_(keys)))}


def within(session: Session, place: str) -> dict[str, Target]:
    """The targets of what lies directly in a place; of the provinces when it is empty."""
    return {row.key: row for row in session.scalars(select(Target).where(Target.parent == place))}


def _write(session: Session, rows: Iterable[tuple[Wanted, bool]]) -> None:
    values = [
        {
            "key": row.key,
            "parent": parent_of(row.key),
            "target": row.target,
            "due_on": row.due_on,
            "own": own,
        }
        for row, own in rows
    ]
    insert = postgresql.insert if is_postgresql(session) else sqlite.insert
    for start in range(0, len(values), ROWS_A_STATEMENT):
        made = insert(Target).values(values[start : start + ROWS_A_STATEMENT])
        new = {name: made.excluded[name] for name in ("target", "due_on", "own")}
        session.execute(made.on_conflict_do_update(index_elements=["key"], set_=new))
    session.expire_all()
