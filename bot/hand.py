"""The outbox rows in this worker's hands: per talk in order, one in flight at a time."""

import heapq
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

import orjson

from bot import metrics
from bot.courier import Result
from bot.delivery import Budget, is_due, plan, settle
from db.outbox import MESSAGE, SENT, TRYING, UNSURE, Outgoing


@dataclass(slots=True)
class Item:
    """A row with what the database need not know. unsure: an earlier try may have arrived."""

    row: Outgoing
    token: bool
    unsure: bool = False
    flying: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """A call to make once the commit is through."""

    row: Outgoing
    way: str


class Hand:
    """What is to be sent, and what waits for its turn or its time."""

    def __init__(self) -> None:
        self._talks: dict[str, deque[Item]] = {}
        self._awake: set[str] = set()
        self._timers: list[tuple[int, str]] = []
        self._count = 0
        self._flying = 0
        self._blocked: set[str] = set()

    def __len__(self) -> int:
        return self._count

    @property
    def flying(self) -> int:
        """How many calls are under way."""
        return self._flying

    def holds(self, talk: str) -> bool:
        """Whether this talk still has something to send."""
        return talk in self._talks

    def know_blocked(self, talks: Iterable[str], blocked: set[str]) -> None:
        """Learn which of these people have blocked the account."""
        self._blocked.difference_update(talks)
        self._blocked |= blocked

    def take(self, rows: Iterable[Outgoing]) -> None:
        """Rows from the database or from a new turn, in order; those in hand already stay."""
        for row in rows:
            items = self._talks.setdefault(row.talk, deque())
            if all(item.row.id != row.id for item in items):
                items.append(Item(row, _has_token(row), unsure=row.status == TRYING))
                self._count += 1
                self._awake.add(row.talk)

    def settle(self, results: Iterable[Result], now_ms: int) -> list[Outgoing]:
        """Learn how calls ended; the rows to be marked."""
        marks = []
        for result in results:
            item = self._head(result.row.talk)
            if item is None or not item.flying or item.row.id != result.row.id:
                # The talk was taken over meanwhile; whoever has it now finds the row `trying`.
                continue
            item.flying = False
            self._flying -= 1
            end = settle(item.row, result.way, result.error, now_ms, unsure=item.unsure)
            item.row, item.unsure = end.row, end.unsure
            item.token = item.token and not end.spent
            marks.append(item.row)
            if item.row.status >= SENT:
                self._pop(item.row.talk)
            else:
                heapq.heappush(self._timers, (item.row.due_ms, item.row.talk))
        return marks

    def due_talks(self, now_ms: int) -> set[str]:
        """The talks whose first row may start now."""
        while self._timers and is_due(self._timers[0][0], now_ms):
            self._awake.add(heapq.heappop(self._timers)[1])
        return {talk for talk in self._awake if talk in self._talks}

    def start(self, now_ms: int, budget: Budget) -> tuple[list[Start], list[Outgoing]]:
        """The calls that begin now, already `trying`; and the rows that end without a call."""
        starts: list[Start] = []
        ended: list[Outgoing] = []
        for talk in self.due_talks(now_ms):
            self._start_talk(talk, now_ms, budget, starts, ended)
        self._awake.clear()
        return starts, ended

    def next_due_ms(self) -> int | None:
        """When the next row's time comes."""
        return self._timers[0][0] if self._timers else None

    def drop(self, talk: str) -> None:
        """Forget a talk that is somebody else's now."""
        items = self._talks.pop(talk, deque())
        self._count -= len(items)
        self._flying -= sum(item.flying for item in items)

    def clear(self) -> None:
        """Forget everything; the database knows it."""
        self.__init__()  # type: ignore[misc]  # the plainest way to say "as new"

    def _start_talk(
        self,
        talk: str,
        now_ms: int,
        budget: Budget,
        starts: list[Start],
        ended: list[Outgoing],
    ) -> None:
        while (item := self._head(talk)) is not None:
            if item.flying:
                return
            if not is_due(item.row.due_ms, now_ms):
                heapq.heappush(self._timers, (item.row.due_ms, talk))
                return
            step = plan(
                item.row,
                now_ms,
                budget,
                has_token=item.token,
                unsure=item.unsure,
                reachable=talk not in self._blocked,
            )
            if step.way:
                item.row = replace(item.row, status=TRYING, channel=step.way)
                item.flying = True
                self._flying += 1
                starts.append(Start(item.row, step.way))
                return
            item.row = replace(item.row, status=step.status, outcome=step.outcome)
            ended.append(item.row)
            self._pop(talk)

    def _head(self, talk: str) -> Item | None:
        items = self._talks.get(talk)
        return items[0] if items else None

    def _pop(self, talk: str) -> None:
        items = self._talks[talk]
        if items.popleft().row.status == UNSURE:
            metrics.UNSURE.inc()
        self._count -= 1
        if items:
            self._awake.add(talk)
        else:
            del self._talks[talk]


def _has_token(row: Outgoing) -> bool:
    return row.kind == MESSAGE and bool(row.body) and bool(orjson.loads(row.body).get("token"))
