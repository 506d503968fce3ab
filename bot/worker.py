"""The one loop: claim talks, decide, write, hand over to the courier, write what came of it.

A round is one transaction: what was decided before, what LINE answered, which calls start now, and
which talks come next. Calls start only when the commit that says so is on the disk; the next round
does not wait for that. Everything written of a talk is fenced by its lease, so a worker that was
paused too long throws its turn away.
"""

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import claiming as queue
from bot import metrics
from bot.claiming import Claimed
from bot.courier import Courier, Line
from bot.delivery import Budget
from bot.hand import Hand, Start
from bot.posting import Posting
from bot.rests import Rests
from bot.turns import Decider, Turn, new_state, take_turn, undo
from bot.wake import Waker
from db import conversations, inbox, outbox, talks
from db.bulk import ask, commit_along, in_one_piece
from db.inbox import PendingEvent
from db.outbox import Outgoing
from db.standing import StandingConnection
from db.talks import Claim
from handlers.effects import Effect

TALKS_A_ROUND = 16
HAND_MAX = 1500
"""Rows in hand (LINE is slow or down) beyond which no more talks are claimed."""
POLL_S = 0.5
PATIENCE_MS = 2000
"""A worker that is paused inside a round must not hold up those who store webhooks."""
HEARTBEATS_A_LEASE = 4
AFTER_ERROR_S = 0.5
STOP_S = 20.0
OLDEST_EVERY = 4
"""Every so many rounds the oldest talks go first, so that a backlog is not left for ever."""
log = logging.getLogger(__name__)

Wanted = list[tuple[str, dict[str, str]]]
Apply = Callable[[Session, str, PendingEvent, Sequence[Effect]], Wanted]
"""bot.effects.apply: writes the effects; gives the calls to LINE that they need (kind, body)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The settings a worker needs."""

    flood_burst: int = 100
    push_budget: int = 3000
    lease_ms: int = 30_000
    """How long a worker may be silent until its talks are taken over."""


class Worker:
    """Owns the talks it has leased, and nothing else."""

    def __init__(
        self,
        engine: Engine,
        line: Line,
        decider: Decider,
        apply: Apply,
        waker: Waker,
        limits: Limits,
    ) -> None:
        self.owner = f"{os.uname().nodename[:16]}-{os.getpid()}-{secrets.token_hex(4)}"
        self.budget = Budget(limits.push_budget, 0)
        self.courier = Courier(line, waker.wake)
        self.deciding: tuple[str, float] | None = None
        """The talk being decided on, and since when (monotonic): for the loading animation."""
        self._connection = StandingConnection(engine, PATIENCE_MS)
        self._posting = Posting(engine, self.courier, waker.wake)
        self._decider = decider
        self._apply = apply
        self._waker = waker
        self._limits = limits
        self._hand = Hand()
        self._turns: list[Turn] = []
        self._marks: list[Outgoing] = []
        self._beat_ms = 0
        self._rests = Rests()
        self._rounds = 0
        self._look_again = False
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until `stop`; then let calls under way end, and give back what is held."""
        while not self._stopping.is_set():
            if not self._try_round():
                self._waker.wait(self._pause_s())
        self._finish()

    def stop(self) -> None:
        """End soon, losing nothing."""
        self._stopping.set()
        self._waker.wake()

    def close(self) -> None:
        """Give up its connections; the next round would open others."""
        self._connection.close()
        self._posting.close()

    def round(self, *, claiming: bool = True) -> bool:
        """One transaction, and the deciding after it; whether there is more to do at once."""
        era = self._posting.era()
        now = self._connection.now_ms()
        self._rounds += 1
        self._marks += self._hand.settle(self.courier.results(), now)
        turns, self._turns = self._turns, []
        wanted = TALKS_A_ROUND if claiming and len(self._hand) < HAND_MAX else 0
        durable = any(turn.worth_keeping for turn in turns) or bool(self._hand.due_talks(now))
        waits = durable and era is None
        with self._connection.transaction(durable=waits) as session:
            mine, claims = self._look(session, turns, wanted, now)
            turns = [turn for turn in turns if turn.talk in mine]
            self._write_effects(session, turns)
            with in_one_piece(session):
                starts = self._write(session, turns, mine, now)
                until = now + self._limits.lease_ms
                answers = queue.lease(session, self.owner, claims, until)
                commit_along(session, durable=waits)
            claimed = queue.read(session, claims, answers)
        self._marks.clear()
        self._posting.post(starts, era)
        for talk in claimed.anew:
            # One that stood still may hold rows that another has sent meanwhile, and let go.
            self._hand.drop(talk)
        self._hand.know_blocked(claimed.talks, claimed.blocked)
        self._hand.take(claimed.rows)
        self._turns = self._decide(claimed)
        metrics.IN_FLIGHT.set(len(self._hand))
        goes_on = self._rests.go_on(turns, now)
        return bool(self._turns or claimed.rows or goes_on)

    def _try_round(self, *, claiming: bool = True) -> bool:
        """A round; if the database fails, start over from what it says."""
        try:
            return self.round(claiming=claiming)
        except Exception:
            # What was decided is thrown away and decided again. Rows in flight are `trying` in the
            # database and will be found so; what LINE has answered is kept to be marked.
            log.exception("a round failed")
            metrics.LOOP_ERRORS.inc()
            self._hand.clear()
            self._turns.clear()
            self._look_again = True
            time.sleep(AFTER_ERROR_S)
            return True

    def _look(
        self, session: Session, turns: list[Turn], wanted: int, now: int
    ) -> tuple[set[str], list[Claim]]:
        """Which of the talks to be written are still ours, and which talks come next: all locked.

        In one journey to the database: others wait for these locks until the commit.
        """
        self._keep_leases(session, now)
        touched = {turn.talk for turn in turns} | {row.talk for row in self._marks}
        touched |= self._hand.due_talks(now)
        questions = [talks.which_mine(session, self.owner, sorted(touched))]
        if wanted:
            oldest = self._rounds % OLDEST_EVERY == 0
            lease_ms, rests = self._limits.lease_ms, self._rests.resting(now)
            questions += [
                talks.choosing(
                    session, self.owner, now, wanted, lease_ms, resting=rests, oldest_first=oldest
                ),
                talks.which_ready(session, rests, now),
            ]
        held, *found = ask(session, *questions)
        for row in found[1] if found else ():
            self._rests.wake_after(row.talk)
        mine = {row.talk for row in held}
        self._forget(touched - mine)
        return mine, talks.chosen(found[0], self.owner) if found else []

    def _keep_leases(self, session: Session, now: int) -> None:
        if self._look_again:
            talks.look_again(session, self.owner, now)
            self._look_again = False
        lease_ms = self._limits.lease_ms
        if not 0 <= now - self._beat_ms <= lease_ms // HEARTBEATS_A_LEASE:
            talks.extend(session, self.owner, now, lease_ms)
            self._connection.set_clock(session.connection())
            self._beat_ms = now

    def _write(self, session: Session, turns: list[Turn], mine: set[str], now: int) -> list[Start]:
        """Everything of the last round; the calls that may start after the commit."""
        if not mine:
            return []
        starts = self._write_outbox(session, turns, mine, now)
        self._write_turns(session, turns, now)
        idle = [talk for talk in sorted(mine) if not self._hand.holds(talk)]
        talks.let_go(session, self.owner, idle)
        return starts

    def _write_effects(self, session: Session, turns: list[Turn]) -> None:
        for turn in turns:
            if turn.wishes:
                self._write_wishes(session, turn)

    def _write_wishes(self, session: Session, turn: Turn) -> None:
        """The effects of a turn, all or none; a turn whose effects fail counts as a failure."""
        guilty = None
        try:
            with session.begin_nested():
                for guilty, effects in turn.wishes:
                    for kind, body in self._apply(session, turn.talk, guilty, effects):
                        turn.add_row(guilty, kind, body)
        except Exception as error:
            if guilty is None or getattr(error, "connection_invalidated", False):
                raise
            if _is_nobodys_fault(error):
                raise
            undo(turn, guilty, error)

    def _write_outbox(
        self, session: Session, turns: list[Turn], mine: set[str], now: int
    ) -> list[Start]:
        fresh = {row.id: row for turn in turns for row in turn.rows}
        self._hand.take(fresh.values())
        starts, ended = self._hand.start(now, self.budget)
        known = [row for row in self._marks if row.talk in mine]
        for row in [*ended, *(start.row for start in starts)]:
            if row.id in fresh:
                fresh[row.id] = row
            else:
                known.append(row)
        outbox.add(session, list(fresh.values()), now)
        # One row can be marked twice (an answer came, the next try starts): the last one counts.
        outbox.mark(session, list({row.id: row for row in known}.values()), now)
        return starts

    def _write_turns(self, session: Session, turns: list[Turn], now: int) -> None:
        told = [turn for turn in turns if turn.done or turn.dead]
        conversations.save(session, [turn.state for turn in told], now)
        done = [one for turn in told for one in turn.done]
        inbox.finish(session, done, [one for turn in told for one in turn.dead], now)
        inbox.count_attempt(session, [one for turn in turns for one in turn.failed])
        again = {turn.talk: turn.ready_ms for turn in turns if turn.ready_ms is not None}
        talks.put_back(session, again)

    def _decide(self, claimed: Claimed) -> list[Turn]:
        waiting: dict[str, list[PendingEvent]] = {talk: [] for talk in claimed.talks}
        for event in claimed.events:
            waiting[event.talk].append(event)
        turns = []
        for talk, events in waiting.items():
            self.deciding = (talk, time.monotonic())
            at = self._connection.now_ms()
            state = claimed.states.get(talk) or new_state(talk, self._limits.flood_burst, at)
            turn = take_turn(self._decider, state, events, at, self._limits.flood_burst)
            turns.append(turn)
            self._rests.begin(turn)
        self.deciding = None
        return turns

    def _forget(self, lost: set[str]) -> None:
        """Somebody else has these talks now: nothing of them is written, nothing is sent."""
        for talk in lost:
            metrics.FENCED.inc()
            self._hand.drop(talk)

    def _pause_s(self) -> float:
        now = self._connection.now_ms()
        times = [at_ms for at_ms in (self._hand.next_due_ms(), self._rests.next_ms()) if at_ms]
        return min([POLL_S, *(max((at_ms - now) / 1000, 0.001) for at_ms in times)])

    def _finish(self) -> None:
        until = time.monotonic() + STOP_S
        while time.monotonic() < until:
            self._try_round(claiming=False)
            if not self._turns and not self._hand.flying and not self._look_again:
                break
            self._waker.wait(0.05)
        self.courier.close()
        self._try_round(claiming=False)
        try:
            with self._connection.transaction() as session:
                talks.abandon(session, self.owner, self._connection.now_ms())
        except SQLAlchemyError:
            log.exception("the leases could not be given back; they run out by themselves")
        self.close()


def _is_nobodys_fault(error: Exception) -> bool:
    """Two transactions waited for one another (counts of the same places), or the server has no
    room or is going away: nobody's event is at fault, so the round is done again and no try is
    counted.
    """
    state = getattr(getattr(error, "orig", None), "sqlstate", "") or ""
    return state in {"40P01", "40001"} or state.startswith(("08", "53", "57P"))
