"""Which news rides on a person's next answer. Asked with each answer, so it must cost nothing while
nothing rides.
"""

import time
from collections.abc import Callable

from sqlalchemy import Engine

from bot.outreach.mailing import worded
from db import riders
from db.session import reading
from handlers.outreach_tools import WaitingNews

LOOK_EVERY_S = 30.0


class Riding:
    """For the thread that decides. Whether anything rides is looked up now and then."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._looked_at = float("-inf")
        self._any = False

    def of_person(self, user: str) -> WaitingNews | None:
        """The news that may be said to this person below an answer."""
        if self._clock() - self._looked_at > LOOK_EVERY_S:
            self._looked_at = self._clock()
            with reading(self._engine) as session:
                self._any = riders.any_waiting(session)
        if not self._any:
            return None
        with reading(self._engine) as session:
            found = riders.of_person(session, user)
        if found is None:
            return None
        return WaitingNews(found.id, worded(found.words, law=bool(found.about)))
