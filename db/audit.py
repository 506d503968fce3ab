"""The audit log: who did what with whose data, append-only, each row chained to the one before.

A row never holds personal data: references and ids only. The database itself refuses to change or
delete one (triggers). `verify` finds a row that was changed, removed or slipped in all the same;
rows taken off the end show against a head that was noted down elsewhere.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Index, LargeBinary, Row, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.lead_tables import BigId
from db.rollups import THAI_TIME
from db.session import is_postgresql
from db.types import UtcDateTime

START = b"\0" * 32
ONE_CHAIN = 4_040_401
"""The key of PostgreSQL's advisory lock: rows are chained one at a time."""
BATCH_ROWS = 5_000
CLOCKS = timedelta(hours=1)
CUT = "cut"
"""The row that tells up to where the log was cut (see `db.audit_cut`)."""


class AuditRow(Base):
    """One act of a member of staff (or of the system: no staff)."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_reference", "reference", "id"),
        Index("ix_audit_staff", "staff", "id"),
        Index("ix_audit_action", "action", "id"),
        Index("ix_audit_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff: Mapped[int | None] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(120), default="")
    office: Mapped[str] = mapped_column(String(120), default="")
    action: Mapped[str] = mapped_column(String(24))
    reference: Mapped[str] = mapped_column(String(20), default="")
    detail: Mapped[str] = mapped_column(String(400), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


def write(
    session: Session,
    *,
    at: datetime,
    action: str,
    staff: int | None = None,
    who: str = "",
    office: str = "",
    reference: str = "",
    detail: str = "",
    address: str = "",
) -> AuditRow:
    """Append a row. Holds the chain until the transaction ends, so write it last."""
    number, previous = _end(session)
    row = AuditRow(
        id=number + 1,
        at=at.astimezone(UTC),
        staff=staff,
        who=who[:120],
        office=office[:120],
        action=action,
        reference=reference,
        detail=detail[:400],
        address=address[:45],
        previous=previous,
    )
    row.hash = _hash(row)
    session.add(row)
    session.flush()
    return row


def write_each(
    session: Session,
    references: Sequence[str],
    *,
    at: datetime,
    action: str,
    staff: int,
    who: str,
    office: str,
    address: str,
) -> None:
    """One row for each of many leads (an export): the chain goes on through all of them, in one
    statement.
    """
    number, previous = _end(session)
    rows = []
    for count, reference in enumerate(references, start=1):
        row = AuditRow(
            id=number + count,
            at=at.astimezone(UTC),
            staff=staff,
            who=who[:120],
            office=office[:120],
            action=action,
            reference=reference,
            detail="",
            address=address[:45],
            previous=previous,
        )
        row.hash = previous = _hash(row)
        rows.append(row)
    session.add_all(rows)
    session.flush()
    session.expire_all()


def _end(session: Session) -> tuple[int, bytes]:
    """Number and hash of the last row, held until the transaction ends."""
    if is_postgresql(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_CHAIN})
    last = session.execute(
        select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
    ).first()
    return (last.id, bytes(last.hash)) if last else (0, START)


def verify(session: Session) -> tuple[int, int | None]:
    """(rows read, id of the first row that does not fit or None)."""
    (last_cut, previous), count = _cut(session), 0
    expected = last_cut + 1
    for row in _rows(session):
        broken = (
            row.id != expected or bytes(row.previous) != previous or bytes(row.hash) != _hash(row)
        )
        if broken:
            return count, row.id
        previous, expected, count = bytes(row.hash), row.id + 1, count + 1
    return count, None


def head(session: Session) -> tuple[int, str]:
    """The newest row and its hash, to be noted down elsewhere."""
    found = session.execute(
        select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
    ).first()
    return (found.id, bytes(found.hash).hex()) if found else (0, START.hex())


def between(session: Session, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """The rows of these Thai days. Numbers go up with time, so they narrow it by the key that every
    other index ends in; clocks of servers differ by less than CLOCKS.
    """
    found: list[ColumnElement[bool]] = []
    if since is not None:
        start = datetime.combine(since, time.min, THAI_TIME)
        found += [AuditRow.id >= (_first_after(session, start - CLOCKS) or 0), AuditRow.at >= start]
    if until is not None:
        end = datetime.combine(until, time.min, THAI_TIME) + timedelta(days=1)
        last = _first_after(session, end + CLOCKS)
        found += [AuditRow.at < end, *([AuditRow.id < last] if last else [])]
    return found


def _first_after(session: Session, moment: datetime) -> int | None:
    first = select(AuditRow.id).where(AuditRow.at >= moment).order_by(AuditRow.at).limit(1)
    return session.scalar(first)


def holds(session: Session, number: int, noted: str) -> bool:
    """Whether that row still has the hash that was noted down."""
    found = session.scalar(select(AuditRow.hash).where(AuditRow.id == number))
    return found is not None and bytes(found).hex() == noted


def cut_detail(number: int, last_hash: bytes) -> str:
    """What the row of a cut says: the last row that went, and its hash."""
    return f"{number} {last_hash.hex()}"


def _cut(session: Session) -> tuple[int, bytes]:
    """Where the chain starts: after the newest cut, or at its very beginning."""
    told = session.scalar(
        select(AuditRow.detail).where(AuditRow.action == CUT).order_by(AuditRow.id.desc()).limit(1)
    )
    number, _, last_hash = (told or f"0 {START.hex()}").partition(" ")
    return int(number), bytes.fromhex(last_hash)


def _rows(session: Session) -> Iterator[Row[Any]]:
    """All rows, as plain ones: an object each would double the time of millions."""
    table, after = AuditRow.__table__, 0
    while True:
        some = select(table).where(table.c.id > after).order_by(table.c.id).limit(BATCH_ROWS)
        batch = session.execute(some).all()
        if not batch:
            return
        yield from batch
        after = batch[-1].id


def _hash(row: AuditRow | Row[Any]) -> bytes:
    told = json.dumps(
        [
            row.id,
            row.at.isoformat(timespec="microseconds"),
            row.staff,
            row.who,
            row.office,
            row.action,
            row.reference,
            row.detail,
            row.address,
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(bytes(row.previous) + told.encode()).digest()
