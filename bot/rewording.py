"""The pages answers are told from: the files, with the words that staff put in their place."""

import threading
import time
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import now_ms, utc
from db import rewordings
from db.rewordings import AnswerRewording
from db.rollups import thai_day
from db.session import reading
from nlp.answering.content import Content, content
from nlp.intents import Intent
from nlp.rewording import Place, Rewording, fits, reworded

FRESH_S = 3.0
"""So soon a new wording is told by every process."""


def _now() -> datetime:
    return utc(now_ms())


class LivePages:
    """nlp's pages as they are told now; asks the database every few seconds at most."""

    def __init__(
        self,
        engine: Engine,
        now: Callable[[], datetime] = _now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._now = now
        self._ticks = ticks
        self._reading = threading.Lock()
        self._read_at = float("-inf")
        self._pages: dict[Intent, Content] = {}

    def __call__(self, intent: Intent) -> Content:
        """The page of a question."""
        if self._ticks() - self._read_at >= FRESH_S and self._reading.acquire(blocking=False):
            try:
                self._read()
            finally:
                self._reading.release()
        return self._pages.get(intent) or content(intent)

    def _read(self) -> None:
        self._read_at = self._ticks()
        try:
            with reading(self._engine) as session:
                self._pages = pages_on(session, thai_day(self._now()))
        except SQLAlchemyError:
            # An answer in the words of a moment ago is better than none.
            return


def pages_on(session: Session, day: date) -> dict[Intent, Content]:
    """The pages with other words on a day."""
    found: dict[Intent, Content] = {}
    for row in rewordings.told_on(session, day):
        one = as_rewording(row)
        if one is not None:
            page = one.place.page
            found[page] = reworded(found.get(page) or content(page), [one])
    return found


def as_rewording(row: AnswerRewording) -> Rewording | None:
    """As nlp knows it; none: what it was written for is no longer there."""
    if row.page not in set(Intent):
        return None
    place = Place(Intent(row.page), row.variant, row.until, row.style)
    one = Rewording(place, row.instead_of, row.words)
    return one if fits(content(place.page), one) else None
