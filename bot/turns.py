"""One turn of a talk: its pending events decided in order, everything to be written gathered.

No database and no LINE in here; the worker writes a turn in one transaction, or throws it away.
"""

import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import orjson

from bot import metrics, tracing
from bot.words import text_message
from db.conversations import TalkState
from db.inbox import PendingEvent
from db.outbox import MESSAGE, Outgoing
from handlers.effects import Effect

EVENTS_A_TURN = 16
SLICE_S = 0.005
"""What a talk may compute in one turn, as long as an event begun is ended: then others come."""
REST_MS = 20
"""How long a talk leaves the others alone after its turn; nobody reads and answers as fast."""
REST_A_MESSAGE_MS = 2.0
"""So much longer for each message that it has lately sent without waiting for an answer."""
LONGEST_REST_MS = 300
TRIES = 3
"""An event that raises this often is given up; the person gets an apology, the next one goes on."""
DEADLY_TRIES = 12
"""An event whose worker died this often is given up without another look."""
RETRY_MS = 1000
REFILL_A_MS = 5 / 1000
"""Faster than anybody types, by the time of sending: a stall of ours must not look like a flood."""
PENALTY = 40.0
_NAMESPACE = uuid.UUID("5b0c6d40-4040-5040-8040-404040404040")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decided:
    """What the conversation made of an event. `token`: its reply token, empty if there is none.

    metered: a person's own doing, that counts against the talk's allowance.
    """

    state: str
    messages: list[dict[str, Any]]
    effects: Sequence[Effect] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What the worker must know of an event before it is decided on."""

    token: str = ""
    metered: bool = False


class Decider(Protocol):
    """The conversation, as the worker needs it: bot.deciding in earnest, a fake in tests."""

    def read(self, event: PendingEvent) -> Read: ...
    def decide(self, talk: str, state: str, event: PendingEvent, now_ms: int) -> Decided: ...


@dataclass(slots=True)
class Turn:
    """What is to be written. `wishes`: (event id, its effects) in order."""

    state: TalkState
    before: TalkState
    done: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    rows: list[Outgoing] = field(default_factory=list)
    wishes: list[tuple[PendingEvent, Sequence[Effect]]] = field(default_factory=list)
    ready_ms: int | None = None
    """When to look again at this talk; None: when something comes."""
    rests_until_ms: int = 0
    """Until then the others come first, whatever comes."""

    @property
    def talk(self) -> str:
        """Whose turn it is."""
        return self.state.talk

    def add_row(self, event: PendingEvent, kind: str, body: dict[str, Any]) -> None:
        """One more call to LINE, after the ones before it. The id is the same on every try."""
        number = sum(row.event_id == event.event_id for row in self.rows)
        self.rows.append(
            Outgoing(
                id=str(uuid.uuid5(_NAMESPACE, f"{event.event_id}|{number}")),
                talk=self.talk,
                position=self.state.position,
                event_id=event.event_id,
                kind=kind,
                body=orjson.dumps(body),
                received_ms=event.received_ms,
            )
        )
        self.state.position += 1

    @property
    def worth_keeping(self) -> bool:
        """Whether losing this turn in a power cut would matter."""
        return bool(self.done or self.dead or self.failed)


def new_state(talk: str, burst: int, now_ms: int) -> TalkState:
    """A talk that starts."""
    return TalkState(talk, "", 0, float(burst), now_ms)


def take_turn(
    decider: Decider, state: TalkState, events: Sequence[PendingEvent], now_ms: int, burst: int
) -> Turn:
    """Decide on the events of one talk, in order, until one fails or has effects.

    What comes after an effect (a form that is handed in) may ask for what it wrote, so it waits
    for the next turn, and so does what comes after the slice: one with much to say must not hold up
    those with a word each, and rests the longer the more there is. An event that waits alone was
    sent after the last answer, as people do in a talk: it costs nothing of the allowance, however
    quick they are.
    """
    slice_ends = time.thread_time() + SLICE_S
    turn = Turn(state, replace(state))
    # After a failure the events go one by one, so that only the guilty one is counted.
    chosen = events[:1] if events and events[0].attempts else events
    seen = 0
    for event in chosen:
        seen += 1
        if event.attempts >= DEADLY_TRIES or not event.payload:
            _give_up(turn, event, "")
        elif not _one(decider, turn, event, now_ms, burst if len(events) > 1 else 0):
            turn.ready_ms = now_ms + RETRY_MS * (event.attempts + 1)
            return turn
        if turn.wishes or time.thread_time() > slice_ends:
            break
    if not turn.wishes:
        turn.rests_until_ms = now_ms + _rest_ms(turn.state, burst)
    if seen < len(events) or len(events) >= EVENTS_A_TURN:
        turn.ready_ms = turn.rests_until_ms or now_ms
    return turn


def _rest_ms(state: TalkState, burst: int) -> int:
    spent = burst - state.allowance if burst else 0
    return min(REST_MS + int(REST_A_MESSAGE_MS * max(spent, 0)), LONGEST_REST_MS)


def _one(decider: Decider, turn: Turn, event: PendingEvent, now_ms: int, burst: int) -> bool:
    """Decide on one event; False when it failed and is to be tried again."""
    read = Read()
    try:
        read = decider.read(event)
        if burst and read.metered and not _allowed(turn, event, read.token, burst):
            return True
        began = time.perf_counter()
        decided = decider.decide(turn.talk, turn.state.state, event, now_ms)
        metrics.DECIDE.observe(time.perf_counter() - began)
        tracing.span("decide", event.event_id, began, kind=decided.kind)
    except Exception:
        log.exception("an event could not be decided", extra={"event": event.event_id})
        if event.attempts + 1 < TRIES:
            turn.failed.append(event.event_id)
            return False
        _give_up(turn, event, read.token)
        return True
    metrics.DECIDED.labels(decided.kind).inc()
    turn.state.state = decided.state
    if decided.messages:
        body = {"token": read.token, "born": event.happened_ms, "messages": decided.messages}
        turn.add_row(event, MESSAGE, body)
    if decided.effects:
        turn.wishes.append((event, decided.effects))
    turn.done.append(event.event_id)
    return True


def undo(turn: Turn, event: PendingEvent, error: Exception) -> None:
    """The effects of `event` can't be written: of this turn only that is kept.

    After the last try the event is given up, so that the ones behind it are not held up.
    """
    log.error(
        "effects could not be written",
        extra={"event": event.event_id, "why": type(error).__name__},
        exc_info=error,
    )
    token = next((_token(row) for row in turn.rows if row.event_id == event.event_id), "")
    turn.state = replace(turn.before)
    for gathered in (turn.done, turn.dead, turn.rows, turn.wishes):
        gathered.clear()
    turn.ready_ms = event.received_ms
    if event.attempts + 1 < TRIES:
        turn.failed = [event.event_id]
    else:
        _give_up(turn, event, token)


def _token(row: Outgoing) -> str:
    return str(orjson.loads(row.body).get("token", ""))


def _give_up(turn: Turn, event: PendingEvent, token: str) -> None:
    metrics.DEAD.inc()
    turn.dead.append(event.event_id)
    if token:
        turn.add_row(event, MESSAGE, {"token": token, "messages": [text_message("sorry")]})


def _allowed(turn: Turn, event: PendingEvent, token: str, burst: int) -> bool:
    """Take one from the talk's allowance. When it is used up: one kind sentence, then silence."""
    state = turn.state
    passed_ms = max(event.happened_ms - state.allowance_ms, 0)
    state.allowance = min(state.allowance + passed_ms * REFILL_A_MS, float(burst))
    state.allowance_ms = max(event.happened_ms, state.allowance_ms)
    if state.allowance >= 1:
        state.allowance -= 1
        return True
    metrics.FLOODED.inc()
    if state.allowance >= 0:
        state.allowance = -PENALTY
        if token:
            body = {"token": token, "messages": [text_message("slow_down")]}
            turn.add_row(event, MESSAGE, body)
    turn.done.append(event.event_id)
    return False
