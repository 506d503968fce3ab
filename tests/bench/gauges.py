"""What a system holds while it runs, looked at again and again: it must not grow."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import psycopg

from tests.bench.systems import System

GROWN = 1.25
"""Times what it was after the first third: more than that is a leak, or looks like one."""
SLACK = {"memory_mib": 40.0, "files": 40.0, "connections": 6.0}


@dataclass(frozen=True, slots=True)
class Sample:
    """One look. connections: to PostgreSQL, as it counts them itself; 0 on SQLite."""

    at_s: float
    memory_mib: float
    files: int
    connections: int


class Gauges:
    """A thread that looks every few seconds."""

    def __init__(self, system: Callable[[], System], database_url: str, every_s: float) -> None:
        self.samples: list[Sample] = []
        self._system = system
        self._url = database_url if database_url.startswith("postgresql") else ""
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        """Begin to look."""
        self._began = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Enough."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            system = self._system()
            at_s = time.monotonic() - self._began
            look = (system.memory_mib(), system.files(), _connections(self._url))
            self.samples.append(Sample(at_s, *look))


def grown(samples: Sequence[Sample]) -> list[str]:
    """What is larger in the last third than it was in the second, in words."""
    third = len(samples) // 3
    if third < 2:
        return []
    found = []
    for what in fields(Sample)[1:]:
        values = [float(getattr(one, what.name)) for one in samples]
        middle = statistics.median(values[third : 2 * third])
        last = statistics.median(values[2 * third :])
        if last > middle * GROWN + SLACK[what.name]:
            found.append(f"{what.name} grew from {middle:.0f} to {last:.0f}")
    return found


def _connections(url: str) -> int:
    if not url:
        return 0
    count = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
            row = connection.execute(count).fetchone()
    except psycopg.Error:
        return 0
    return int(row[0]) if row else 0
