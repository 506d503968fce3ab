"""News to many: counted and written by one, approved by another, watched while it goes out."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.outreach import law_changes
from bot.outreach.mailing import LOUD_FROM, LOUD_TO, worded
from bot.outreach.ranks import SHARES, Rank, left
from bot.staff.context import audited, engine, me, now, rows, scope
from bot.staff.guard import needs
from bot.staff.labels import _, label
from bot.staff.pages.leads import lists, read_filters
from db import broadcasts, budget, insured, riders
from db.broadcast_tables import DRAFT, Broadcast
from db.broadcasts import FILTERS, NotAllowed
from db.news_reach import reach
from db.rollups import thai_day
from db.session import transaction
from db.staff import Role, Staff

page = Blueprint("broadcast", __name__, url_prefix="/news")
SENDERS = (Role.ADMIN, Role.SUPERVISOR)
LONGEST = 1_000
"""Longer news is not read on a small screen."""


@page.get("/")
@needs(*SENDERS)
def index() -> ResponseReturnValue:
    """The month's messages as a picture, and the last news."""
    today = thai_day(now())
    found = [one for one in broadcasts.newest(rows()) if _mine(one.chosen)]
    told = broadcasts.about_law(rows())
    return render_template(
        "staff/news.html",
        month=budget.month(rows(), today),
        shares=SHARES,
        ranks=list(Rank),
        news=found,
        ahead=[(day, told.get(day.about)) for day in _law_ahead()],
        sent={one.id: broadcasts.progress(rows(), one.id).get("sent", 0) for one in found},
    )


@page.get("/new")
@needs(*SENDERS)
def new() -> ResponseReturnValue:
    """The form of new news."""
    return _form({}, "", 200)


@page.post("/new")
@needs(*SENDERS)
def create() -> ResponseReturnValue:
    """Keep it as a draft that waits for a second person."""
    words = request.form.get("words", "").strip()
    filters = _filters(request.form)
    if not words or len(words) > LONGEST:
        told = _("เขียนข้อความไม่เกิน %(n)s ตัวอักษร", n=f"{LONGEST:,}")
        return _form(filters, told, 422)
    if not _mine(filters):
        return _form(filters, _("เลือกจังหวัดของคุณก่อน"), 422)
    with transaction(engine()) as session:
        number = broadcasts.draft(session, words, filters, me().id, now()).id
        audited(session, "news_written", detail=str(number))
    return redirect(url_for("staff.broadcast.show", number=number), 303)


@page.post("/law/<day>")
@needs(*SENDERS)
def of_law(day: str) -> ResponseReturnValue:
    """Keep the message about what changes on that day; its amounts come from the dated facts."""
    wanted = next((one for one in _law_ahead() if one.on.isoformat() == day), None) or abort(404)
    try:
        with transaction(engine()) as session:
            number = broadcasts.draft_of_law(
                session, wanted.message, wanted.about, wanted.options, me().id, now()
            ).id
            audited(session, "news_written", detail=str(number))
    except NotAllowed as refused:
        flash(label("broadcast_refused", refused.code), "warn")
        return redirect(url_for("staff.broadcast.index"), 303)
    return redirect(url_for("staff.broadcast.show", number=number), 303)


@page.get("/<int:number>/")
@needs(*SENDERS)
def show(number: int) -> ResponseReturnValue:
    """As people will see it, to how many, by whom, and how far it is."""
    found = _wanted(number)
    return _shown(found, "", 200)


@page.post("/<int:number>/<act>")
@needs(*SENDERS)
def change(number: int, act: str) -> ResponseReturnValue:
    """Approve, stop or resume."""
    _wanted(number)
    try:
        with transaction(engine()) as session:
            if act == "approve":
                broadcasts.approve(session, number, me().id, now())
            elif act == "stop":
                broadcasts.stop(session, number, "staff")
            elif act == "resume":
                broadcasts.resume(session, number)
            else:
                abort(404)
            audited(session, f"news_{act}", detail=str(number))
    except NotAllowed as refused:
        return _shown(_wanted(number), label("broadcast_refused", refused.code), 409)
    flash(label("news_done", act), "done")
    return redirect(url_for("staff.broadcast.show", number=number), 303)


def _shown(found: Broadcast, error: str, status: int) -> ResponseReturnValue:
    month = budget.month(rows(), thai_day(now()))
    people = _reached(found.chosen) if found.state == DRAFT else found.people
    names = [rows().get(Staff, one) for one in (found.created_by, found.approved_by) if one]
    text = render_template(
        "staff/news_one.html",
        news=found,
        error=error,
        seen=worded(found.words, law=bool(found.about)),
        people=people,
        room=left(month, Rank.DEADLINE if found.about else Rank.NEWS),
        progress=_progress(found.id),
        names=[one.name for one in names if one is not None],
        own=found.created_by == me().id,
        hours=(LOUD_FROM, LOUD_TO),
    )
    return text, status


def _progress(number: int) -> dict[str, int]:
    found = broadcasts.progress(rows(), number)
    still = riders.waiting(rows(), number)
    return {**found, "rides": still} if still else found


def _form(filters: dict[str, str], error: str, status: int) -> ResponseReturnValue:
    """Also counts: the form is sent by GET to see how many it reaches."""
    chosen = filters or _filters(request.args)
    counted = _reached(chosen) if _mine(chosen) and status == 200 else None
    text = render_template(
        "staff/news_new.html",
        chosen=chosen,
        words=request.values.get("words", ""),
        count=counted,
        error=error,
        room=left(budget.month(rows(), thai_day(now())), Rank.NEWS),
        longest=LONGEST,
        **lists(read_filters(chosen)),
    )
    return text, status


def _reached(chosen: Mapping[str, str]) -> int:
    """At most; of a change of the law, with those whose option stays as it is."""
    return insured.count(rows()) if "options" in chosen else reach(rows(), chosen)


def _filters(given: Any) -> dict[str, str]:
    """The filters that make sense; news goes to people, so there is no group of statuses."""
    read = read_filters({name: given.get(name, "") for name in FILTERS})
    found = {name: str(getattr(read, name) or "") for name in FILTERS}
    if found["status"] == "open":
        found["status"] = ""
    if found["option"] == "unsure":
        found["option"] = ""
    return {name: value for name, value in found.items() if value}


def _law_ahead() -> list[law_changes.Day]:
    """The law is the same everywhere: whoever looks after all provinces tells of it."""
    return law_changes.ahead(thai_day(now())) if scope().provinces is None else []


def _mine(filters: dict[str, str]) -> bool:
    """Whether everybody it reaches lives in my provinces."""
    return scope().provinces is None or scope().holds(filters.get("province", ""))


def _wanted(number: int) -> Broadcast:
    found = rows().get(Broadcast, number, populate_existing=True)
    if found is None or not _mine(found.chosen):
        abort(404)
    return found
