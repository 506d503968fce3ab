"""The effects of outreach → rows, and the call of a number, from the console or from LINE."""

from datetime import datetime
from typing import assert_never

from sqlalchemy.orm import Session

from bot.outreach.tools import helper_of
from bot.staff import messages
from db import event_queue, help_wishes, volunteers
from db.campaigns import Campaign
from db.event_queue import EventGuest
from db.rollups import thai_day
from handlers.effects import AllowHelp, CallNumber, NameVolunteer


def reach_out(
    session: Session, talk: str, effect: NameVolunteer | AllowHelp | CallNumber, now: datetime
) -> None:
    """Write one effect of this person; without the right to it nothing happens."""
    today = thai_day(now)
    match effect:
        case NameVolunteer(name):
            mine = volunteers.of_person(session, talk, volunteers.VOLUNTEER, today)
            if mine is not None:
                volunteers.give_name(session, talk, mine.code, name)
        case AllowHelp(allowed):
            found = helper_of(session, talk, today) if allowed else None
            help_wishes.forget(session, talk)
            if found is not None:
                help_wishes.agree(session, talk, found.code, now)
        case CallNumber(code, number):
            event = volunteers.of_person(session, talk, volunteers.EVENT, today)
            if event is not None and event.code == code:
                call_number(session, event, number, now)
        case _:
            assert_never(effect)


def call_number(session: Session, event: Campaign, number: int, now: datetime) -> EventGuest | None:
    """Call a number and tell its person in LINE; None when it was called before."""
    guest = event_queue.call(session, event.code, number, now)
    if guest is not None and guest.user:
        values = {"number": str(guest.number), "name": event.name}
        token = f"event{event.code}{guest.number}".ljust(messages.SHORTEST_TOKEN, "x")
        messages.tell(session, guest.user, "event_call", values, token)
    return guest
