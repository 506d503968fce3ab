"""What an officer does with a lead: call attempts, appointments, closing, notes, merging, undo.

Each change goes up one version: a page that is out of date, or a double click, is refused. What the
person is told waits half a minute, so that the change can be taken back unseen.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db import board_counts, rollups, workdays
from db.lead_search import Scope, leads
from db.lead_tables import (
    APPOINTMENT,
    ASSIGNED,
    CONTACTING,
    INELIGIBLE,
    MEMBER,
    MERGED,
    NEW,
    OPEN,
    UNREACHABLE,
    WITHDRAWN,
    LeadEvent,
    Notice,
    Registration,
)
from db.registrations import note_event, set_status
from db.session import keys
from db.staff import UNBOUND, Role, Staff

UNDO = timedelta(seconds=30)
TRIES_ON_DIFFERENT_DAYS = 3
"""Before a person may be called unreachable."""
REACHED, NO_ANSWER, BUSY, WRONG_NUMBER, CALL_BACK = (
    "reached",
    "no_answer",
    "busy",
    "wrong_number",
    "call_back",
)
OUTCOMES = (REACHED, NO_ANSWER, BUSY, WRONG_NUMBER, CALL_BACK)
REASONS = {
    MEMBER: ("applied", "member_already"),
    INELIGIBLE: ("age", "insured_elsewhere", "state_worker", "nationality", "other"),
    UNREACHABLE: ("no_answer", "wrong_number"),
    WITHDRAWN: ("changed_mind", "not_asked_for", "other"),
}
PLAIN = ("status", "assigned_to", "attempts", "merged_into")
UNDOABLE = (*PLAIN, "due_on", "appointment_at", "first_contact_at")


class Refused(Exception):
    """The change is not allowed; `code` names why, for the words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes what version of a lead, when."""

    staff: int
    version: int
    now: datetime


def attempt(
    session: Session,
    lead: Registration,
    act: Act,
    outcome: str,
    *,
    note: str = "",
    appointment_at: datetime | None = None,
) -> None:
    """A call: reached, not reached, or an appointment to call again."""
    _check(lead, act)
    if lead.status not in OPEN:
        raise Refused("closed")
    if outcome not in OUTCOMES:
        raise Refused("outcome")
    if outcome == CALL_BACK and (appointment_at is None or appointment_at <= act.now):
        raise Refused("appointment")
    before, old = rollups.standing(lead), _snapshot(lead)
    lead.attempts += 1
    lead.assigned_to = act.staff
    lead.status = APPOINTMENT if outcome == CALL_BACK else CONTACTING
    lead.status_since = act.now
    lead.appointment_at = appointment_at if outcome == CALL_BACK else None
    lead.due_on = _due_after(outcome, appointment_at, act.now)
    _first_contact(session, lead, outcome, act.now)
    lead.lease_by = lead.lease_until = None
    lead.version += 1
    session.flush()
    rollups.changed(session, lead, before, act.now)
    note_event(session, lead, act.now, "attempt", value=outcome, staff=act.staff, text=note)
    told = {NO_ANSWER: "no_answer", BUSY: "no_answer", CALL_BACK: "appointment"}.get(outcome, "")
    _plan_notice(session, lead, act, told, old)


def close(
    session: Session, lead: Registration, act: Act, status: str, reason: str, *, note: str = ""
) -> None:
    """The lead is decided. Raises Refused when the rules of closing are not met."""
    _check(lead, act)
    if lead.status not in OPEN:
        raise Refused("closed")
    if reason not in REASONS.get(status, ()):
        raise Refused("reason")
    untried = days_tried(session, lead) < TRIES_ON_DIFFERENT_DAYS
    if status == UNREACHABLE and reason != WRONG_NUMBER and untried:
        raise Refused("tries")
    old = _snapshot(lead)
    if status in (MEMBER, INELIGIBLE):
        _first_contact(session, lead, REACHED, act.now)
    lead.assigned_to = act.staff
    set_status(session, lead, status, act.now, reason=reason, staff=act.staff)
    if note:
        note_event(session, lead, act.now, "note", staff=act.staff, text=note)
    _plan_notice(session, lead, act, status, old)


def assign(session: Session, lead: Registration, act: Act, staff: int | None) -> None:
    """Give a lead to somebody who can see it, or back to all."""
    _check(lead, act)
    if lead.status not in OPEN:
        raise Refused("closed")
    if staff is not None and not scope_of(session.get_one(Staff, staff)).sees(lead):
        raise Refused("elsewhere")
    before = rollups.standing(lead)
    lead.assigned_to = staff
    if lead.status in (NEW, ASSIGNED):
        lead.status = ASSIGNED if staff is not None else NEW
        lead.status_since = act.now
    lead.lease_by = lead.lease_until = None
    lead.version += 1
    session.flush()
    rollups.changed(session, lead, before, act.now)
    note_event(session, lead, act.now, "assigned", value=str(staff or ""), staff=act.staff)


def scope_of(person: Staff) -> Scope:
    """Which leads somebody may see."""
    if Role(person.role) in UNBOUND:
        return Scope(None)
    return Scope(person.provinces, person.offices)


def hand_over(session: Session, lead: Registration, act: Act, office: str) -> None:
    """Give a lead to one office of its province: the others do not see it any more."""
    _check(lead, act)
    if lead.status not in OPEN:
        raise Refused("closed")
    before, filed = rollups.standing(lead), rollups.of_office(lead)
    if lead.status == ASSIGNED:
        lead.status, lead.status_since = NEW, act.now
    lead.office, lead.assigned_to = office, None
    lead.lease_by = lead.lease_until = None
    lead.version += 1
    session.flush()
    rollups.changed(session, lead, before, act.now)
    rollups.handed_over(session, lead, filed)
    note_event(session, lead, act.now, "handed_over", value=office, staff=act.staff)


def skip(session: Session, lead: Registration, act: Act, reason: str, rest: timedelta) -> None:
    """Put it aside for a while; it comes back by itself."""
    lead.rest_until = act.now + rest
    lead.lease_by = lead.lease_until = None
    session.flush()
    note_event(session, lead, act.now, "skipped", reason=reason, staff=act.staff)


def note(session: Session, lead: Registration, act: Act, text: str) -> None:
    """A word among officers."""
    note_event(session, lead, act.now, "note", staff=act.staff, text=text)


def reopen(session: Session, lead: Registration, act: Act, reason: str) -> None:
    """Back into the queue after it was closed."""
    _check(lead, act)
    if lead.status in OPEN:
        raise Refused("open")
    lead.merged_into = None
    set_status(session, lead, NEW, act.now, reason=reason, staff=act.staff)
    note_event(session, lead, act.now, "reopened", reason=reason, staff=act.staff)


def merge(session: Session, lead: Registration, into: Registration, act: Act) -> None:
    """The same person twice: this lead ends in the other; its owner sees how the other stands."""
    _check(lead, act)
    if lead.id == into.id or into.status == MERGED:
        raise Refused("merge")
    old = _snapshot(lead)
    lead.merged_into = into.id
    set_status(session, lead, MERGED, act.now, reason="duplicate", staff=act.staff)
    note_event(session, lead, act.now, "merged", value=into.reference, staff=act.staff)
    note_event(session, into, act.now, "merged", value=lead.reference, staff=act.staff)
    _plan_notice(session, lead, act, "", old)


def undoable(session: Session, lead: Registration, now: datetime) -> Notice | None:
    """The last change, while it can still be taken back."""
    found = session.scalars(
        select(Notice).where(Notice.registration == lead.id).order_by(Notice.id.desc()).limit(1)
    ).first()
    return found if found is not None and found.send_at > now else None


def undo(session: Session, lead: Registration, act: Act) -> None:
    """Take the last change back; the person has not been told of it."""
    notice = undoable(session, lead, act.now)
    if notice is None or notice.payload is None:
        raise Refused("too_late")
    opened = keys(session).open(
        notice.payload, table=Notice.__tablename__, column="payload", row=lead.reference
    )
    told = json.loads(opened)
    if told["version"] != lead.version:
        raise Refused("changed")
    into = session.get(Registration, lead.merged_into) if lead.status == MERGED else None
    if into is not None:
        note_event(session, into, act.now, "parted", value=lead.reference, staff=act.staff)
    before, since, contact = rollups.standing(lead), lead.status_since, lead.first_contact_at
    for name, value in told["before"].items():
        setattr(lead, name, _restored(name, value))
    lead.status_since = act.now
    lead.version += 1
    session.delete(notice)
    session.flush()
    rollups.taken_back(session, lead, before, since)
    board_counts.follow(session, lead, before[0])
    if lead.status == MEMBER and before[0] != MEMBER:
        board_counts.member_again(session, lead)
    if contact is not None and lead.first_contact_at is None:
        rollups.add(session, [(key, -n) for key, n in rollups.waited(lead, contact)])
    note_event(session, lead, act.now, "undone", value=lead.status, staff=act.staff)


def days_tried(session: Session, lead: Registration) -> int:
    """On how many Thai days a call was tried."""
    moments = session.scalars(
        select(LeadEvent.at).where(LeadEvent.registration == lead.id, LeadEvent.kind == "attempt")
    )
    return len({rollups.thai_day(at) for at in moments})


def due_notices(session: Session, now: datetime, limit: int = 100) -> list[Notice]:
    """Words whose half minute is over, oldest first."""
    return list(
        session.scalars(
            select(Notice).where(Notice.send_at <= now).order_by(Notice.send_at).limit(limit)
        )
    )


def forget_notices(session: Session, numbers: list[int]) -> None:
    """These words are on their way."""
    session.execute(delete(Notice).where(Notice.id.in_(numbers)))


def release(session: Session, staff: int, keep: Scope | None = None) -> None:
    """Somebody left, or works elsewhere now: open leads out of their reach go back to all.

    keep: where they still work; None: nowhere.
    """
    theirs = Registration.assigned_to == staff, Registration.status.in_(OPEN)
    lost = update(Registration).where(*theirs)
    if keep is not None:
        still = leads(keep).where(*theirs).with_only_columns(Registration.id)
        lost = lost.where(Registration.id.not_in(still))
    session.execute(
        lost.values(assigned_to=None, lease_by=None, lease_until=None).execution_options(
            synchronize_session=False
        )
    )


def _check(lead: Registration, act: Act) -> None:
    if lead.version != act.version:
        raise Refused("changed")


def _due_after(outcome: str, appointment_at: datetime | None, now: datetime) -> date:
    if outcome == CALL_BACK and appointment_at is not None:
        return rollups.thai_day(appointment_at)
    return workdays.after(rollups.thai_day(now), 1)


def _first_contact(session: Session, lead: Registration, outcome: str, now: datetime) -> None:
    if lead.first_contact_at is None and outcome in (REACHED, CALL_BACK):
        lead.first_contact_at = now
        rollups.add(session, rollups.waited(lead, now))


def _snapshot(lead: Registration) -> dict[str, str | int | None]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name in UNDOABLE
        for value in (getattr(lead, name),)
    }


def _restored(name: str, value: str | int | None) -> object:
    if value is None or name in PLAIN:
        return value
    if name == "due_on":
        return date.fromisoformat(str(value))
    return datetime.fromisoformat(str(value))


def _plan_notice(
    session: Session,
    lead: Registration,
    act: Act,
    kind: str,
    before: dict[str, str | int | None],
) -> None:
    payload = json.dumps({"before": before, "version": lead.version})
    session.add(
        Notice(
            registration=lead.id,
            reference=lead.reference,
            send_at=act.now + UNDO,
            kind=kind,
            payload=keys(session).seal(
                payload, table=Notice.__tablename__, column="payload", row=lead.reference
            ),
        )
    )
    session.flush()
