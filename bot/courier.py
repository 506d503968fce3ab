"""Calls to LINE, many at once, apart from the thread that decides. Knows nothing of the database.

The worker posts a row only after the commit that says `trying`; what came of it goes back by
`results`. A breaker keeps the threads from hanging on a LINE that is down.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Protocol

import orjson

from bot import metrics
from bot.clock import now_ms
from bot.delivery import CALL, REPLY
from bot.line.errors import LineError, Verdict
from bot.line.menu import installed
from db.outbox import LEAVE, Outgoing

IN_FLIGHT = 128
OPENS_AFTER = 12
"""Failures in a row, over all talks, until LINE is taken to be down."""
STAYS_OPEN_S = 2.0
log = logging.getLogger(__name__)


class Line(Protocol):
    """What the courier needs of bot.line.client.LineClient."""

    def reply(self, token: str, messages: list[dict[str, Any]]) -> object: ...
    def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> object: ...
    def loading(self, user: str, seconds: int = 20) -> None: ...
    def leave(self, chat_kind: str, chat: str) -> None: ...
    def link_menu(self, user: str, menu_id: str) -> None: ...
    def menus(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Result:
    """The end of one try."""

    row: Outgoing
    way: str
    error: LineError | None


class Breaker:
    """Open after many failures in a row; then one call at a time asks whether LINE is back."""

    def __init__(self) -> None:
        self._failures = 0
        self._probe_at = 0.0
        self._lock = threading.Lock()

    def lets_through(self) -> bool:
        """Whether a call may be made now."""
        with self._lock:
            if self._failures < OPENS_AFTER:
                return True
            if time.monotonic() < self._probe_at:
                return False
            self._probe_at = time.monotonic() + STAYS_OPEN_S
            return True

    def note(self, *, failed: bool) -> None:
        """Learn from a call that ended."""
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if self._failures == OPENS_AFTER:
                self._probe_at = time.monotonic() + STAYS_OPEN_S
        metrics.BREAKER.set(self._failures >= OPENS_AFTER)


class Courier:
    """A pool of threads that call LINE."""

    def __init__(self, line: Line, wake: Callable[[], None], in_flight: int = IN_FLIGHT) -> None:
        self.breaker = Breaker()
        self._line = line
        self._wake = wake
        self._results: SimpleQueue[Result] = SimpleQueue()
        self._pool = ThreadPoolExecutor(in_flight, thread_name_prefix="courier")
        self._menus: dict[str, str] = {}

    def post(self, row: Outgoing, way: str) -> None:
        """Make the call some time soon."""
        self._pool.submit(self._deliver, row, way)

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
        self._pool.submit(self._quietly, lambda: self._line.loading(user, 20))

    def say_now(self, token: str, messages: list[dict[str, Any]]) -> None:
        """A reply that may get lost (a word about the queue)."""
        self._pool.submit(self._quietly, lambda: self._line.reply(token, messages))

    def close(self) -> None:
        """Wait for the calls under way."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, row: Outgoing, way: str) -> None:
        error: LineError | None = None
        began = time.perf_counter()
        if not self.breaker.lets_through():
            error = LineError(Verdict.AGAIN, reason="breaker", retry_after_s=STAYS_OPEN_S / 2)
        else:
            try:
                self._call(row, way)
            except LineError as refusal:
                error = refusal
            except Exception as bug:
                # A bug of ours must not leave the row in flight for ever: nobody knows what came.
                log.exception("a call to LINE broke")
                error = LineError(Verdict.UNSURE, reason=type(bug).__name__)
            down = error is not None and error.verdict in {Verdict.AGAIN, Verdict.UNSURE}
            self.breaker.note(failed=down and (error is None or error.status != 429))
            metrics.CALL.observe(time.perf_counter() - began)
        _count(row, way, error)
        self._results.put(Result(row, way, error))
        self._wake()

    def _call(self, row: Outgoing, way: str) -> None:
        body = orjson.loads(row.body)
        if way == CALL:
            self._other(row, body)
        elif way == REPLY:
            self._line.reply(body["token"], body["messages"])
        else:
            self._line.push(row.talk, body["messages"], row.id)

    def _other(self, row: Outgoing, body: dict[str, Any]) -> None:
        if row.kind == LEAVE:
            self._line.leave(body["chat_kind"], row.talk)
            return
        if body["menu"] not in self._menus:
            self._menus = installed(self._line.menus())
        menu_id = self._menus.get(body["menu"])
        if menu_id is None:
            raise LineError(Verdict.REFUSED, reason="no such menu")
        try:
            self._line.link_menu(row.talk, menu_id)
        except LineError:
            self._menus = {}  # menus may have been replaced since: look again next time
            raise

    def _quietly(self, call: Callable[[], object]) -> None:
        try:
            call()
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
