"""What is deleted when: the periods of each class, and the deletion in batches.

The periods are told to people in the privacy notice; whoever changes one changes the notice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from db import event_queue, help_wishes, links, staff, touches
from db.questions import UnansweredQuestion
from db.requests import StaffRequest

BATCH_ROWS = 5000
MESSAGES = timedelta(days=7)
"""What people wrote and were told."""
EVENT_IDS = timedelta(days=90)
"""That an event was seen (its id, no content): late copies are known by it."""
IDLE_TALK = timedelta(days=30)
"""The state of a talk in which nothing happens, half-made forms included."""
QUESTIONS = timedelta(days=180)
"""Questions the bot could not answer, masked."""
REQUESTS = timedelta(days=90)
"""Wishes to talk to a person that were dealt with."""


def purge_messages(session: Session, now: datetime) -> int:
    """Empty old payloads and bodies."""
    before = _ms(now - MESSAGES)
    return _batch(
        session,
        "UPDATE inbox SET payload = NULL WHERE event_id IN (SELECT event_id FROM inbox"
        " WHERE received_ms < :before AND status <> 0 AND payload IS NOT NULL LIMIT :rows)"
        " RETURNING event_id",
        before,
    ) + _batch(
        session,
        "UPDATE outbox SET body = NULL WHERE id IN (SELECT id FROM outbox"
        " WHERE created_ms < :before AND status >= 2 AND body IS NOT NULL LIMIT :rows)"
        " RETURNING id",
        before,
    )


def purge_ids(session: Session, now: datetime) -> int:
    """Delete the rows of events and calls that are long past."""
    before = _ms(now - EVENT_IDS)
    return _batch(
        session,
        "DELETE FROM inbox WHERE event_id IN (SELECT event_id FROM inbox"
        " WHERE received_ms < :before AND status <> 0 LIMIT :rows)"
        " RETURNING event_id",
        before,
    ) + _batch(
        session,
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox"
        " WHERE created_ms < :before AND status >= 2 LIMIT :rows)"
        " RETURNING id",
        before,
    )


def purge_talks(session: Session, now: datetime) -> int:
    """Forget talks in which nothing happens any more."""
    return _batch(
        session,
        "UPDATE conversations SET state = NULL WHERE talk IN (SELECT talk FROM conversations"
        " WHERE updated_ms < :before AND state IS NOT NULL LIMIT :rows)"
        " RETURNING talk",
        _ms(now - IDLE_TALK),
    )


def purge_lists(session: Session, now: datetime) -> int:
    """Delete old unanswered questions, requests that were dealt with, links that have run out."""
    gone = 0
    for table, past in (
        (UnansweredQuestion, UnansweredQuestion.asked_at < now - QUESTIONS),
        (StaffRequest, StaffRequest.closed_at < now - REQUESTS),
    ):
        some = select(table.id).where(past).limit(BATCH_ROWS)
        deleted = delete(table).where(table.id.in_(some)).returning(table.id)
        gone += len(session.execute(deleted).all())
    return gone + links.purge(session, now) + staff.purge_sessions(session, now)


def purge_outreach(session: Session, now: datetime) -> int:
    """Forget who came by which code, had which number, or asked a volunteer to help."""
    return sum(each.purge(session, now) for each in (touches, event_queue, help_wishes))


PURGES: tuple[Callable[[Session, datetime], int], ...] = (
    purge_messages,
    purge_ids,
    purge_talks,
    purge_lists,
    purge_outreach,
)


def _batch(session: Session, statement: str, before_ms: int) -> int:
    values = {"before": before_ms, "rows": BATCH_ROWS}
    return len(session.execute(text(statement), values).all())


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
