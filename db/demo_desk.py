"""What lies on the desks in demo mode besides leads: people who asked for an officer, questions for
the editors, a piece of news to approve, saved views.
"""

import json
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import broadcasts, questions, requests, staff
from db.demo_people import WORDS
from db.lead_cells import cell
from db.lead_tables import OPEN, Registration
from db.staff import Role, SavedView, Staff

ASKED = (("asked", 40), ("complaint", 95), ("asked", 8))
"""Why, and how many minutes ago."""
VIEWS = (
    {"overdue": "1", "mine": "1", "sort": "due"},
    {"status": "open", "occupation": "vendor", "sort": "oldest"},
)


def fill(session: Session, now: datetime) -> None:
    """Put something on every desk; for an installation whose leads are made up."""
    leads = select(Registration).where(Registration.status.in_(OPEN)).order_by(Registration.id)
    for lead, (why, minutes) in zip(session.scalars(leads.limit(len(ASKED))), ASKED, strict=False):
        key = f"demo/{lead.reference}"
        user = cell(session, lead, "owner_id")
        at = now - timedelta(minutes=minutes)
        requests.ask(session, key, user, why, lead.reference, at)
    for number, words in enumerate(WORDS["questions"]):
        at = now - timedelta(hours=number)
        outcome = "unknown" if number % 2 else "ask"
        questions.note(session, f"demo/{number}", words.replace("_", " "), outcome, at)
    _writers(session, now)


def _writers(session: Session, now: datetime) -> None:
    for person in session.scalars(select(Staff).order_by(Staff.id)):
        if person.role == Role.SUPERVISOR and person.provinces:
            for words in WORDS["news"]:
                chosen = {"province": person.provinces[0]}
                broadcasts.draft(session, words.replace("_", " "), chosen, person.id, now)
        if person.role == Role.OFFICER and not staff.views_of(session, person.id):
            for name, view in zip(WORDS["views"], VIEWS, strict=True):
                filters = json.dumps(view, ensure_ascii=False)
                session.add(SavedView(staff=person.id, name=name, filters=filters))
    session.flush()
