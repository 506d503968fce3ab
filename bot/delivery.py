"""Reply or push, and what an answer of LINE means: pure, so that every case can be tested.

A reply is free and takes no retry key; its token works once, for about a minute. A push costs
quota and its retry key (the row's id) makes it safe to repeat. So: reply while the token is young;
surely not delivered → again, or by push; unsure → the same way again, never the other one.
"""

import random
from dataclasses import dataclass, replace

import orjson

from bot.line.errors import LineError, Verdict
from bot.outreach.ranks import SHARES, Rank
from db.outbox import DROPPED, FAILED, LEAVE, MENU, SENT, TRYING, UNSURE, WAITING, Outgoing

REPLY, PUSH, CALL = "reply", "push", "call"
REPLY_FIRST_MS = 40_000
"""The oldest token worth a first try. A dead one is refused for sure, and a push follows; but a try
that ends unsure needs some seconds more to be asked about."""
SURELY_LIVES_MS = 45_000
"""Within this, «invalid reply token» after an unsure try means that the first one arrived. LINE's
minute begins before our row does, by as long as the webhook was under way, and is not promised."""
CLOCKS_DIFFER_MS = 3000
"""LINE's from ours, and those of our hosts."""
TOKEN_LIFE_MS = 60_000
"""After this a token is not tried again."""
LATE_MS = 12 * 3_600_000
"""An answer later than this helps nobody."""
KEY_LIFE_MS = 23 * 3_600_000
"""LINE knows a retry key for 24 h; after that a repeated push would show twice."""
CALL_TRIES = 3
FIRST_WAIT_MS = 500
LONGEST_WAIT_MS = 60_000
LONGEST_TOLD_MS = 300_000
"""Of what LINE tells us to wait; asking again in five minutes does no harm."""
RANKS = {
    "staff-": Rank.STATUS,
    "form-": Rank.STATUS,
    "reminder-pay": Rank.DEADLINE,
    "reminder-": Rank.NUDGE,
}
"""Events of ours have no token, so their messages are pushed; the kind says how much it counts."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do with a row now: go `way`, or end with `status`."""

    way: str = ""
    status: int = TRYING
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What pushing is allowed this month; each rank up to its share of it."""

    limit: int
    used: int
    exhausted: bool = False

    def allows(self, rank: Rank) -> bool:
        """Whether one more push may be paid for."""
        return not self.exhausted and self.used < self.limit * SHARES[rank]


def plan(
    row: Outgoing,
    now_ms: int,
    budget: Budget,
    *,
    has_token: bool,
    unsure: bool,
    reachable: bool = True,
) -> Step:
    """How to go on with a row that is due.

    unsure: an earlier try by `row.channel` may have arrived.
    reachable: the person has not blocked the account; a push would be seen by nobody.
    """
    if not row.body:
        return Step(status=FAILED, outcome="unreadable")
    if row.kind in {MENU, LEAVE}:
        return Step(CALL)
    age_ms = now_ms - row.received_ms
    if unsure and row.channel == REPLY:
        return Step(REPLY) if age_ms < TOKEN_LIFE_MS else Step(status=UNSURE, outcome="token_over")
    if unsure and row.channel == PUSH:
        return Step(PUSH) if age_ms < KEY_LIFE_MS else Step(status=UNSURE, outcome="key_over")
    if has_token and age_ms < REPLY_FIRST_MS:
        return Step(REPLY)
    if not reachable:
        return Step(status=DROPPED, outcome="blocked")
    if age_ms > LATE_MS:
        return Step(status=DROPPED, outcome="late")
    if not budget.allows(_rank(row.event_id)):
        return Step(status=DROPPED, outcome="budget")
    return Step(PUSH)


def _rank(event_id: str) -> Rank:
    """How much a message matters; an answer that missed its token comes right after status."""
    return next((r for start, r in RANKS.items() if event_id.startswith(start)), Rank.DEADLINE)


def is_due(due_ms: int, now_ms: int) -> bool:
    """Whether a row may be tried. Later than any wait of ours is a clock that was put back."""
    return not now_ms < due_ms <= now_ms + 2 * LONGEST_TOLD_MS


@dataclass(frozen=True, slots=True)
class Settled:
    """A row after a try. spent: its token is no use any more. unsure: this try may have arrived."""

    row: Outgoing
    spent: bool = False
    unsure: bool = False


def settle(
    row: Outgoing, way: str, error: LineError | None, now_ms: int, *, unsure: bool
) -> Settled:
    """What the end of a try means for its row. `unsure`: a try before this one was."""
    if error is None:
        return Settled(_ended(row, way, SENT, ""))
    if way == CALL:
        again = error.verdict in {Verdict.AGAIN, Verdict.UNSURE} and row.attempts < CALL_TRIES
        return Settled(
            _later(row, now_ms, error) if again else _ended(row, way, FAILED, _why(error))
        )
    match error.verdict:
        case Verdict.AGAIN if unsure:
            return Settled(_later(row, now_ms, error, channel=way), unsure=True)
        case Verdict.AGAIN:
            return Settled(_later(row, now_ms, error))
        case Verdict.UNSURE:
            return Settled(_later(row, now_ms, error, channel=way), unsure=True)
        case Verdict.BAD_TOKEN if unsure and _surely_lives(row, now_ms):
            return Settled(_ended(row, way, SENT, "arrived_before"))
        case Verdict.BAD_TOKEN if unsure:
            return Settled(_ended(row, way, UNSURE, "token_over"))
        case Verdict.BAD_TOKEN if way == REPLY:
            now_due = replace(row, status=WAITING, channel="", due_ms=now_ms, outcome="token_dead")
            return Settled(now_due, spent=True)
        case _:
            return Settled(_ended(row, way, FAILED, _why(error)))


def _surely_lives(row: Outgoing, now_ms: int) -> bool:
    """Whether the row's token can't be over: counted from the event, since the webhook may have
    lain in the door of a process that stood still, and by a clock that was not put back.
    """
    born_ms: int = min(orjson.loads(row.body).get("born", row.received_ms), row.received_ms)
    return 0 <= now_ms - born_ms + CLOCKS_DIFFER_MS < SURELY_LIVES_MS


def _ended(row: Outgoing, way: str, status: int, outcome: str) -> Outgoing:
    return replace(row, status=status, channel=way, outcome=outcome, attempts=row.attempts + 1)


def _later(row: Outgoing, now_ms: int, error: LineError, channel: str = "") -> Outgoing:
    """Due again after a growing, jittered wait; `trying` with its channel when it was unsure."""
    grown = min(FIRST_WAIT_MS * 2 ** min(row.attempts, 10), LONGEST_WAIT_MS)
    told_ms = min(error.retry_after_s * 1000, LONGEST_TOLD_MS)
    wait_ms = max(told_ms, grown * random.uniform(0.75, 1.25))  # noqa: S311
    return replace(
        row,
        status=TRYING if channel else WAITING,
        channel=channel,
        attempts=row.attempts + 1,
        due_ms=now_ms + int(wait_ms),
        outcome=_why(error),
    )


def _why(error: LineError) -> str:
    return f"{error.verdict}_{error.status}"
