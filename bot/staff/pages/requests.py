"""People who asked for a human: who waits, their talk, and an officer in the bot's place."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.staff import messages, talk
from bot.staff.context import audited, console, engine, me, now, rows, scope
from bot.staff.guard import needs
from bot.staff.labels import _
from bot.staff.pages.leads import WORKERS
from bot.staff.texts import CANNED
from db.lead_cells import owner_key
from db.lead_search import leads
from db.lead_tables import Registration
from db.requests import StaffRequest
from db.session import transaction

page = Blueprint("requests", __name__, url_prefix="/requests")
SHOWN = 100


@page.get("/")
@needs(*WORKERS)
def index() -> ResponseReturnValue:
    """Who waits, the longest first."""
    open_ones = select(StaffRequest).where(StaffRequest.closed_at.is_(None))
    found = rows().scalars(open_ones.order_by(StaffRequest.asked_at).limit(SHOWN))
    waiting = [(one, lead) for one in found for ok, lead in (_mine(one),) if ok]
    return render_template("staff/requests.html", waiting=waiting)


@page.get("/<path:number>/talk")
@needs(*WORKERS)
def show(number: str) -> ResponseReturnValue:
    """The talk of one who waits, with a field to answer in. Looking is logged."""
    one, lead = _wanted(number)
    with transaction(engine()) as session:
        reference = lead.reference if lead is not None else ""
        audited(session, "view", reference=reference, detail="talk")
    return render_template(
        "staff/request.html", one=one, lead=lead, talk=talk.of(rows(), one.user), canned=CANNED
    )


@page.post("/<path:number>/answer")
@needs(*WORKERS)
def answer(number: str) -> ResponseReturnValue:
    """A word, taking the talk over, or giving it back (which closes the request)."""
    one, lead = _wanted(number)
    act, token = request.form.get("act", "say"), request.form.get("token", "")
    text = messages.wording(request.form.get("canned", ""), request.form.get("text", ""))
    if act not in {"say", "taken", "given_back"} or (act == "say" and not text):
        return redirect(url_for("staff.requests.show", number=number), 303)
    with transaction(engine()) as session:
        kind = "message" if act == "say" else act
        messages.tell(session, one.user, kind, {"text": text, "office": me().office}, token)
        if act == "given_back":
            stored = session.get(StaffRequest, one.id)
            if stored is not None:
                stored.closed_at, stored.closed_by = now(), str(me().id)
        audited(session, "message", reference=lead.reference if lead else "", detail=act)
    console().wake()
    flash(_("คืนให้บอทแล้ว") if act == "given_back" else _("ส่งข้อความแล้ว"), "done")
    if act == "given_back":
        return redirect(url_for("staff.requests.index"), 303)
    return redirect(url_for("staff.requests.show", number=number), 303)


def _wanted(number: str) -> tuple[StaffRequest, Registration | None]:
    one = rows().get(StaffRequest, number)
    if one is None:
        abort(404)
    ok, lead = _mine(one)
    return (one, lead) if ok else abort(404)


def _mine(one: StaffRequest) -> tuple[bool, Registration | None]:
    """Whether I may see this person: a lead of theirs lies in my provinces, or they have none."""
    owned = Registration.owner == owner_key(rows(), one.user)
    visible = leads(scope()).where(owned).order_by(Registration.id.desc()).limit(1)
    lead = rows().scalars(visible).first()
    if lead is not None:
        return True, lead
    elsewhere = rows().scalar(select(Registration.id).where(owned).limit(1))
    return elsewhere is None, None
