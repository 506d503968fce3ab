"""Ending the audit log's oldest part: the one lawful way to delete rows of it.

The database refuses every change of a row (migration «audit_append_only»); this command, run by
whoever owns the tables, puts that guard aside for one transaction. The row it leaves tells up to
which row the log was cut and that row's hash, so the chain still holds from there on. It is no job
that runs by itself: what deletes by itself could be told to delete.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from db.audit import CUT, AuditRow, cut_detail, write
from db.session import is_postgresql

KEPT = timedelta(days=730)
"""Two years: at least one is asked of us, and a case may come up late."""


class TooYoung(Exception):
    """The day lies within the time for which the log must be kept."""


def cut(session: Session, before: datetime, now: datetime) -> int:
    """Delete the rows of before that moment; how many. Raises TooYoung."""
    if before > now - KEPT:
        raise TooYoung
    first_kept = session.scalar(select(func.min(AuditRow.id)).where(AuditRow.at >= before))
    old = AuditRow.at < before if first_kept is None else AuditRow.id < first_kept
    last = session.scalars(
        select(AuditRow).where(old).order_by(AuditRow.id.desc()).limit(1)
    ).first()
    if last is None:
        return 0
    number = last.id
    write(session, at=now, action=CUT, detail=cut_detail(number, bytes(last.hash)))
    guards = _lift(session)
    gone = session.execute(delete(AuditRow).where(AuditRow.id <= number).returning(AuditRow.id))
    deleted = len(gone.all())
    for statement in guards:
        session.execute(text(statement))
    return deleted


def _lift(session: Session) -> list[str]:
    """Put the guard aside; the statements that put it back, in the same transaction."""
    if is_postgresql(session):
        session.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_append_only"))
        return ["ALTER TABLE audit ENABLE TRIGGER audit_append_only"]
    rows = session.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
    ).all()
    for name, _sql in rows:
        session.execute(text(f"DROP TRIGGER {name}"))
    return [sql for _name, sql in rows]
