"""What an officer does with a lead, each by POST and each logged."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.staff import messages
from bot.staff.context import audited, console, engine, me, now, scope
from bot.staff.guard import needs
from bot.staff.labels import _, choices, label
from bot.staff.offices import choices_in
from bot.staff.pages.lead import local_moment, shown, wanted
from bot.staff.pages.leads import WORKERS
from bot.staff.pages.queue import open_next
from db import lead_queue, lead_work
from db.lead_cells import cell
from db.lead_search import find
from db.lead_tables import Registration
from db.lead_work import Act, Refused
from db.registrations import note_event
from db.session import transaction
from db.staff import Role

page = Blueprint("lead_acts", __name__, url_prefix="/leads/<reference>")
LONGEST_NOTE = 1_000


@page.post("/decide")
@needs(*WORKERS)
def decide(reference: str) -> ResponseReturnValue:
    """A call (`attempt:outcome`) or the end (`close:status` with a reason)."""
    kind, _sep, value = request.form.get("act", "").partition(":")
    note = _note()

    def change(rows: Session, lead: Registration, act: Act) -> str:
        if kind == "attempt":
            moment = local_moment(request.form.get("appointment", ""))
            lead_work.attempt(rows, lead, act, value, note=note, appointment_at=moment)
            return label("outcome", value)
        if kind == "close":
            status, _sep, reason = value.partition(":")
            reason = reason or request.form.get(f"reason_{status}", "")
            lead_work.close(rows, lead, act, status, reason, note=note)
            return label("status", status)
        return abort(400)

    action = "attempt" if kind == "attempt" else "status"
    return _changed(reference, action, value, change, undoable=True)


@page.post("/undo")
@needs(*WORKERS)
def undo(reference: str) -> ResponseReturnValue:
    """Take the last change back, within its half minute."""

    def change(rows: Session, lead: Registration, act: Act) -> str:
        lead_work.undo(rows, lead, Act(act.staff, lead.version, act.now))
        return _("ยกเลิกการเปลี่ยนแล้ว")

    session.pop("undo", None)
    return _changed(reference, "undo", "", change, leave=False)


@page.post("/skip")
@needs(*WORKERS)
def skip(reference: str) -> ResponseReturnValue:
    """Put aside for two hours, with a reason, and open the next."""
    reason = request.form.get("reason", "")
    if reason not in dict(choices("skip")):
        abort(400)

    def change(rows: Session, lead: Registration, act: Act) -> str:
        lead_work.skip(rows, lead, act, reason, lead_queue.SKIPPED)
        return _("ข้ามไป 2 ชั่วโมง")

    return _changed(reference, "skip", reason, change)


@page.post("/note")
@needs(*WORKERS)
def note(reference: str) -> ResponseReturnValue:
    """A word among officers."""
    text = _note()
    if not text:
        return redirect(url_for("staff.lead.show", reference=reference))

    def change(rows: Session, lead: Registration, act: Act) -> str:
        lead_work.note(rows, lead, act, text)
        return _("จดไว้แล้ว")

    return _changed(reference, "note", "", change, leave=False)


@page.post("/assign")
@needs(*WORKERS)
def assign(reference: str) -> ResponseReturnValue:
    """Take it myself, or give it back to all."""
    mine = request.form.get("to") == "me"

    def change(rows: Session, lead: Registration, act: Act) -> str:
        lead_work.assign(rows, lead, act, me().id if mine else None)
        return _("รับดูแลแล้ว") if mine else _("คืนเข้าคิวแล้ว")

    return _changed(reference, "assign", "me" if mine else "all", change, leave=False)


@page.post("/hand-over")
@needs(*WORKERS)
def hand_over(reference: str) -> ResponseReturnValue:
    """Give it to one office of its province; mine may not be that one, so go back to the list."""
    office = request.form.get("office", "")

    def change(rows: Session, lead: Registration, act: Act) -> str:
        if office not in dict(choices_in([lead.province])):
            raise Refused("office")
        lead_work.hand_over(rows, lead, act, office)
        return _("ส่งต่อแล้ว")

    answer = _changed(reference, "assign", office[:8], change, leave=False)
    refused, ours = isinstance(answer, tuple), scope().offices
    if refused or not ours or office in ours:
        return answer
    return redirect(url_for("staff.leads.index"), 303)


@page.post("/reopen")
@needs(*WORKERS)
def reopen(reference: str) -> ResponseReturnValue:
    """Back into the queue."""

    def change(rows: Session, lead: Registration, act: Act) -> str:
        lead_work.reopen(rows, lead, act, "by_staff")
        return _("เปิดใหม่แล้ว")

    return _changed(reference, "reopen", "", change, leave=False)


@page.post("/merge")
@needs(*WORKERS)
def merge(reference: str) -> ResponseReturnValue:
    """The same person twice: end this lead in the other one."""

    def change(rows: Session, lead: Registration, act: Act) -> str:
        into = find(rows, scope(), request.form.get("into", ""))
        if into is None:
            raise Refused("merge")
        lead_work.merge(rows, lead, into, act)
        return _("รวมรายการแล้ว")

    return _changed(
        reference, "merge", request.form.get("into", "")[:20], change, leave=False, undoable=True
    )


@page.post("/takeover")
@needs(*WORKERS)
def takeover(reference: str) -> ResponseReturnValue:
    """Talk in the bot's place, or let it speak again."""
    kind = "taken" if request.form.get("to") == "me" else "given_back"

    def change(rows: Session, lead: Registration, act: Act) -> str:
        user, token = cell(rows, lead, "owner_id"), request.form.get("token", "")
        messages.tell(rows, user, kind, {"office": me().office}, token)
        note_event(rows, lead, act.now, kind, staff=act.staff)
        return _("คุณคุยเองแล้ว บอทจะเงียบ 30 นาที") if kind == "taken" else _("คืนให้บอทแล้ว")

    return _changed(reference, "message", kind, change, leave=False)


@page.post("/message")
@needs(*WORKERS)
def message(reference: str) -> ResponseReturnValue:
    """A word to the person on LINE."""
    text = messages.wording(request.form.get("canned", ""), request.form.get("text", ""))
    if not text:
        return redirect(url_for("staff.lead.show", reference=reference))

    def change(rows: Session, lead: Registration, act: Act) -> str:
        messages.send(rows, lead, act, text, me().office, request.form.get("token", ""))
        return _("ส่งข้อความแล้ว")

    return _changed(reference, "message", "", change, leave=False)


def _changed(
    reference: str,
    action: str,
    detail: str,
    change: Callable[[Session, Registration, Act], str],
    *,
    leave: bool = True,
    undoable: bool = False,
) -> ResponseReturnValue:
    """Make the change and log it in one transaction; a refusal shows the lead with the reason."""
    wanted(reference)
    version = request.form.get("version", "")
    act = Act(me().id, int(version) if version.isdigit() else -1, now())
    try:
        with transaction(engine()) as rows:
            lead = find(rows, scope(), reference) or abort(404)
            if lead_queue.holder(lead, me().id, now()) is not None and me().kind is Role.OFFICER:
                raise Refused("held")
            told = change(rows, lead, act)
            audited(rows, action, reference=reference, detail=detail)
    except Refused as refused:
        return shown(wanted(reference), "view", error=label("refused", refused.code))
    console().wake()
    if undoable:
        session["undo"] = {
            "reference": reference,
            "told": told,
            "until": (now() + lead_work.UNDO).isoformat(),
        }
    else:
        flash(told, "done")
    if leave and request.form.get("queue"):
        return open_next()
    return redirect(url_for("staff.lead.show", reference=reference), 303)


def _note() -> str:
    return request.form.get("note", "").strip()[:LONGEST_NOTE]
