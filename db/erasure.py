"""Erasing a person: from every table at once, and again after a backup was restored."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db import (
    conversations,
    event_queue,
    help_wishes,
    inbox,
    links,
    outbox,
    people,
    reminders,
    requests,
    riders,
    subject,
    touches,
    volunteers,
)
from db.lead_cells import owner_key
from db.lead_tables import Tombstone

Erasures = Mapping[bytes, datetime]
"""Keyed hash of a LINE account → when it was erased."""


def erase(session: Session, user: str, now: datetime) -> None:
    """Erase everything that is held on a person; a keyed tombstone stays.

    What is still to be sent (that it was done) goes out, and is purged soon after. The state of
    the talk is the conversation's own to empty, in this same transaction.
    """
    subject.erase(session, user, now)
    inbox.forget(session, user)
    outbox.forget(session, user)
    reminders.forget(session, user)
    links.forget(session, user)
    people.forget(session, user)
    touches.forget(session, user)
    event_queue.forget(session, user)
    volunteers.forget(session, user)
    help_wishes.forget(session, user)
    riders.forget(session, user)
    requests.forget(session, user)


def erasures(session: Session) -> dict[bytes, datetime]:
    """Everybody who was ever erased."""
    return {row.owner: row.erased_at for row in session.scalars(select(Tombstone))}


def erase_again(session: Session, known: Erasures, now: datetime) -> int:
    """After a restore: erase those who were erased since the backup was made; how many.

    Whoever was erased before it, and came back, is not erased a second time.
    """
    restored = erasures(session)
    newer = {
        owner: at for owner, at in known.items() if owner not in restored or at > restored[owner]
    }
    if not newer:
        return 0
    for talk in _talks(session):
        if owner_key(session, talk) in newer:
            erase(session, talk, now)
            conversations.forget(session, talk)
    for owner, at in newer.items():
        subject.erase_owner(session, owner, now)
        session.merge(Tombstone(owner=owner, erased_at=at))
    return len(newer)


def _talks(session: Session) -> list[str]:
    """Every LINE user of whom anything may be held."""
    tables = ("talks", "conversations", "inbox", "outbox", "reminders", "staff_requests", "people")
    columns = {"staff_requests": '"user"', "people": '"user"'}
    parts = (f"SELECT {columns.get(name, 'talk')} AS talk FROM {name}" for name in tables)  # noqa: S608 - our own names
    return list(session.scalars(text(" UNION ".join(parts))))
