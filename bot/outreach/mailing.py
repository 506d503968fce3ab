"""Sends broadcasts in batches, and asks LINE for the account and the month's messages.

A thread beside the worker. A batch is marked before LINE is called and settled after; killed in
between, whoever looks next sends the same request with the same retry key, and LINE shows it once.
"""

import logging
import threading
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.line.errors import LineError, Verdict
from bot.outreach.ranks import Rank, left
from db import broadcast_batches as batches
from db import budget, riders
from db.broadcast_batches import KEY_LIFE, Post, Room
from db.budget import Month
from db.rollups import THAI_TIME, thai_day
from db.session import reading, transaction

EVERY_S = 2.0
ASK_LINE_EVERY_S = 600.0
LANES = 8
"""Calls at a time. At 50 ms each that is 160 a second; LINE allows 200."""
BATCHES_A_GATHER = 10
LOUD_FROM, LOUD_TO = 8, 20
"""Thai hours within which news may make a phone ring."""
LONGEST_WAIT_S = 300
WORDS: dict[str, str] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
log = logging.getLogger(__name__)


class Line(Protocol):
    """What mailing needs of bot.line.client.LineClient."""

    def multicast(
        self, to: list[str], messages: list[dict[str, Any]], retry_key: str
    ) -> object: ...
    def bot_info(self) -> tuple[str, str]: ...
    def quota(self) -> tuple[int | None, int]: ...


class Mailing:
    """The thread. push_budget: what the operator allows, within what LINE allows."""

    def __init__(
        self,
        engine: Engine,
        line: Line,
        push_budget: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._line = line
        self._push_budget = push_budget
        self._now = now
        self._asked_at = float("-inf")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mailing")
        self._lanes = ThreadPoolExecutor(LANES, thread_name_prefix="multicast")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the calls under way."""
        self._stopping.set()
        self._thread.join()
        self.close()

    def close(self) -> None:
        """Give back the threads that call LINE."""
        self._lanes.shutdown()

    def look(self) -> None:
        """One round: ask LINE when it is time; gather and send unless people sleep."""
        if time.monotonic() - self._asked_at > ASK_LINE_EVERY_S:
            self._asked_at = time.monotonic()
            self.ask_line()
        if not LOUD_FROM <= self._now().astimezone(THAI_TIME).hour < LOUD_TO:
            return
        with reading(self._engine) as session:
            if not batches.under_way(session):
                return
        while not self._stopping.is_set() and self._gather():
            self._send_some()
        while not self._stopping.is_set() and self._send_some():
            pass
        with transaction(self._engine) as session:
            batches.finish(session)

    def ask_line(self) -> None:
        """Which account this is, how many messages the month has and how many are used."""
        try:
            _user, basic_id = self._line.bot_info()
            limit, used = self._line.quota()
        except LineError as error:
            log.info("LINE did not tell its quota", extra={"why": type(error).__name__})
            return
        allowed = self._push_budget if limit is None else min(limit, self._push_budget)
        with transaction(self._engine) as session:
            budget.note_account(session, basic_id, self._now())
            budget.note_quota(session, thai_day(self._now()), used, allowed)

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            try:
                self.look()
            except SQLAlchemyError:
                log.exception("the mailing could not reach the database")

    def _gather(self) -> bool:
        with transaction(self._engine) as session:
            return batches.gather(session, self._now(), BATCHES_A_GATHER) > 0

    def _send_some(self) -> bool:
        """Send what is due, as far as the month allows; the rest rides on answers. False when there
        is nothing more to do.
        """
        now = self._now()
        with reading(self._engine) as session:
            room = _room(budget.month(session, thai_day(now)))
        with transaction(self._engine) as session:
            posts = batches.claim(session, now, room, 2 * LANES)
            moved = riders.board(session)
            if not posts and not moved and room is not None:
                moved = riders.back(session, room, now)
        list(self._lanes.map(self._deliver, posts))
        return bool(posts or moved)

    def _deliver(self, post: Post) -> None:
        if self._now() - post.first_try_at > KEY_LIFE:
            with transaction(self._engine) as session:
                batches.unknown_end(session, post.id)
            return
        error: LineError | None = None
        message = {"type": "text", "text": worded(post.words, law=post.law)}
        try:
            self._line.multicast(list(post.people), [message], post.id)
        except LineError as refusal:
            error = refusal
            log.warning(
                "LINE did not take a batch",
                extra={"verdict": str(refusal.verdict), "status": refusal.status},
            )
        self._settle(post, error)

    def _settle(self, post: Post, error: LineError | None) -> None:
        now = self._now()
        with transaction(self._engine) as session:
            if error is None:
                batches.sent(session, post.id)
                budget.spend(session, thai_day(now), len(post.people))
            elif error.verdict is Verdict.REFUSED:
                batches.refused(session, post, now)
            else:
                surely_not = error.verdict is not Verdict.UNSURE and post.tries == 1
                batches.later(session, post.id, now + _wait(post, error), untouched=surely_not)
            if error is not None and error.verdict is Verdict.QUOTA:
                budget.exhaust(session, thai_day(now))


def _room(month: Month | None) -> Room | None:
    if month is None:
        return None
    return Room(news=left(month, Rank.NEWS), law=left(month, Rank.DEADLINE))


def worded(words: str, *, law: bool) -> str:
    """News as people read it, with how to get no more; what tells of the law says so itself."""
    return words if law else WORDS["news"].format(words=words)


def _wait(post: Post, error: LineError) -> timedelta:
    grown = min(2.0**post.tries, LONGEST_WAIT_S)
    return timedelta(seconds=max(grown, error.retry_after_s))
