"""Effects → rows, in the transaction that writes the talk. Asked twice, they change nothing
more.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

import orjson
from sqlalchemy.orm import Session

from bot.clock import now_ms, utc
from bot.outreach.doing import reach_out
from db import (
    erasure,
    groups,
    help_wishes,
    inbox,
    links,
    people,
    questions,
    registrations,
    reminders,
    requests,
    rollups,
    touches,
)
from db.inbox import PendingEvent
from db.outbox import LEAVE, MENU
from handlers.effects import (
    AllowHelp,
    AskStaff,
    CallNumber,
    ClaimLead,
    CorrectRegistration,
    Effect,
    EraseMe,
    ForgetEvent,
    ForgetGroup,
    ForgetMessage,
    LeaveGroup,
    LinkGroup,
    NameVolunteer,
    NoteUnanswered,
    OfferHandOver,
    Remind,
    ReopenRegistration,
    RideAlong,
    SetMenu,
    SetNews,
    SetReachable,
    SetWeeklyCard,
    ShareMyData,
    SubmitRegistration,
    TouchCampaign,
    WithdrawRegistration,
)

Wanted = list[tuple[str, dict[str, str]]]


def apply(session: Session, talk: str, event: PendingEvent, effects: Sequence[Effect]) -> Wanted:
    """Write the effects of one event; gives the calls to LINE that they need, as (kind, body)."""
    wanted: Wanted = []
    now = utc(now_ms())
    for number, effect in enumerate(effects):
        wanted += _one(session, talk, event, f"{event.event_id}-{number}", effect, now)
    return wanted


def _one(  # noqa: C901 - one short case a kind of effect, checked to be complete
    session: Session,
    talk: str,
    event: PendingEvent,
    key: str,
    effect: Effect,
    now: datetime,
) -> Wanted:
    match effect:
        case SetMenu(menu):
            return _menu(session, talk, menu, now)
        case SetNews(wanted):
            people.person(session, talk, now).news = wanted
        case LinkGroup(code):
            groups.link(session, talk, code, now)
        case SetWeeklyCard(wanted):
            groups.ask_weekly(session, talk, wanted, now)
        case ForgetGroup():
            groups.forget(session, talk)
        case LeaveGroup():
            return [(LEAVE, {"chat_kind": _chat_kind(event)})]
        case SubmitRegistration():
            # The talk may be newer than the poster: the person remembers for it.
            form = replace(effect, campaign=effect.campaign or people.first_code(session, talk))
            registrations.submit(session, form, event_id=event.event_id, user_id=talk, now=now)
        case CorrectRegistration(reference, changes):
            registrations.correct(
                session, user_id=talk, reference=reference, changes=changes, now=now
            )
        case WithdrawRegistration(reference):
            registrations.withdraw(session, user_id=talk, reference=reference, now=now)
        case ReopenRegistration(reference):
            registrations.reopen(session, user_id=talk, reference=reference, now=now)
        case OfferHandOver(reference, code, until):
            registrations.offer_handover(
                session, user_id=talk, reference=reference, code=code, until=until
            )
        case ClaimLead(code):
            registrations.claim(session, user_id=talk, code=code, now=now)
        case EraseMe():
            erasure.erase(session, talk, now)
        case ForgetMessage(message_id):
            inbox.forget_message(session, talk, message_id)
        case AskStaff(why, reference):
            requests.ask(session, key, talk, why, reference, now)
        case NoteUnanswered(text, outcome):
            questions.note(session, key, text, outcome, now)
        case ForgetEvent():
            inbox.forget_event(session, event.event_id)
        case SetReachable(reachable):
            people.person(session, talk, now).reachable = reachable
        case Remind(kind, at, values):
            reminders.remind(session, talk, kind, at, values)
        case TouchCampaign(code):
            touches.touch(session, talk, code, min(utc(event.happened_ms), now))
        case NameVolunteer() | AllowHelp() | CallNumber() | RideAlong():
            reach_out(session, talk, effect, now)
        case ShareMyData(token, until):
            links.offer(session, talk, token, until)
        case _:
            assert_never(effect)
    return []


def _menu(session: Session, talk: str, menu: str, now: datetime) -> Wanted:
    who = people.person(session, talk, now)
    if who.menu == menu:
        return []
    who.menu = menu
    if menu != "progress":
        help_wishes.forget(session, talk)  # the form for which it was has gone
    if menu == "progress":
        rollups.count(session, "forms", now)
        touches.form_begun(session, talk, now)
    return [(MENU, {"menu": menu})]


def _chat_kind(event: PendingEvent) -> str:
    source = orjson.loads(event.payload).get("source")
    return str(source.get("type", "group")) if isinstance(source, dict) else "group"
