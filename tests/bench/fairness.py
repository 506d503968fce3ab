"""`make bench-fairness`: what 300 people notice when one sends 1,000 messages.

A steady load, each message takes 3 ms of thinking; without and with the one, in turn, several times
over, so that a machine that changes does so for both. At once, as a machine would, and within ten
seconds, which lasts longer.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.bench import load, systems
from tests.bench.path import LineProcess, out
from tests.bench.systems import System
from tests.path.postgres import Cluster

RATE, SECONDS, PEOPLE = 60, 8, 300
FLOOD = 1000
FLOODS = {"at once": 0.0, "in 10 s": 100.0}
"""How fast the one sends, a second; 0: as fast as it is acknowledged."""
BEGINS_S = 1.0
TURNS = 5
SETTINGS = {"THINK_MS": "3", "FLOOD_BURST": "100"}
Start = Callable[[], AbstractContextManager[System]]
_ones = count(PEOPLE)


@dataclass(frozen=True, slots=True)
class Noticed:
    """Milliseconds from webhook to answer of the 300, from when the one begins."""

    mean: float
    p50: float
    p99: float


@contextmanager
def the_one(port: int, rate: float) -> Iterator[None]:
    """Somebody new who sends too much, from a process apart: the others' load must not feel it."""
    command = [sys.executable, "-m", "tests.bench.fairness", str(port), str(rate), str(next(_ones))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
    assert process.stdout
    assert process.stdin
    process.stdout.readline()  # all is signed: it waits for the word to begin
    process.stdin.write(f"{time.time() + BEGINS_S}\n".encode())
    process.stdin.flush()
    yield
    process.wait()


def flood(port: int, rate: float, number: int) -> None:
    """The process of the one."""
    made = load.requests(f"one{number}", FLOOD, 1, "/callback", first=number)
    out("ready")
    time.sleep(max(float(sys.stdin.readline()) - time.time(), 0))
    load.run(port, made, rate or None)


def steady(system: System, line: LineProcess) -> Noticed:
    """What the 300 notice."""
    name = f"f{time.time_ns():x}"
    made = load.requests(name, RATE * SECONDS, PEOPLE, "/callback")
    begins = time.time() + BEGINS_S
    outcome = load.run(system.port, made, RATE)
    watched = {f"x-{event}": at for event, at in outcome.sent_at.items() if at >= begins}
    answered = line.accepted()
    while not watched.keys() <= answered.keys():
        time.sleep(0.2)
        answered = line.accepted()
    took = [(answered[mark] - at) * 1000 for mark, at in watched.items()]
    cuts = statistics.quantiles(took, n=100)
    return Noticed(statistics.mean(took), cuts[49], cuts[98])


def compare(name: str, start: Start, line: LineProcess) -> None:
    """Print both, and what the one cost the others."""
    with start() as system:
        steady(system, line)
        for what, rate in FLOODS.items():
            alone, beside = [], []
            for _ in range(TURNS):
                alone.append(steady(system, line))
                with the_one(system.port, rate):
                    beside.append(steady(system, line))
                time.sleep(3)
            for field in ("mean", "p50", "p99"):
                one, other = ([getattr(n, field) for n in ns] for ns in (alone, beside))
                ratios = sorted(b / a for a, b in zip(one, other, strict=True))
                out(
                    f"{name:17} {what:8} {field:5} alone {statistics.median(one):6.1f} ms,"
                    f" beside the one {statistics.median(other):6.1f} ms:"
                    f" {statistics.median(ratios):5.2f} times"
                    f" ({ratios[0]:.2f} to {ratios[-1]:.2f}), bar 1.20"
                )


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
    if sys.argv[1:]:
        flood(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
