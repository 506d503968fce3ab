"""The effects of outreach → rows, and the call of a number, from the console or from LINE."""

from datetime import datetime
from typing import assert_never

from sqlalchemy.orm import Session

from bot.clock import now_ms
from bot.outreach.tools import helper_of
from db import event_queue, help_wishes, inbox, riders, volunteers
from db.campaigns import Campaign
from db.event_queue import EventGuest
from db.rollups import thai_day
from handlers.effects import AllowHelp, CallNumber, NameVolunteer, RideAlong


def reach_out(
    session: Session,
    talk: str,
    effect: NameVolunteer | AllowHelp | CallNumber | RideAlong,
    now: datetime,
) -> None:
    """Write one effect of this person; without the right to it nothing happens. Raises Taken."""
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
        case RideAlong(number):
            riders.ride(session, talk, number)
        case _:
            assert_never(effect)


def call_number(session: Session, event: Campaign, number: int, now: datetime) -> EventGuest | None:
    """Call a number and tell its person in LINE; None when it was called before."""
    guest = event_queue.call(session, event.code, number, now)
    if guest is not None and guest.user:
        wish = {"kind": "event_call", "values": {"number": str(number), "name": event.name}}
        key = f"event{event.code}{number}"
        inbox.store_own(session, "staff", guest.user, wish, key, now_ms())
    return guest
