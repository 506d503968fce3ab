"""Group commit: what many webhooks bring meanwhile is stored by one thread in one commit.

The requests wait as futures of one event loop: a thread a request would cost more than all else,
being woken in turn only to find its work done.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.clock import now_ms
from bot.webhook import ACK_WAIT_S
from db.inbox import NewEvent
from db.inbox_writer import InboxWriter

GROUP_MAX = 128
"""Webhooks a commit."""
Load = tuple[list[NewEvent], "asyncio.Future[bool]"]
log = logging.getLogger(__name__)


class Acknowledger:
    """Belongs to the event loop it is first used in."""

    def __init__(self, engine: Engine, wake: Callable[[], None]) -> None:
        self._writer = InboxWriter(engine)
        self._wake = wake
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="acknowledger")
        self._waiting: list[Load] = []
        self._at_work: asyncio.Task[None] | None = None

    async def store(self, events: list[NewEvent]) -> bool:
        """Whether the events are safe; known in time to be told to LINE."""
        loop = asyncio.get_running_loop()
        stored: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((events, stored))
        if self._at_work is None:
            self._at_work = loop.create_task(self._work(loop))
        late = loop.call_later(ACK_WAIT_S, _settle, stored, False)
        safe = await stored
        late.cancel()
        return safe

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            loads, self._waiting = self._waiting[:GROUP_MAX], self._waiting[GROUP_MAX:]
            # Those who were told «not stored» send again: their events need not queue up here.
            loads = [load for load in loads if not load[1].done()]
            if loads:
                safe = await loop.run_in_executor(self._thread, self._commit, loads)
                for _, stored in loads:
                    _settle(stored, safe)
        self._at_work = None

    def _commit(self, loads: list[Load]) -> bool:
        metrics.GROUP.observe(len(loads))
        try:
            events = (event for events, _ in loads for event in events)
            self._writer.store(events, now_ms(), self._wake)
        except Exception as error:
            # Whatever it was, those who wait must be told, and the next ones must be tried. While
            # the database is away this comes many times a second: no need to tell where from.
            away = isinstance(error, (SQLAlchemyError, psycopg.Error))
            log.error(
                "the inbox could not be written",
                extra={"why": type(error).__name__},
                exc_info=None if away else error,
            )
            return False
        return True


def _settle(stored: "asyncio.Future[bool]", safe: bool) -> None:
    if not stored.done():
        stored.set_result(safe)
