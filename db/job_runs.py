"""When each job last ran: so that it runs once, however many clocks call for it, and is missed."""

from datetime import datetime, timedelta

from sqlalchemy import Integer, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.session import is_postgresql
from db.types import UtcDateTime


class JobRun(Base):
    """A job's last run that worked."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rows: Mapped[int] = mapped_column(Integer, default=0)


def is_due(session: Session, name: str, every: timedelta, now: datetime) -> bool:
    """Whether to run the job in this transaction; the others are kept out until it ends."""
    if is_postgresql(session):
        lock = text("SELECT pg_try_advisory_xact_lock(hashtext(:name))")
        if not session.execute(lock, {"name": f"job {name}"}).scalar_one():
            return False
    return is_late(session, name, every, now)


def is_late(session: Session, name: str, every: timedelta, now: datetime) -> bool:
    """Whether the last run is so long ago.

    A last run in the future is a clock that jumped, and doesn't hold the job up.
    """
    last = session.scalars(select(JobRun.done_at).where(JobRun.name == name)).first()
    return last is None or last > now or now - last >= every


def note(session: Session, name: str, rows: int, now: datetime) -> None:
    """The job has run."""
    session.merge(JobRun(name=name, done_at=now, rows=rows))


def last_runs(session: Session) -> dict[str, datetime]:
    """Every job's last run."""
    return {run.name: run.done_at for run in session.scalars(select(JobRun))}
