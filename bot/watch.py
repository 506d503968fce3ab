"""Once a second beside the worker: dots for those who wait, a word about the queue, the budget."""

import logging
import os
import threading
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.clock import now_ms
from bot.config import Config
from bot.delivery import TOKEN_LIFE_MS, Budget
from bot.words import text_message
from bot.worker import Worker
from db import budget, inbox, outbox, talks
from db.session import reading, transaction

EVERY_S = 0.5
LOADING_AFTER_MS = 800
STUCK_S = 20.0
"""Nothing takes so long to decide: the loop is caught in an event, and nobody else is served."""
LOADING_LASTS_S = 20.0
LOADING_A_ROUND = 40
"""LINE allows 100 loading animations a second."""
BUDGET_EVERY_S = 60.0
SURGE_A_ROUND = 50
BANGKOK = ZoneInfo("Asia/Bangkok")
log = logging.getLogger(__name__)


class Watch:
    """Courtesies that must not slow the worker down, and nothing that correctness needs."""

    def __init__(self, engine: Engine, worker: Worker, config: Config) -> None:
        self._engine = engine
        self._worker = worker
        self._config = config
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._loading: dict[str, float] = {}
        self._budget_at = float("-inf")

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Let the thread end."""
        self._stopping.set()

    def look(self) -> None:
        """One look around."""
        self._end_if_stuck()
        if time.monotonic() - self._budget_at > BUDGET_EVERY_S:
            self._budget_at = time.monotonic()
            self._count_pushes()
        now = now_ms()
        with reading(self._engine) as session:
            waiting = inbox.waiting_talks(
                session, now - TOKEN_LIFE_MS, now - LOADING_AFTER_MS, LOADING_A_ROUND
            )
            oldest = talks.oldest_ready_ms(session)
        self._show_loading(waiting)
        if oldest is not None and now - oldest > self._config.surge_wait_s * 1000:
            self._tell_the_queue(now)

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            try:
                self.look()
            except SQLAlchemyError:
                log.warning("the watch could not look into the database")

    def _end_if_stuck(self) -> None:
        deciding = self._worker.deciding
        if deciding is not None and time.monotonic() - deciding[1] > STUCK_S:
            # A thread can't be ended. The process is started again, the others' talks go on, and
            # the event is given up when it has done this a few times.
            log.critical("the worker is stuck in one event and ends")
            os._exit(70)

    def _show_loading(self, waiting: list[str]) -> None:
        now = time.monotonic()
        self._loading = {t: at for t, at in self._loading.items() if now - at < LOADING_LASTS_S}
        deciding = self._worker.deciding
        if deciding is not None and now - deciding[1] > LOADING_AFTER_MS / 1000:
            waiting = [*waiting, deciding[0]]
        for talk in waiting:
            if talk.startswith("U") and talk not in self._loading:
                self._loading[talk] = now
                self._worker.courier.show_loading(talk)

    def _tell_the_queue(self, now: int) -> None:
        """Those whose token is about to die are told, by a free reply, that they are in line."""
        young, old = now - TOKEN_LIFE_MS + 5000, now - self._config.surge_wait_s * 500
        with transaction(self._engine) as session:
            places = dict(talks.greet(session, young, old, now, SURGE_A_ROUND))
            events = inbox.newest_pending(session, sorted(places))
        for talk, place in places.items():
            payload = events.get(talk)
            token = orjson.loads(payload).get("replyToken") if payload else None
            if isinstance(token, str):
                message = text_message("in_line", place=f"{place:,}")
                self._worker.courier.say_now(token, [message])

    def _count_pushes(self) -> None:
        today = datetime.now(BANGKOK)
        month = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        with reading(self._engine) as session:
            used = outbox.pushes_since(session, int(month.timestamp() * 1000))
            told = budget.month(session, today.date())
        metrics.PUSHES.set(used)
        limit = self._config.push_budget
        if told is not None:
            # LINE counts what others send from this account too, but some minutes late.
            limit, used = min(limit, told.limit), max(used, told.used)
        self._worker.budget = Budget(limit, used)
