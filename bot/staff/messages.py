"""Words from the console to the person: they enter by the inbox, so that the worker stays the only
writer of a talk, and are keyed, so that a double click is one message.

Kinds (handlers.events.StaffMessage): `message` {text, office}; about a lead, with the values of
`_told`: no_answer, appointment, member, ineligible, unreachable, withdrawn; `taken`, `given_back`
{office} when an officer takes over a talk and gives it back.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.clock import now_ms
from bot.staff.texts import BY_ID
from db import inbox, lead_work
from db.lead_cells import cell
from db.lead_tables import Registration
from db.lead_work import Act, Refused
from db.registrations import note_event, view
from db.rollups import THAI_TIME

LONGEST = 500
SHORTEST_TOKEN = 16


def wording(canned: str, text: str) -> str:
    """The officer's own words, else the canned text that was chosen."""
    own = text.strip()[:LONGEST]
    return own or (BY_ID[canned].words if canned in BY_ID else "")


def send(rows: Session, lead: Registration, act: Act, text: str, office: str, token: str) -> None:
    """Store a message for the person of this lead. `token`: the form's own, so it is sent once."""
    tell(rows, cell(rows, lead, "owner_id"), "message", {"text": text, "office": office}, token)
    note_event(rows, lead, act.now, "message", staff=act.staff, text=text)


def tell(rows: Session, user: str, kind: str, values: dict[str, str], token: str) -> None:
    """Store a word of an officer for a LINE account, once for this token."""
    if not token.isalnum() or len(token) < SHORTEST_TOKEN:
        raise Refused("changed")
    if user:
        wish = {"kind": kind, "values": values}
        inbox.store_own(rows, "staff", user, wish, f"m{token[:32]}", now_ms())


def send_due(rows: Session, now: datetime) -> int:
    """Tell people of changes whose half minute is over; how many. A job calls it often."""
    due = lead_work.due_notices(rows, now)
    for notice in due:
        lead = rows.get(Registration, notice.registration)
        if lead is not None and notice.kind:
            _store(rows, lead, notice.kind, _told(rows, lead), f"n{notice.id}")
    lead_work.forget_notices(rows, [notice.id for notice in due])
    return len(due)


def _told(rows: Session, lead: Registration) -> dict[str, str]:
    """What the words to the person may speak of."""
    seen = view(rows, lead)
    at = lead.appointment_at
    return {
        "reference": seen.reference,
        "first_name": seen.first_name,
        "status": seen.status,
        "callback_words": seen.callback_words,
        "province": seen.province,
        "due_on": seen.due_on.isoformat() if seen.due_on else "",
        "at": at.astimezone(THAI_TIME).isoformat(timespec="minutes") if at else "",
        "for_other": "1" if seen.for_other else "",
    }


def _store(rows: Session, lead: Registration, kind: str, values: dict[str, str], key: str) -> None:
    user = cell(rows, lead, "owner_id")
    if user:
        inbox.store_own(rows, "staff", user, {"kind": kind, "values": values}, key, now_ms())
