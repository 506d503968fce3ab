"""The day of an event: who waits, and calling the next number."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.outreach.doing import call_number
from bot.staff.context import audited, console, engine, now, rows
from bot.staff.guard import needs
from bot.staff.labels import _
from bot.staff.pages.campaigns import MAKERS, wanted
from db import event_queue, tallies
from db.campaigns import Campaign
from db.session import transaction
from handlers.display import grouped

page = Blueprint("events", __name__, url_prefix="/campaigns/<code>/queue")
MOST_SHOWN = 100


@page.get("/")
@needs(*MAKERS)
def show(code: str) -> ResponseReturnValue:
    """How far the event is, and the numbers that wait. No names: a number is all that is known."""
    found = _event(code)
    return render_template(
        "staff/event.html",
        campaign=found,
        code=grouped(found.code),
        standing=event_queue.standing(rows(), found.code),
        waiting=event_queue.waiting(rows(), found.code, MOST_SHOWN),
        figures=tallies.of(rows(), [found.code]).get(found.code, tallies.Figures()),
    )


@page.post("/")
@needs(*MAKERS)
def call(code: str) -> ResponseReturnValue:
    """Call the number that the page showed as the next one; its person is told in LINE."""
    found, number = _event(code), request.form.get("number", "")
    if not number.isascii() or not number.isdigit() or len(number) > 6:
        abort(400)
    with transaction(engine()) as session:
        guest = call_number(session, found, int(number), now())
        if guest is not None:
            audited(session, "event_call", detail=f"{found.code} {guest.number}")
    if guest is None:
        flash(_("หมายเลขนี้เรียกไปแล้ว"), "warn")
    else:
        console().wake()
    return redirect(url_for("staff.events.show", code=found.code), 303)


def _event(code: str) -> Campaign:
    found = wanted(code)
    return found if found.kind == "event" else abort(404)
