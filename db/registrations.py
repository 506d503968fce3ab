"""Registrations as the person sees them: submit, correct, withdraw, reopen, hand over, know again.

Functions take the session of the worker's own transaction and never commit. Everything can be
asked twice: an event that is decided again changes nothing more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db import board_counts, lead_cells, rollups, tallies, workdays
from db.lead_cells import cell, digits, index, owner_key, put
from db.lead_tables import (
    ASSIGNED,
    CLOSED,
    MEMBER,
    MERGED,
    NEW,
    OPEN,
    SEALED_FIELDS,
    WAITING,
    WITHDRAWN,
    ConsentRow,
    HandoverCode,
    LeadEvent,
    NamePrefix,
    Registration,
)
from db.session import keys

FIRST_CALL_WORKING_DAYS = 3
"""By when an officer should have called: a promise of the service, told to the person."""
REOPENED_WORKING_DAYS = 1
AGE_BANDS = ((24, "15-24"), (34, "25-34"), (44, "35-44"), (54, "45-54"), (200, "55-65"))
CLEAR_FIELDS = ("card_kind", "province", "district", "tambon", "occupation", "contact_time")
COLUMN_LENGTHS = {"card_kind": 20, "province": 40, "occupation": 40, "contact_time": 40}


class GivenConsent(Protocol):
    """The consent as the conversation hands it over."""

    @property
    def version(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def read_by(self) -> str: ...
    @property
    def relationship(self) -> str: ...
    @property
    def guardian(self) -> bool: ...


class Form(Protocol):
    """A finished form; its values are checked already."""

    @property
    def reference(self) -> str: ...
    @property
    def callback_words(self) -> str: ...
    @property
    def consent(self) -> GivenConsent: ...
    @property
    def title(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def birth_on(self) -> date: ...
    @property
    def id_number(self) -> str | None: ...
    @property
    def card_kind(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def tambon(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def occupation(self) -> str: ...
    @property
    def option(self) -> int | None: ...
    @property
    def contact_time(self) -> str: ...
    @property
    def for_other(self) -> bool: ...
    @property
    def notify_only(self) -> bool: ...
    @property
    def campaign(self) -> str: ...
    @property
    def extra(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class LeadView:
    """A lead as its own person, or the helper who made it, may see it."""

    reference: str
    first_name: str
    status: str
    since: datetime
    province: str
    option: int | None
    callback_words: str
    due_on: date | None
    for_other: bool


def submit(
    session: Session, form: Form, *, event_id: str, user_id: str, now: datetime
) -> Registration:
    """Make the lead; the same reference again gives the lead that is there.

    event_id: the event that finished the form, kept in the history for tracing.
    """
    there = by_reference(session, form.reference)
    if there is not None:
        return there
    today = rollups.thai_day(now)
    lead = Registration(
        reference=form.reference,
        owner=owner_key(session, user_id),
        status=WAITING if form.notify_only else NEW,
        status_since=now,
        created_at=now,
        due_on=None if form.notify_only else workdays.after(today, FIRST_CALL_WORKING_DAYS),
        option=form.option,
        age_band=age_band(form.birth_on, today),
        channel=form.extra.get("channel", "helper" if form.for_other else "chat")[:12],
        campaign=form.campaign[:40],
        for_other=form.for_other,
        **{name: _fits(name, getattr(form, name)) for name in CLEAR_FIELDS},
    )
    put(session, lead, "owner_id", user_id)
    put(session, lead, "callback_words", form.callback_words)
    put(session, lead, "extra", json.dumps(dict(form.extra), ensure_ascii=False))
    _write_person(
        session,
        lead,
        {
            "title": form.title,
            "first_name": form.first_name,
            "last_name": form.last_name,
            "birth_on": form.birth_on.isoformat(),
            "id_number": form.id_number or "",
            "phone": form.phone,
            "address": form.address,
        },
    )
    session.add(lead)
    session.flush()
    _index_names(session, lead)
    add_consent(session, form.reference, form.consent)
    note_event(session, lead, now, "submitted", value=event_id[-40:])
    rollups.add(
        session,
        [*rollups.flow("submitted", lead, now), *rollups.moved(None, rollups.standing(lead))],
    )
    return lead


def correct(
    session: Session, *, user_id: str, reference: str, changes: Mapping[str, str], now: datetime
) -> bool:
    """Change fields of a lead of this account. False: there is no such lead here."""
    lead = _own(session, user_id, reference)
    if lead is None:
        return False
    before, lived = rollups.standing(lead), (lead.province, lead.district, lead.tambon)
    filed = rollups.of_office(lead)
    _write_person(session, lead, changes)
    for name in CLEAR_FIELDS:
        if name in changes:
            setattr(lead, name, _fits(name, changes[name]))
    lives = (lead.province, lead.district, lead.tambon)
    if lives != lived:
        lead.office = None
        if lead.province != lived[0]:
            _leave_to_all(lead, now)
        tallies.add_leads(session, dict.fromkeys(rollups.resettled(lead, *lived), -1))
        tallies.add_leads(session, dict.fromkeys(rollups.resettled(lead, *lives), 1))
    if "option" in changes:
        lead.option = int(changes["option"]) if changes["option"].isdigit() else None
    if "birth_on" in changes:
        born = date.fromisoformat(changes["birth_on"])
        lead.age_band = age_band(born, rollups.thai_day(lead.created_at))
    session.flush()
    _index_names(session, lead)
    lead.version += 1
    rollups.changed(session, lead, before, now)
    rollups.handed_over(session, lead, filed)
    for name in sorted(changes):
        note_event(session, lead, now, "corrected", value=name)
    return True


def withdraw(session: Session, *, user_id: str, reference: str, now: datetime) -> bool:
    """The person takes the wish back."""
    lead = _own(session, user_id, reference)
    if lead is None:
        return False
    if lead.status != WITHDRAWN:
        set_status(session, lead, WITHDRAWN, now, reason="by_person")
    return True


def reopen(session: Session, *, user_id: str, reference: str, now: datetime) -> bool:
    """«ยังไม่ได้รับการติดต่อ»: back into the queue, due on the next working day."""
    lead = _own(session, user_id, reference)
    if lead is None:
        return False
    if lead.status in (*CLOSED, WAITING):
        set_status(session, lead, NEW, now, reason="by_person")
    before = rollups.standing(lead)
    lead.due_on = workdays.after(rollups.thai_day(now), REOPENED_WORKING_DAYS)
    session.flush()
    rollups.changed(session, lead, before, now)
    note_event(session, lead, now, "reopened")
    return True


def set_status(
    session: Session,
    lead: Registration,
    status: str,
    now: datetime,
    *,
    reason: str = "",
    staff: int | None = None,
) -> None:
    """Move a lead and file it: history, gauges. A closed lead is nobody's work and not due."""
    before = rollups.standing(lead)
    if lead.status == MEMBER and status != MEMBER:
        rollups.member_no_more(session, lead, lead.status_since)
    old, lead.status, lead.status_since = lead.status, status, now
    lead.version += 1
    if status not in OPEN:
        lead.due_on = lead.appointment_at = None
        lead.lease_by = lead.lease_until = None
    elif lead.due_on is None:
        lead.due_on = workdays.after(rollups.thai_day(now), REOPENED_WORKING_DAYS)
    session.flush()
    rollups.changed(session, lead, before, now)
    board_counts.follow(session, lead, old)
    note_event(session, lead, now, "status", value=status, reason=reason, staff=staff)


def leads_of(session: Session, user_id: str) -> list[LeadView]:
    """What this LINE account may see, newest first."""
    rows = session.scalars(
        select(Registration)
        .where(Registration.owner == owner_key(session, user_id))
        .order_by(Registration.id.desc())
    )
    return [view(session, lead) for lead in rows]


def view(session: Session, lead: Registration) -> LeadView:
    """A merged lead shows how the one it went into stands."""
    shown = lead
    if lead.status == MERGED and lead.merged_into is not None:
        shown = session.get(Registration, lead.merged_into) or lead
    return LeadView(
        reference=lead.reference,
        first_name=cell(session, lead, "first_name"),
        status=shown.status,
        since=shown.status_since,
        province=lead.province,
        option=lead.option,
        callback_words=cell(session, shown, "callback_words"),
        due_on=shown.due_on,
        for_other=lead.for_other,
    )


def known(
    session: Session, *, id_number: str | None, name: str, birth_on: date, tambon: str
) -> str:
    """`same` (same ID number), `likely` (same name, birth date and tambon), or empty.

    Only leads that are still being worked on, or became members, count.
    """
    counted = Registration.status.in_((*OPEN, "member"))
    if id_number:
        wanted = index(keys(session), "id_number", digits(id_number))
        if _exists(session, Registration.id_number_index == wanted, counted):
            return "same"
    first, _, last = name.strip().partition(" ")
    who = lead_cells.person_key(session, first, last, birth_on.isoformat(), tambon)
    return "likely" if _exists(session, Registration.person_key == who, counted) else ""


def offer_handover(
    session: Session, *, user_id: str, reference: str, code: str, until: datetime
) -> bool:
    """Keep a one-time code for a lead of this account."""
    lead = _own(session, user_id, reference)
    if lead is None:
        return False
    hashed = index(keys(session), "handover", code)
    session.merge(HandoverCode(code=hashed, registration=lead.id, until=until))
    session.flush()
    return True


def handover_open(session: Session, code: str, now: datetime) -> LeadView | None:
    """The lead behind a code that is still good."""
    lead = _behind(session, code, now)
    return view(session, lead) if lead is not None else None


def claim(session: Session, *, user_id: str, code: str, now: datetime) -> bool:
    """The person takes the lead over; the helper sees nothing of it any more."""
    lead = _behind(session, code, now)
    if lead is None:
        return False
    lead.owner, lead.for_other = owner_key(session, user_id), False
    put(session, lead, "owner_id", user_id)
    session.execute(delete(HandoverCode).where(HandoverCode.registration == lead.id))
    note_event(session, lead, now, "claimed")
    session.flush()
    return True


def by_reference(session: Session, reference: str) -> Registration | None:
    """The lead with this number."""
    return session.scalars(select(Registration).where(Registration.reference == reference)).first()


def note_event(
    session: Session,
    lead: Registration,
    now: datetime,
    kind: str,
    *,
    value: str = "",
    reason: str = "",
    staff: int | None = None,
    text: str = "",
) -> LeadEvent:
    """One line of the lead's history."""
    row = LeadEvent(
        registration=lead.id,
        reference=lead.reference,
        at=now,
        kind=kind,
        value=value[:40],
        reason=reason[:40],
        staff=staff,
    )
    if text:
        row.text = keys(session).seal(
            text, table=LeadEvent.__tablename__, column="text", row=lead.reference
        )
    session.add(row)
    session.flush()
    return row


def add_consent(session: Session, reference: str, consent: GivenConsent) -> None:
    """Keep the proof of a consent."""
    row = ConsentRow(
        reference=reference,
        version=consent.version[:20],
        at=consent.at,
        relationship=consent.relationship[:40],
        guardian=consent.guardian,
    )
    if consent.read_by:
        row.read_by = keys(session).seal(
            consent.read_by, table=ConsentRow.__tablename__, column="read_by", row=reference
        )
    session.add(row)
    session.flush()


def age_band(born: date, today: date) -> str:
    """The class of ages for counting."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return next(name for top, name in AGE_BANDS if age <= top)


def _leave_to_all(lead: Registration, now: datetime) -> None:
    """Whoever had it works in the province before: nobody would call."""
    lead.assigned_to = lead.lease_by = lead.lease_until = None
    if lead.status == ASSIGNED:
        lead.status, lead.status_since = NEW, now


def _write_person(session: Session, lead: Registration, values: Mapping[str, str]) -> None:
    for name in SEALED_FIELDS:
        if name in values:
            put(session, lead, name, values[name])
    ring = keys(session)
    if "id_number" in values:
        number = digits(values["id_number"])
        lead.id_number_index = index(ring, "id_number", number) if number else None
    if "phone" in values:
        number = digits(values["phone"])
        lead.phone_index = index(ring, "phone", number) if number else None
    who = lead_cells.person(session, lead)
    tambon = values.get("tambon", lead.tambon)
    lead.person_key = lead_cells.person_key(
        session, who.first_name, who.last_name, who.birth_on, tambon
    )


def _index_names(session: Session, lead: Registration) -> None:
    names = (cell(session, lead, "first_name"), cell(session, lead, "last_name"))
    session.execute(delete(NamePrefix).where(NamePrefix.registration == lead.id))
    for number in sorted(lead_cells.name_tokens(keys(session), names)):
        session.add(NamePrefix(token=number, registration=lead.id, province=lead.province))
    session.flush()


def _fits(column: str, value: str) -> str:
    return value[: COLUMN_LENGTHS.get(column, 60)]


def _own(session: Session, user_id: str, reference: str) -> Registration | None:
    lead = by_reference(session, reference)
    return lead if lead is not None and lead.owner == owner_key(session, user_id) else None


def _behind(session: Session, code: str, now: datetime) -> Registration | None:
    found = session.get(HandoverCode, index(keys(session), "handover", code))
    if found is None or found.until < now:
        return None
    return session.get(Registration, found.registration)


def _exists(session: Session, *conditions: object) -> bool:
    chosen = select(Registration.id).where(*conditions).limit(1)  # type: ignore[arg-type]  # SQL conditions
    return session.scalar(chosen) is not None
