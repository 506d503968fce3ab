"""`make bench-fairness`: what 300 people notice when one sends 1,000 messages at once.

A steady load, with and without the one, in turn; each message takes 3 ms of thinking.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.bench import load, systems
from tests.bench.path import LineProcess, out
from tests.bench.systems import System
from tests.path.postgres import Cluster

RATE, SECONDS, PEOPLE = 60, 8, 300
FLOOD = 1000
TURNS = 3
SETTINGS = {"THINK_MS": "3", "FLOOD_BURST": "100"}
Start = Callable[[], AbstractContextManager[System]]


def steady(system: System, line: LineProcess, *, flood: bool) -> list[float]:
    """Milliseconds from webhook to answer of the 300, from when the one begins."""
    name = f"f{time.time_ns():x}"
    made = load.requests(name, RATE * SECONDS, PEOPLE, "/callback")
    one = load.requests(f"one{name}", FLOOD, 1, "/callback", first=PEOPLE)
    begins = time.time() + 2.0
    flooding = threading.Timer(2.0, load.run, (system.port, one))
    if flood:
        flooding.start()
    outcome = load.run(system.port, made, RATE)
    if flood:
        flooding.join()
    watched = {f"x-{event}": at for event, at in outcome.sent_at.items() if at >= begins}
    answered = line.accepted()
    while not watched.keys() <= answered.keys():
        time.sleep(0.2)
        answered = line.accepted()
    return [(answered[mark] - at) * 1000 for mark, at in watched.items()]


def compare(name: str, start: Start, line: LineProcess) -> None:
    """Print both, and what the one cost the others."""
    quiet: list[float] = []
    flooded: list[float] = []
    with start() as system:
        steady(system, line, flood=False)
        for _ in range(TURNS):
            quiet += steady(system, line, flood=False)
            flooded += steady(system, line, flood=True)
    for what, values in (("alone", quiet), ("with the one", flooded)):
        cuts = statistics.quantiles(values, n=100)
        out(
            f"{name:18} {what:14} mean {statistics.mean(values):7.1f} p50 {cuts[49]:7.1f}"
            f" p95 {cuts[94]:7.1f} p99 {cuts[98]:7.1f} ms"
        )
    mean = statistics.mean(flooded) / statistics.mean(quiet)
    middle = statistics.median(flooded) / statistics.median(quiet)
    out(f"{name:18} slower by       mean {mean:.2f}, p50 {middle:.2f} (bar 1.2)")


def main() -> None:
    """Both databases."""
    cluster = Cluster("shared_buffers=256MB", "max_connections=200")
    cluster.start()
    line = LineProcess()
    try:
        with tempfile.TemporaryDirectory() as folder:
            compare(
                "ours, SQLite",
                lambda: systems.ours_sqlite(line.url, Path(folder), more=SETTINGS),
                line,
            )
            compare(
                "ours, PostgreSQL",
                lambda: systems.ours_postgres(line.url, cluster, more=SETTINGS),
                line,
            )
    finally:
        line.stop()
        cluster.stop()
        cluster.remove()


if __name__ == "__main__":
    main()
