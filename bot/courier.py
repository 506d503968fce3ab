"""Calls to LINE, many at once, apart from the thread that decides. Knows nothing of the database.

The worker posts a row only after the commit that says `trying`; what came of it goes back by
`results`. A breaker keeps calls from hanging on a LINE that is down.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Protocol

import orjson

from bot import metrics, tracing
from bot.clock import now_ms
from bot.delivery import CALL, REPLY
from bot.line import wire
from bot.line.errors import LineError, Verdict
from bot.line.menu_names import installed
from db.outbox import LEAVE, Outgoing

IN_FLIGHT = 256
"""At 50 ms a call that is 5,000 a second, more than LINE takes from a channel."""
WAKE_AFTER_S = 0.004
"""A round of the worker only to write one end down would keep those waiting who come meanwhile."""
OPENS_AFTER = 12
"""Failures in a row, over all talks, until LINE is taken to be down."""
STAYS_OPEN_S = 2.0
log = logging.getLogger(__name__)


class Line(Protocol):
    """What the courier needs of bot.line.client.LiveLine."""

    async def reply(self, token: str, messages: list[dict[str, Any]]) -> object: ...
    async def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> object: ...
    async def loading(self, user: str, seconds: int = 20) -> None: ...
    async def leave(self, chat_kind: str, chat: str) -> None: ...
    async def link_menu(self, user: str, menu_id: str) -> None: ...
    async def menus(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Result:
    """The end of one try."""

    row: Outgoing
    way: str
    error: LineError | None


class Breaker:
    """Open after many failures in a row; then one call at a time asks whether LINE is back.

    For one thread.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._probe_at = 0.0

    def lets_through(self) -> bool:
        """Whether a call may be made now."""
        if self._failures < OPENS_AFTER:
            return True
        if time.monotonic() < self._probe_at:
            return False
        self._probe_at = time.monotonic() + STAYS_OPEN_S
        return True

    def note(self, *, failed: bool) -> None:
        """Learn from a call that ended."""
        self._failures = self._failures + 1 if failed else 0
        if self._failures == OPENS_AFTER:
            self._probe_at = time.monotonic() + STAYS_OPEN_S
        metrics.BREAKER.set(self._failures >= OPENS_AFTER)


class Courier:
    """Calls under way on the wire's thread, at most `in_flight` at a time."""

    def __init__(self, line: Line, wake: Callable[[], None], in_flight: int = IN_FLIGHT) -> None:
        self.breaker = Breaker()
        self._line = line
        self._wake = wake
        self._results: SimpleQueue[Result] = SimpleQueue()
        self._room = asyncio.Semaphore(in_flight)
        self._under_way: set[asyncio.Task[None]] = set()
        self._wakes: asyncio.TimerHandle | None = None
        self._closing = False
        self._menus: dict[str, str] = {}

    def post(self, calls: Sequence[tuple[Outgoing, str]]) -> None:
        """Make these calls (a row, its way) some time soon."""
        self._begin(*(self._deliver(row, way) for row, way in calls))

    def results(self) -> list[Result]:
        """What has ended since the last look."""
        ended: list[Result] = []
        try:
            while True:
                ended.append(self._results.get_nowait())
        except Empty:
            return ended

    def show_loading(self, user: str) -> None:
        """Let the person see that an answer is being made; nothing depends on it."""
        self._begin(self._quietly(self._line.loading(user, 20)))

    def say_now(self, token: str, messages: list[dict[str, Any]]) -> None:
        """A reply that may get lost (a word about the queue)."""
        self._begin(self._quietly(self._line.reply(token, messages)))

    def close(self) -> None:
        """Wait for the calls under way; those that wait for room are not made any more."""
        wire.wait(self._end())

    def _begin(self, *calls: Coroutine[Any, Any, None]) -> None:
        if calls:
            wire.loop().call_soon_threadsafe(self._start, calls)

    def _start(self, calls: Sequence[Coroutine[Any, Any, None]]) -> None:
        for call in calls:
            task = wire.loop().create_task(call)
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _end(self) -> None:
        self._closing = True
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _deliver(self, row: Outgoing, way: str) -> None:
        async with self._room:
            if self._closing:
                return
            began = time.perf_counter()
            error = await self._try(row, way)
            verdict = str(error.verdict) if error else "sent"
            tracing.span("send", row.event_id, began, way=way, outcome=verdict)
        _count(row, way, error)
        self._results.put(Result(row, way, error))
        if self._wakes is None:
            self._wakes = wire.loop().call_later(WAKE_AFTER_S, self._tell)

    def _tell(self) -> None:
        self._wakes = None
        self._wake()

    async def _try(self, row: Outgoing, way: str) -> LineError | None:
        if not self.breaker.lets_through():
            return LineError(Verdict.AGAIN, reason="breaker", retry_after_s=STAYS_OPEN_S / 2)
        error: LineError | None = None
        began = time.perf_counter()
        try:
            await self._call(row, way)
        except LineError as refusal:
            error = refusal
        except Exception as bug:
            # A bug of ours must not leave the row in flight for ever: nobody knows what came.
            log.exception("a call to LINE broke")
            error = LineError(Verdict.UNSURE, reason=type(bug).__name__)
        down = error is not None and error.verdict in {Verdict.AGAIN, Verdict.UNSURE}
        self.breaker.note(failed=down and (error is None or error.status != 429))
        metrics.CALL.observe(time.perf_counter() - began)
        return error

    async def _call(self, row: Outgoing, way: str) -> None:
        body = orjson.loads(row.body)
        if way == CALL:
            await self._other(row, body)
        elif way == REPLY:
            await self._line.reply(body["token"], body["messages"])
        else:
            await self._line.push(row.talk, body["messages"], row.id)

    async def _other(self, row: Outgoing, body: dict[str, Any]) -> None:
        if row.kind == LEAVE:
            await self._line.leave(body["chat_kind"], row.talk)
            return
        if body["menu"] not in self._menus:
            self._menus = installed(await self._line.menus())
        menu_id = self._menus.get(body["menu"])
        if menu_id is None:
            raise LineError(Verdict.REFUSED, reason="no such menu")
        try:
            await self._line.link_menu(row.talk, menu_id)
        except LineError:
            self._menus = {}  # menus may have been replaced since: look again next time
            raise

    async def _quietly(self, call: Coroutine[Any, Any, object]) -> None:
        async with self._room:
            try:
                await call
            except LineError as error:
                log.info("a courtesy call failed", extra={"verdict": error.verdict})


def _count(row: Outgoing, way: str, error: LineError | None) -> None:
    metrics.SENT.labels(way, error.verdict if error else "sent").inc()
    if error is None:
        metrics.END_TO_END.observe(max(now_ms() - row.received_ms, 0) / 1000)
        return
    log.warning(
        "LINE did not take a message",
        extra={
            "event": row.event_id,
            "way": way,
            "verdict": str(error.verdict),
            "status": error.status,
            "request_id": error.request_id,
            "attempts": row.attempts,
        },
    )
