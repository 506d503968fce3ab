"""Next: opens the lead that is due first and lends it to me."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.staff.context import audited, engine, me, now, scope
from bot.staff.guard import needs
from bot.staff.pages.leads import WORKERS
from db.lead_queue import give_back, take_next
from db.lead_search import find
from db.session import transaction

page = Blueprint("queue", __name__)


@page.get("/next")
@needs(*WORKERS)
def empty() -> ResponseReturnValue:
    """Shown when nothing is due; the button there asks again."""
    return render_template("staff/queue_empty.html")


@page.post("/next")
@needs(*WORKERS)
def next_lead() -> ResponseReturnValue:
    """Lend me the next lead and open it."""
    return open_next()


def open_next() -> ResponseReturnValue:
    """To the next lead, lent to me; to a kind word when there is none."""
    with transaction(engine()) as session:
        lead = take_next(session, scope(), me().id, now())
        reference = lead.reference if lead is not None else ""
    if not reference:
        return redirect(url_for("staff.queue.empty"), 303)
    return redirect(url_for("staff.lead.show", reference=reference, queue=1), 303)


@page.post("/give-back/<reference>")
@needs(*WORKERS)
def back(reference: str) -> ResponseReturnValue:
    """Let a lead go without a decision."""
    with transaction(engine()) as session:
        lead = find(session, scope(), reference)
        if lead is not None:
            give_back(session, lead, me().id)
            audited(session, "skip", reference=reference, detail="give_back")
    return redirect(url_for("staff.leads.index"), 303)
