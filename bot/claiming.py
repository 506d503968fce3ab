"""What a round of the worker takes from the queue, with all that is known of it.

Chosen and locked first; leased, and read, in the same journey that writes the round before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from bot import metrics
from bot.turns import EVENTS_A_TURN
from db import conversations, inbox, outbox, people, talks
from db.bulk import pose
from db.conversations import TalkState
from db.inbox import PendingEvent
from db.outbox import Outgoing
from db.talks import Claim

Answers = Callable[[], list[Sequence[Any]]]


@dataclass(slots=True)
class Claimed:
    """Talks that are this worker's now, and what it must know to decide and to send."""

    talks: list[str]
    anew: list[str]
    """Those that were not this worker's a moment ago."""
    events: list[PendingEvent]
    states: dict[str, TalkState]
    rows: list[Outgoing]
    blocked: set[str]


NOTHING = Claimed([], [], [], {}, [], set())


def lease(session: Session, owner: str, claims: Sequence[Claim], until_ms: int) -> Answers:
    """Lease these talks and ask for what is known of them; for `read`, when the piece has ended."""
    if not claims:
        return list
    names = [claim.talk for claim in claims]
    return pose(
        session,
        talks.leasing(session, owner, names, until_ms),
        inbox.which_pending(session, names, EVENTS_A_TURN),
        conversations.which_states(session, names),
        outbox.which_open(session, names),
        people.who_blocked(session, names),
    )


def read(session: Session, claims: Sequence[Claim], answers: Answers) -> Claimed:
    """What was leased."""
    if not claims:
        return NOTHING
    _, pending, states, rows, blocked = answers()
    events = inbox.read(session, pending)
    taken_over = {claim.talk for claim in claims if claim.taken_over}
    if taken_over:
        events = _suspected(session, events, taken_over)
    return Claimed(
        [claim.talk for claim in claims],
        [claim.talk for claim in claims if claim.anew],
        events,
        conversations.read(session, states),
        outbox.read(session, rows),
        {row.user for row in blocked},
    )


def _suspected(
    session: Session, events: list[PendingEvent], taken_over: set[str]
) -> list[PendingEvent]:
    """A worker died holding these talks: count an attempt of each one's first event."""
    metrics.TAKEN_OVER.inc(len(taken_over))
    firsts: dict[str, str] = {}
    for event in events:
        if event.talk in taken_over:
            firsts.setdefault(event.talk, event.event_id)
    inbox.count_attempt(session, sorted(firsts.values()))
    guilty = set(firsts.values())
    return [
        replace(event, attempts=event.attempts + 1) if event.event_id in guilty else event
        for event in events
    ]
