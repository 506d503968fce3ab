"""What the bot could not answer, and which facts are old: the content editor's page."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select

from bot.staff.context import audited, engine, now, rows
from bot.staff.guard import needs
from db.questions import UnansweredQuestion, read
from db.rollups import thai_day
from db.session import transaction
from db.staff import Role
from nlp.answers import labels
from nlp.facts import stale_facts
from nlp.intents import Intent

page = Blueprint("questions", __name__, url_prefix="/questions")
SHOWN = 100


@page.get("/")
@needs(Role.ADMIN, Role.EDITOR)
def index() -> ResponseReturnValue:
    """The newest questions without a label, and the facts that should be checked again."""
    wanted = select(UnansweredQuestion).where(UnansweredQuestion.label.is_(None))
    found = rows().scalars(wanted.order_by(UnansweredQuestion.asked_at.desc()).limit(SHOWN))
    return render_template(
        "staff/questions.html",
        questions=[(row, read(rows(), row)) for row in found],
        intents=_named_intents(),
        stale=stale_facts(thai_day(now())),
    )


def _named_intents() -> list[tuple[str, str]]:
    """The intents by the words on their buttons, in the order of the alphabet."""
    buttons = labels(Intent, str(get_locale() or "th"))
    pairs = zip((intent.value for intent in Intent), buttons, strict=True)
    return sorted(((name, button.label) for name, button in pairs), key=lambda pair: pair[1])


@page.post("/<path:number>/label")
@needs(Role.ADMIN, Role.EDITOR)
def name(number: str) -> ResponseReturnValue:
    """Say what a question was about; labelled ones feed the next training."""
    chosen = request.form.get("label", "")
    if chosen not in set(Intent):
        abort(400)
    with transaction(engine()) as session:
        row = session.get(UnansweredQuestion, number) or abort(404)
        row.label = chosen
        audited(session, "question", detail=chosen)
    return redirect(url_for("staff.questions.index"), 303)
