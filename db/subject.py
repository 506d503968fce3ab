"""The rights of the person: who looked, a copy of all that is held, and erasure."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db import rollups
from db.audit import AuditRow, write
from db.lead_cells import cell, owner_key, person
from db.lead_tables import ConsentRow, LeadEvent, Registration, Tombstone
from db.session import keys

LOOKS = ("view", "reveal", "print", "export")
SHOWN_ACCESSES = 20
ONE_LOOK = timedelta(minutes=10)
"""Looks of one office within this time are one look to the person."""


@dataclass(frozen=True, slots=True)
class AccessView:
    """A look at a person's data: which office, when, what. Never which officer."""

    at: datetime
    office: str
    what: str


def accesses_of(session: Session, user_id: str) -> list[AccessView]:
    """Who looked at the leads of this account, newest first."""
    references = select(Registration.reference).where(
        Registration.owner == owner_key(session, user_id)
    )
    rows = session.scalars(
        select(AuditRow)
        .where(AuditRow.reference.in_(references), AuditRow.action.in_(LOOKS))
        .order_by(AuditRow.id.desc())
        .limit(SHOWN_ACCESSES * 5)
    )
    found: list[AccessView] = []
    for row in rows:
        look = AccessView(row.at, row.office, row.action)
        if not any(_same_look(look, other) for other in found):
            found.append(look)
    return found[:SHOWN_ACCESSES]


def export_subject(session: Session, user_id: str) -> dict[str, Any]:
    """Everything held in registrations about this account, as JSON-ready values."""
    rows = session.scalars(
        select(Registration)
        .where(Registration.owner == owner_key(session, user_id))
        .order_by(Registration.id)
    ).all()
    return {
        "registrations": [_exported(session, lead) for lead in rows],
        "accesses": [
            {"at": look.at.isoformat(), "office": look.office, "what": look.what}
            for look in accesses_of(session, user_id)
        ],
    }


def erase(session: Session, user_id: str, now: datetime) -> int:
    """Erase the leads of this account; a keyed tombstone stays. The number of leads erased."""
    owner = owner_key(session, user_id)
    session.merge(Tombstone(owner=owner, erased_at=now))
    return erase_owner(session, owner, now)


def erase_owner(session: Session, owner: bytes, now: datetime) -> int:
    """Erase by keyed hash: also how tombstones are applied again after a restore."""
    leads = session.scalars(select(Registration).where(Registration.owner == owner)).all()
    for lead in leads:
        rollups.add(session, rollups.moved(rollups.standing(lead), None))
        session.execute(
            update(Registration).where(Registration.merged_into == lead.id).values(merged_into=None)
        )
        session.execute(delete(ConsentRow).where(ConsentRow.reference == lead.reference))
        session.execute(delete(Registration).where(Registration.id == lead.id))
        write(session, at=now, action="erase", reference=lead.reference)
    session.flush()
    return len(leads)


def _same_look(one: AccessView, other: AccessView) -> bool:
    return (one.office, one.what) == (other.office, other.what) and other.at - one.at < ONE_LOOK


def _exported(session: Session, lead: Registration) -> dict[str, Any]:
    consents = session.scalars(
        select(ConsentRow).where(ConsentRow.reference == lead.reference).order_by(ConsentRow.id)
    )
    history = session.scalars(
        select(LeadEvent).where(LeadEvent.registration == lead.id).order_by(LeadEvent.id)
    )
    clear = ("reference", "status", "option", "card_kind", "province", "district", "tambon")
    return {
        **{name: getattr(lead, name) for name in (*clear, "occupation", "contact_time")},
        **asdict(person(session, lead)),
        "callback_words": cell(session, lead, "callback_words"),
        "extra": json.loads(cell(session, lead, "extra") or "{}"),
        "campaign": lead.campaign,
        "channel": lead.channel,
        "for_other": lead.for_other,
        "created_at": lead.created_at.isoformat(),
        "status_since": lead.status_since.isoformat(),
        "consents": [
            {
                "version": row.version,
                "at": row.at.isoformat(),
                "relationship": row.relationship,
                "guardian": row.guardian,
                "read_by": _opened(session, row),
            }
            for row in consents
        ],
        "history": [
            {"at": row.at.isoformat(), "kind": row.kind, "value": row.value} for row in history
        ],
    }


def _opened(session: Session, row: ConsentRow) -> str:
    if row.read_by is None:
        return ""
    return keys(session).open(
        row.read_by, table=ConsentRow.__tablename__, column="read_by", row=row.reference
    )
