"""The clock of the Celery jobs: one only, by a lock, however many are started.

It remembers nothing: the database knows what is due, so a beat that is killed, restarted or started
twice neither skips nor doubles a job. It goes by the monotonic clock, since a wall clock that
jumps back an hour would silence Celery's own for that hour.
"""

import time
from typing import Any

from celery.beat import Scheduler

from db.locks import OnlyOne
from db.session import make_engine

TICK_S = 1.0
LOOK_AGAIN_S = 5.0
"""How soon another beat takes over after the one that held the lock is gone."""


class OneBeat(Scheduler):  # type: ignore[misc]  # Celery ships no types
    """Calls each job as often as its entry says, while it holds the lock."""

    max_interval = LOOK_AGAIN_S

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._called_at: dict[str, float] = {}
        self._lock = OnlyOne(make_engine(self.app.conf.jobs_database_url), "beat")

    def tick(self, *_args: Any, **_kwargs: Any) -> float:
        """Call what is due; how long to sleep then."""
        if not self._lock.mine():
            return LOOK_AGAIN_S
        now = time.monotonic()
        for name, entry in self.schedule.items():
            every = entry.schedule.run_every.total_seconds()
            if now - self._called_at.get(name, float("-inf")) >= every:
                self._called_at[name] = now
                self.apply_entry(entry, producer=self.producer)
        return TICK_S

    def close(self) -> None:
        """Let another beat have the lock at once."""
        super().close()
        self._lock.release()
