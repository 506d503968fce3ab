"""One lead on one screen: the form (masked), the talk beside it, history, likely duplicates."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.staff import masks, talk
from bot.staff.context import audited, engine, me, now, rows, scope
from bot.staff.guard import needs
from bot.staff.labels import birth_day, birth_year, choices
from bot.staff.offices import choices_in
from bot.staff.pages.leads import WORKERS, Row, as_rows
from bot.staff.texts import CANNED
from db.lead_cells import Person, cell, digits, person, plain_name
from db.lead_queue import holder
from db.lead_search import find, likely_same
from db.lead_tables import LeadEvent, Registration
from db.lead_work import REASONS, days_tried
from db.rollups import THAI_TIME
from db.session import keys, transaction
from db.staff import Staff

page = Blueprint("lead", __name__, url_prefix="/leads/<reference>")
REVEALS = {
    "contact": ("last_name", "phone"),
    "id_number": ("id_number",),
    "birth_on": ("birth_on",),
    "address": ("address",),
    "everything": ("last_name", "phone", "id_number", "birth_on", "address"),
}
MASKS = {
    "last_name": masks.last_name,
    "phone": masks.phone,
    "id_number": masks.id_number,
    "birth_on": birth_year,
    "address": masks.address,
}

SHOWN = {"phone": masks.dashed, "id_number": masks.dashed, "birth_on": birth_day}
"""How an opened field is written."""


@dataclass(frozen=True, slots=True)
class History:
    """One line of what happened."""

    event: LeadEvent
    who: str
    text: str


@page.get("/")
@needs(*WORKERS)
def show(reference: str) -> ResponseReturnValue:
    """The lead, masked. Looking is logged."""
    return shown(wanted(reference), "view")


@page.post("/reveal")
@needs(*WORKERS)
def reveal(reference: str) -> ResponseReturnValue:
    """The lead with some fields readable. Which ones, and why, is logged; their values are not."""
    lead = wanted(reference)
    what, why = request.form.get("what", ""), request.form.get("why", "")
    if what not in REVEALS or why not in dict(choices("reveal")):
        abort(400)
    return shown(lead, "reveal", frozenset(REVEALS[what]), f"{what}: {why}")


def wanted(reference: str) -> Registration:
    """The lead with this number, if it lies within what I may see; otherwise there is none."""
    lead = find(rows(), scope(), reference)
    return lead if lead is not None else abort(404)


def shown(
    lead: Registration,
    action: str,
    opened: frozenset[str] = frozenset(),
    detail: str = "",
    error: str = "",
) -> ResponseReturnValue:
    """The page of a lead, with these fields readable."""
    session = rows()
    html = render_template(
        "staff/lead.html",
        lead=lead,
        fields=_fields(person(session, lead), opened),
        opened=opened,
        words=cell(session, lead, "callback_words"),
        history=_history(lead),
        talk=talk.of(session, cell(session, lead, "owner_id")),
        same=_same(lead),
        earlier=_earlier(lead),
        tried=days_tried(session, lead),
        assigned=_name(lead.assigned_to),
        held_by=_name(holder(lead, me().id, now())),
        mine=lead.lease_by == me().id,
        offices=choices_in([lead.province]),
        reasons=REASONS,
        canned=CANNED,
        queue=request.values.get("queue", ""),
        error=error,
    )
    with transaction(engine()) as writing:
        audited(writing, action, reference=lead.reference, detail=detail)
    return html, 409 if error else 200


def _fields(who: Person, opened: frozenset[str]) -> dict[str, str]:
    return {
        "title": masks.short(who.title, 20),
        "first_name": masks.short(who.first_name),
        **{
            name: SHOWN.get(name, str)(getattr(who, name))
            if name in opened
            else mask(getattr(who, name))
            for name, mask in MASKS.items()
        },
    }


def _history(lead: Registration) -> list[History]:
    session = rows()
    found = session.execute(
        select(LeadEvent, Staff.name)
        .outerjoin(Staff, Staff.id == LeadEvent.staff)
        .where(LeadEvent.registration == lead.id)
        .order_by(LeadEvent.id.desc())
        .limit(60)
    )
    return [
        History(
            event,
            name or "",
            keys(session).open(
                event.text, table=LeadEvent.__tablename__, column="text", row=lead.reference
            )
            if event.text is not None
            else "",
        )
        for event, name in found
    ]


def _same(lead: Registration) -> list[tuple[Row, list[str]]]:
    """Those who may be the same person, and which fields are equal: told without showing them."""
    session = rows()
    mine = _compared(session, lead)
    found = likely_same(session, scope(), lead)
    told = [_compared(session, other) for other in found]
    equal = [[name for name in mine if mine[name] and mine[name] == one[name]] for one in told]
    return list(zip(as_rows(found), equal, strict=True))


def _compared(session: Session, lead: Registration) -> dict[str, str]:
    who = person(session, lead)
    return {
        "id_number": digits(who.id_number),
        "phone": digits(who.phone),
        "first_name": plain_name(who.first_name),
        "last_name": plain_name(who.last_name),
        "birth_on": who.birth_on,
    }


def _earlier(lead: Registration) -> int:
    """How many more leads hang on the same LINE account."""
    others = select(Registration.id).where(
        Registration.owner == lead.owner, Registration.id != lead.id
    )
    return len(rows().scalars(others.limit(20)).all())


def _name(staff: int | None) -> str:
    found = rows().get(Staff, staff) if staff is not None else None
    return found.name if found is not None else ""


def local_moment(text: str) -> datetime | None:
    """What a date-and-time field holds, as Thai time."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=THAI_TIME)
    except ValueError:
        return None
