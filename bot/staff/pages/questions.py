"""What the bot could not answer, how it learns from that, and which facts are old: the content
editor's page.
"""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select

from bot.staff.context import audited, engine, me, now, rows
from bot.staff.guard import needs
from db import model_releases
from db.questions import COUNT_CAP, UnansweredQuestion, read, taught, waiting
from db.rollups import thai_day
from db.session import transaction
from db.staff import Role
from nlp.answers import labels
from nlp.facts import stale_facts
from nlp.intents import Intent
from nlp.lines import grouped

page = Blueprint("questions", __name__, url_prefix="/questions")
LOOKED_AT = 200
"""The newest questions, from which groups are made."""
SHOWN = 50
"""Groups on the page, those of most questions first."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask much the same, newest first."""

    rows: list[UnansweredQuestion]
    words: list[str]


@page.get("/")
@needs(Role.ADMIN, Role.EDITOR)
def index() -> ResponseReturnValue:
    """Questions without a label, like ones together; the last trainings; facts to check again."""
    waits = UnansweredQuestion.label.is_(None)
    newest = select(UnansweredQuestion).where(waits).order_by(UnansweredQuestion.asked_at.desc())
    found = list(rows().scalars(newest.limit(LOOKED_AT)))
    words = [read(rows(), row) for row in found]
    alike = grouped(words)
    return render_template(
        "staff/questions.html",
        groups=[
            Group([found[i] for i in numbers], [words[i] for i in numbers])
            for numbers in alike[:SHOWN]
        ],
        more=max(len(alike) - SHOWN, 0),
        waiting=waiting(rows()),
        most=COUNT_CAP,
        intents=_named_intents(),
        labelled=taught(rows()),
        trainings=model_releases.newest(rows()),
        now=now(),
        stale=stale_facts(thai_day(now())),
    )


def _named_intents() -> list[tuple[str, str]]:
    """The intents by the words on their buttons, in the order of the alphabet."""
    buttons = labels(Intent, str(get_locale() or "th"))
    pairs = zip((intent.value for intent in Intent), buttons, strict=True)
    return sorted(((name, button.label) for name, button in pairs), key=lambda pair: pair[1])


@page.post("/label")
@needs(Role.ADMIN, Role.EDITOR)
def name() -> ResponseReturnValue:
    """Say what questions were about; labelled ones feed the next training."""
    chosen = request.form.get("label", "")
    numbers = request.form.getlist("question")[:LOOKED_AT]
    if chosen not in set(Intent) or not numbers:
        abort(400)
    with transaction(engine()) as session:
        wanted = select(UnansweredQuestion).where(UnansweredQuestion.id.in_(numbers))
        found = list(session.scalars(wanted)) or abort(404)
        for row in found:
            row.label = chosen
        audited(session, "question", detail=f"{chosen} ×{len(found)}")
    if request.form.get("then") == "answer":
        return redirect(url_for("staff.answers.show", intent=chosen), 303)
    return redirect(url_for("staff.questions.index"), 303)


@page.post("/learn")
@needs(Role.ADMIN, Role.EDITOR)
def learn() -> ResponseReturnValue:
    """Ask for a training; it starts within a minute, beside everything else."""
    with transaction(engine()) as session:
        if model_releases.wish(session, me().id, now()):
            audited(session, "model_learn")
    return redirect(url_for("staff.questions.index") + "#learning", 303)


@page.post("/trainings/<number>/back")
@needs(Role.ADMIN, Role.EDITOR)
def back(number: str) -> ResponseReturnValue:
    """Talk with the model before."""
    with transaction(engine()) as session:
        if model_releases.take_back(session, number):
            audited(session, "model_back", detail=number)
    return redirect(url_for("staff.questions.index") + "#learning", 303)
