"""Other words for an answer: written and tried by one, approved by another, taken back."""

from datetime import date, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.rewording import as_rewording, pages_on
from bot.staff import wording
from bot.staff.context import audited, day_of, engine, me, now, rows
from bot.staff.guard import needs
from bot.staff.labels import label
from bot.staff.pages.answers import READERS, WRITERS
from db import rewordings
from db.rewordings import AnswerRewording, NotAllowed, Where
from db.rollups import thai_day
from db.session import transaction
from nlp.answering.compose import MAX_BUBBLES
from nlp.answering.content import Content, content
from nlp.intents import Intent
from nlp.rewording import Fault, Place, Rewording, faults, fingerprint, reworded, words_at
from nlp.trial import too_long

page = Blueprint("wordings", __name__, url_prefix="/wordings")
FURTHEST = timedelta(days=366)
SLOTS_WRONG = {"empty", "braces", "slot_missing", "slot_unknown"}
"""Words with these faults can't be shown as told."""
LONGEST = 2_000
"""Signs of a field; a bubble's own limit is told as a fault."""


@page.get("/new/<intent>")
@needs(*WRITERS)
def new(intent: str) -> ResponseReturnValue:
    """The form, with the words that are told now."""
    place = _place(intent)
    told = pages_on(rows(), thai_day(now())).get(place.page) or content(place.page)
    return _form(place, words_at(told, place), thai_day(now()), [], tried=False)


@page.post("/new/<intent>")
@needs(*WRITERS)
def write(intent: str) -> ResponseReturnValue:
    """Try new words, or keep them for a second person. What is wrong is told beside the fields."""
    place, words, today = _place(intent), _words(), thai_day(now())
    from_on = day_of(request.form.get("from_on", "")) or today
    found = _faults(place, words, from_on)
    if not today <= from_on <= today + FURTHEST:
        found.append(Fault("day"))
    if found or request.form.get("act") != "keep":
        return _form(place, words, from_on, found, tried=True)
    where = Where(place.page.value, place.variant, place.until, place.style)
    old = words_at(content(place.page), place)
    with transaction(engine()) as session:
        row = rewordings.draft(session, where, fingerprint(old), words, from_on, me().id, now())
        number = row.id
        audited(session, "answer_written", detail=_told(row))
    return redirect(url_for("staff.wordings.show", number=number), 303)


@page.get("/<int:number>/")
@needs(*READERS)
def show(number: int) -> ResponseReturnValue:
    """A wording beside what is told now."""
    return _shown(_wanted(number), "", 200)


@page.post("/<int:number>/<act>")
@needs(*READERS)
def decide(number: int, act: str) -> ResponseReturnValue:
    """Approve, refuse or take back."""
    row = _wanted(number)
    if act not in {"approve", "refuse", "take_back"}:
        abort(404)
    try:
        if act == "approve" and _can_not_be_told(row):
            raise NotAllowed("stale")
        with transaction(engine()) as session:
            if act == "take_back":
                rewordings.take_back(session, number, me().id, now())
            else:
                approved = act == "approve"
                rewordings.decide(session, number, me().id, now(), approved=approved)
            audited(session, f"answer_{act}", detail=_told(row))
    except NotAllowed as refused:
        return _shown(_wanted(number), label("wording_refused", refused.code), 409)
    flash(label("wording_done", act), "done")
    return redirect(url_for("staff.wordings.show", number=number), 303)


def _form(
    place: Place, words: tuple[str, ...], from_on: date, found: list[Fault], *, tried: bool
) -> ResponseReturnValue:
    page_now = content(place.page)
    example = None
    if tried and not SLOTS_WRONG & {fault.code for fault in found}:
        example = wording.example(_with(place, words), place, from_on)
    text = render_template(
        "staff/wording_new.html",
        place=place,
        name=wording.name_of(place.page.value),
        case=wording.case_name(place),
        fields=[*words, *[""] * (MAX_BUBBLES - len(words))][:MAX_BUBBLES],
        longest=LONGEST,
        from_on=from_on,
        today=thai_day(now()),
        slots=wording.slots_of(place, thai_day(now())),
        faults=[(label("wording_fault", fault.code), fault.what) for fault in found],
        example=example,
        before=wording.example(page_now, place, thai_day(now())),
    )
    return text, 422 if found and tried else 200


def _shown(row: AnswerRewording, error: str, status: int) -> ResponseReturnValue:
    one, today = as_rewording(row), thai_day(now())
    day = max(row.from_on, today)
    others = pages_on(rows(), today)
    told = others.get(one.place.page) or content(one.place.page) if one else None
    text = render_template(
        "staff/wording.html",
        past=wording.past(rows(), row),
        name=wording.name_of(row.page),
        case=wording.case_name(one.place) if one else row.variant,
        error=error,
        own=row.written_by == me().id,
        live=row.state == rewordings.APPROVED and row in rewordings.told_on(rows(), today),
        example=wording.example(_with(one.place, row.words), one.place, day) if one else None,
        before=wording.example(told, one.place, today) if one and told else None,
    )
    return text, status


def _place(intent: str) -> Place:
    """Where the words stand that an address names; 404 if there are none."""
    if intent not in set(Intent):
        abort(404)
    until = day_of(request.args.get("until", ""))
    variant, style = request.args.get("variant", "base"), request.args.get("style", "text")
    place = Place(Intent(intent), variant, until, style if style in ("text", "easy", "en") else "")
    return place if place.style and words_at(content(place.page), place) else abort(404)


def _words() -> tuple[str, ...]:
    """The bubbles of the form; line ends as the files have them."""
    given = [text.replace("\r\n", "\n").strip()[:LONGEST] for text in request.form.getlist("words")]
    return tuple(text for text in given if text)


def _faults(place: Place, words: tuple[str, ...], day: date) -> list[Fault]:
    found = faults(content(place.page), place, words)
    return found or too_long(_with(place, words), place, day)


def _can_not_be_told(row: AnswerRewording) -> bool:
    """Since it was written, a release may have brought other words or facts."""
    one = as_rewording(row)
    return one is None or bool(_faults(one.place, one.words, max(row.from_on, thai_day(now()))))


def _with(place: Place, words: tuple[str, ...]) -> Content:
    """The file's page with these words."""
    page_now = content(place.page)
    return reworded(page_now, [Rewording(place, fingerprint(words_at(page_now, place)), words)])


def _wanted(number: int) -> AnswerRewording:
    return rows().get(AnswerRewording, number, populate_existing=True) or abort(404)


def _told(row: AnswerRewording) -> str:
    until = f" until {row.until}" if row.until else ""
    return f"{row.page} {row.variant} {row.style}{until} #{row.id}"
