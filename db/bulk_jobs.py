"""One action on all leads that match a filter, done in small steps by a job.

A step takes the next few leads by number, so that it can stop and go on, and a lead is never done
twice. What the person who asked may see bounds it: the scope is kept with the job.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db import lead_work
from db.base import Base
from db.lead_search import Filters, Scope, by_number
from db.lead_tables import BigId, Registration
from db.lead_work import Act, Refused
from db.types import UtcDateTime

STEP = 50
ASSIGN, CLOSE, MESSAGE = "assign", "close", "message"
ACTIONS = (ASSIGN, CLOSE, MESSAGE)
WAITING, RUNNING, DONE, STOPPED = "waiting", "running", "done", "stopped"


class BulkJob(Base):
    """What somebody asked for, and how far it got."""

    __tablename__ = "bulk_jobs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    action: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(String(60))
    """Whom to assign to, `status:reason` to close with, or the canned text to send."""
    filters: Mapped[str] = mapped_column(Text)
    provinces: Mapped[str] = mapped_column(Text)
    offices: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")
    state: Mapped[str] = mapped_column(String(8), index=True)
    last_lead: Mapped[int] = mapped_column(BigId, default=0)
    until_lead: Mapped[int] = mapped_column(BigId)
    """Leads that came after it was asked for are left alone."""
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Wish:
    """A bulk action before it is asked for."""

    action: str
    value: str
    filters: Filters
    scope: Scope


Sender = Callable[[Session, Registration, Act, str, BulkJob], None]
"""Sends a canned text to the person of a lead; the console gives it, since it knows the inbox."""


def ask(session: Session, wish: Wish, staff: int, total: int, now: datetime) -> BulkJob:
    """Put the action in line."""
    newest = session.scalar(select(Registration.id).order_by(Registration.id.desc()).limit(1))
    job = BulkJob(
        staff=staff,
        action=wish.action,
        value=wish.value,
        filters=json.dumps(asdict(wish.filters), default=str, ensure_ascii=False),
        provinces=json.dumps(wish.scope.provinces, ensure_ascii=False),
        offices=json.dumps(wish.scope.offices),
        state=WAITING,
        until_lead=newest or 0,
        total=total,
        created_at=now,
    )
    session.add(job)
    session.flush()
    return job


def step(session: Session, now: datetime, send: Sender) -> int:
    """Do the next few leads of the oldest job; how many were looked at (0: nothing to do)."""
    chosen = select(BulkJob).where(BulkJob.state.in_((WAITING, RUNNING))).order_by(BulkJob.id)
    job = session.scalars(chosen.limit(1).with_for_update(skip_locked=True)).first()
    if job is None:
        return 0
    job.state = RUNNING
    leads = _next_leads(session, job, now)
    for lead in leads:
        try:
            with session.begin_nested():
                _one(session, job, lead, Act(job.staff, lead.version, now), send)
            job.done += 1
        except Refused:
            job.refused += 1
        job.last_lead = lead.id
    if len(leads) < STEP:
        job.state, job.finished_at = DONE, now
    session.flush()
    return max(len(leads), 1)


def stop(session: Session, job: BulkJob, now: datetime) -> None:
    """What is done stays done; the rest is left."""
    if job.state in (WAITING, RUNNING):
        job.state, job.finished_at = STOPPED, now


def filters_of(job: BulkJob) -> Filters:
    """The filters as they were when it was asked for."""
    told: Mapping[str, object] = json.loads(job.filters)
    days = {name: _day(told.get(name)) for name in ("created_from", "created_to")}
    return Filters(**{**told, **days})  # type: ignore[arg-type]  # written by `ask` from a Filters


def _next_leads(session: Session, job: BulkJob, now: datetime) -> list[Registration]:
    provinces = json.loads(job.provinces)
    offices = tuple(json.loads(job.offices))
    scope = Scope(None if provinces is None else tuple(provinces), offices)
    chosen = by_number(scope, filters_of(job), now, after=job.last_lead, limit=STEP)
    return [lead for lead in session.scalars(chosen) if lead.id <= job.until_lead]


def _one(session: Session, job: BulkJob, lead: Registration, act: Act, send: Sender) -> None:
    if lead.lease_until is not None and lead.lease_until > act.now and lead.lease_by != job.staff:
        raise Refused("held")
    if job.action == ASSIGN:
        lead_work.assign(session, lead, act, int(job.value))
    elif job.action == CLOSE:
        status, _, reason = job.value.partition(":")
        lead_work.close(session, lead, act, status, reason)
    else:
        send(session, lead, act, job.value, job)


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None
