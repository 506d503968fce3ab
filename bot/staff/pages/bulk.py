"""One action on all that match: a preview with a count, then a job with a progress bar."""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.staff import messages
from bot.staff.context import audited, console, engine, me, now, rows, scope
from bot.staff.guard import needs
from bot.staff.labels import label
from bot.staff.pages.leads import chosen, read_filters
from bot.staff.texts import BY_ID, CANNED
from db import bulk_jobs, lead_search
from db.bulk_jobs import ACTIONS, ASSIGN, CLOSE, MESSAGE, BulkJob, Wish
from db.lead_order import DUE
from db.lead_search import COUNT_CAP, count, within
from db.lead_tables import Registration
from db.lead_work import REASONS, Act
from db.session import transaction
from db.staff import Role, Staff

page = Blueprint("bulk", __name__, url_prefix="/bulk")
LEADERS = (Role.ADMIN, Role.SUPERVISOR)
SHOWN, EXAMPLES = 30, 5


@page.get("/")
@needs(*LEADERS)
def index() -> ResponseReturnValue:
    """What can be done with this filter, and the jobs so far."""
    filters = within(read_filters(request.args), scope())
    number = count(rows(), scope(), filters, now())
    first = lead_search.page(rows(), scope(), filters, sort=DUE, after="", now=now())
    return render_template(
        "staff/bulk.html",
        kept=chosen(filters),
        count=number,
        capped=number >= COUNT_CAP,
        example=[lead.reference for lead in first.leads[:EXAMPLES]],
        officers=_officers(),
        reasons=REASONS,
        canned=CANNED,
        jobs=_jobs(),
        told=told,
        running=any(job.state in ("waiting", "running") for job in _jobs()),
    )


@page.post("/")
@needs(*LEADERS)
def ask() -> ResponseReturnValue:
    """Put the job in line."""
    action = request.form.get("action", "")
    value = request.form.get(f"value_{action}", "")
    filters = within(read_filters(request.form), scope())
    if action not in ACTIONS or not _allowed(action, value):
        abort(400)
    number = count(rows(), scope(), filters, now())
    with transaction(engine()) as session:
        bulk_jobs.ask(session, Wish(action, value, filters, scope()), me().id, number, now())
        audited(session, "bulk", detail=f"{action} {value} {number} {chosen(filters)}")
    console().wake()
    return redirect(url_for("staff.bulk.index"), 303)


@page.post("/<int:number>/stop")
@needs(*LEADERS)
def stop(number: int) -> ResponseReturnValue:
    """Leave the rest of a job of mine."""
    with transaction(engine()) as session:
        job = session.get(BulkJob, number)
        if job is None or job.staff != me().id:
            abort(404)
        bulk_jobs.stop(session, job, now())
        audited(session, "bulk", detail=f"stop {number}")
    return redirect(url_for("staff.bulk.index"), 303)


def work(session: Session, now: datetime) -> int:
    """The next few leads of the oldest job; a job of the process calls it."""
    return bulk_jobs.step(session, now, send)


def send(session: Session, lead: Registration, act: Act, text: str, job: BulkJob) -> None:
    """A canned text to one person of a job, once."""
    person = session.get(Staff, job.staff)
    office = person.office if person is not None else ""
    token = f"bulk{job.id:08d}{lead.id:012d}"
    messages.send(session, lead, act, BY_ID[text].words, office, token)


def told(job: BulkJob) -> str:
    """What a job does, in words."""
    if job.action == MESSAGE:
        return BY_ID[job.value].name if job.value in BY_ID else job.value
    if job.action == CLOSE:
        status, _sep, reason = job.value.partition(":")
        return f"{label('status', status)} ({label(f'reason_{status}', reason)})"
    person = rows().get(Staff, int(job.value))
    return person.name if person is not None else job.value


def _allowed(action: str, value: str) -> bool:
    if action == ASSIGN:
        return value.isdigit() and int(value) in {person.id for person in _officers()}
    if action == CLOSE:
        status, _sep, reason = value.partition(":")
        return status != "member" and reason in REASONS.get(status, ())
    return value in BY_ID


def _officers() -> list[Staff]:
    """Those who could take leads of mine."""
    workers = (Role.OFFICER.value, Role.SUPERVISOR.value)
    found = rows().scalars(
        select(Staff).where(Staff.active, Staff.role.in_(workers)).order_by(Staff.name)
    )
    mine = scope().provinces
    return [one for one in found if mine is None or set(one.provinces) & set(mine)]


def _jobs() -> list[BulkJob]:
    chosen_jobs = select(BulkJob).order_by(BulkJob.id.desc()).limit(SHOWN)
    if me().kind is not Role.ADMIN:
        chosen_jobs = chosen_jobs.where(BulkJob.staff == me().id)
    return list(rows().scalars(chosen_jobs))
