"""The bot's answers and facts: what is told, since when, and where it comes from."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from bot.rewording import pages_on
from bot.staff import wording
from bot.staff.context import now, rows
from bot.staff.guard import needs
from db import rewordings
from db.rollups import thai_day
from db.staff import Role
from nlp.answering.content import content
from nlp.facts import book, facts_on, source, stale_facts
from nlp.intents import Intent

page = Blueprint("answers", __name__, url_prefix="/answers")
WRITERS = (Role.ADMIN, Role.EDITOR)
READERS = (Role.ADMIN, Role.SUPERVISOR, Role.EDITOR)
"""Those who may approve what another wrote."""


@page.get("/")
@needs(*READERS)
def index() -> ResponseReturnValue:
    """Every answer, and what waits for a second person."""
    today = thai_day(now())
    changed = {row.page for row in rewordings.told_on(rows(), today)}
    named = sorted((wording.name_of(one.value), one) for one in Intent)
    return render_template(
        "staff/answers.html",
        answers=[
            (one, name, content(one), wording.sureness(content(one), today), one.value in changed)
            for name, one in named
        ],
        waiting=[
            (wording.past(rows(), row), wording.name_of(row.page))
            for row in rewordings.drafts(rows())
        ],
    )


@page.get("/facts")
@needs(*READERS)
def facts() -> ResponseReturnValue:
    """Every fact in force, where it comes from and which answers tell it."""
    today, told = thai_day(now()), wording.telling()
    return render_template(
        "staff/facts.html",
        facts=[(fact, told.get(fact.key, [])) for fact in facts_on(today)],
        coming=list(wording.coming(today)),
        old={fact.key for fact in stale_facts(today)},
        checked=book().checked_on,
        source=source,
        name_of=wording.name_of,
    )


@page.get("/<intent>/")
@needs(*READERS)
def show(intent: str) -> ResponseReturnValue:
    """One answer: every case of it as people see it now, its facts, its history."""
    name = Intent(intent) if intent in set(Intent) else abort(404)
    today = thai_day(now())
    told = pages_on(rows(), today).get(name) or content(name)
    return render_template(
        "staff/answer.html",
        intent=name,
        name=wording.name_of(name.value),
        say=content(name).say,
        shown=wording.shown(told, name, rewordings.told_on(rows(), today), today),
        case_name=wording.case_name,
        sources=wording.sources_of(content(name)),
        facts=wording.facts_of(content(name), today),
        history=[wording.past(rows(), row) for row in rewordings.of_page(rows(), name.value)],
    )
