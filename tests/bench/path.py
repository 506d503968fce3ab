"""`make bench`: the path against its peers, in turn, in one run; --full repeats and adds loads.

Peers: Flask + line-bot-sdk's echo bot, and the same work with a Celery task an event. The load and
LINE run on the same machine; CPU counts the system's own processes, its database and its broker.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import orjson
import urllib3

from tests.bench import load, systems
from tests.bench.systems import System
from tests.path.postgres import Cluster, free_port

USERS = 500
DRAIN_S = 90.0
ACK_TURNS = 5
ACKS_A_TURN = 8000
"""A door answers thousands a second: fewer would be over before the machine notices."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one system."""

    events_s: float
    cpu_ms: float
    ack_p99_ms: float
    end_p50_ms: float
    end_p99_ms: float
    lost: int
    memory_mib: float


class LineProcess:
    """LINE played in a process of its own."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.port = free_port()
        self.url = f"http://{host}:{self.port}"
        command = [sys.executable, "-m", "tests.path.line", str(self.port), host]
        self._process = subprocess.Popen(command)  # noqa: S603 - our own program
        self._http = urllib3.PoolManager(retries=urllib3.Retry(20, backoff_factor=0.05))

    def behave(self, **behaviour: float) -> None:
        """Set its latency and faults."""
        self._http.request("POST", f"{self.url}/behave", body=orjson.dumps(behaviour))

    def accepted(self) -> dict[str, float]:
        """Reply token → when it was taken."""
        answer = self._http.request("GET", f"{self.url}/record")
        return {mark: at for at, _, mark, _, _ in orjson.loads(answer.data)["accepted"]}

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def measure(
    system: System,
    line: LineProcess,
    count: int,
    rate: float | None = None,
    *,
    path: str = "/callback",
    answers: bool = True,
) -> Measured:
    """Send `count` events and wait until every one is answered (or given up).

    answers=False: nobody answers, the acknowledgements are what is measured.
    """
    name = f"b{time.time_ns():x}"
    load.run(system.port, load.requests(f"warm{name}", 200, USERS, path))
    time.sleep(0.5)
    made = load.requests(name, count, USERS, path)
    before, began = system.cpu_s(), time.time()
    outcome = load.run(system.port, made, rate)
    answered = _wait_for(line, name, count) if answers else {}
    used = system.cpu_s() - before
    took = (max(answered.values()) - began) if answered else outcome.took_s
    ends = sorted((at - outcome.sent_at[one]) * 1000 for one, at in answered.items()) or [0.0]
    acks = sorted(one * 1000 for one in outcome.acks_s)
    return Measured(
        events_s=count / took,
        cpu_ms=used * 1000 / count,
        ack_p99_ms=acks[int(len(acks) * 0.99)],
        end_p50_ms=ends[len(ends) // 2],
        end_p99_ms=ends[int(len(ends) * 0.99)],
        lost=count - len(answered) if answers else outcome.refused,
        memory_mib=system.memory_mib(),
    )


def _wait_for(line: LineProcess, name: str, count: int) -> dict[str, float]:
    until = time.monotonic() + DRAIN_S
    found: dict[str, float] = {}
    while len(found) < count and time.monotonic() < until:
        time.sleep(0.2)
        marks = line.accepted()
        found = {k[2:]: at for k, at in marks.items() if k.startswith(f"x-{name}-")}
    return found


def out(line: str) -> None:
    """A line of the table, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


Start = Callable[[], AbstractContextManager[System]]


def main() -> None:
    """Run, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.path", description=__doc__)
    parser.add_argument("--full", action="store_true", help="repeated, and with more workers")
    parser.add_argument("--repeats", type=int, default=3, help="how often, with --full")
    parser.add_argument("--count", type=int, default=3000)
    chosen = parser.parse_args()
    repeats = chosen.repeats if chosen.full else 1
    cluster = Cluster("shared_buffers=256MB", "max_connections=200")
    cluster.start()
    line = LineProcess()
    try:
        with tempfile.TemporaryDirectory() as folder:
            Bench(line, cluster, Path(folder), chosen.count, repeats).run()
    finally:
        line.stop()
        cluster.stop()
        cluster.remove()


EMPTY, ACKS = "empty 200", "durable 200"
MOST, SLOW, HALF, OVER = "all it can, 0 ms", "all it can, 50 ms", "half of that", "150 % of that"


class Bench:
    """The whole table."""

    def __init__(
        self, line: LineProcess, cluster: Cluster, folder: Path, count: int, repeats: int
    ) -> None:
        self._line = line
        self._count = count
        self._repeats = repeats
        self._doors: dict[str, Start] = {
            "Flask": lambda: systems.plain(line.url),
            "ours, SQLite": lambda: systems.ours_sqlite(line.url, folder, "web"),
            "ours, PostgreSQL": lambda: systems.ours_postgres(line.url, cluster, 0),
        }
        self._starts: dict[str, Start] = {
            "ours, SQLite": lambda: systems.ours_sqlite(line.url, folder),
            "ours, PostgreSQL": lambda: systems.ours_postgres(line.url, cluster),
            "Flask + SDK echo": lambda: systems.plain(line.url),
            "Celery per event": lambda: systems.celery(line.url, cluster, folder),
        }
        if repeats > 1:
            for workers in (2, 3):
                self._starts[f"ours, {workers} workers"] = partial(
                    systems.ours_postgres, line.url, cluster, workers
                )
        self._rows: dict[tuple[str, str], list[Measured]] = {}

    def run(self) -> None:
        """Everything, in turn, and the ratios."""
        out(f"{os.cpu_count()} cores, {self._count} events a run, {self._repeats} run(s) each")
        out(
            f"{'system':18} {'load':22} {'events/s':>9} {'CPU ms':>7} {'ack p99':>8}"
            f" {'end p50':>8} {'end p99':>8} {'lost':>5} {'MiB':>5}"
        )
        for _ in range(self._repeats):
            self._acknowledgements()
            for name in self._starts:
                self._one_system(name)
        self._ratios()

    def _acknowledgements(self) -> None:
        """What a 200 costs alone: the three doors are open together and asked in turn."""
        with ExitStack() as stack:
            doors = {name: stack.enter_context(start()) for name, start in self._doors.items()}
            for _ in range(ACK_TURNS):
                for name, door in doors.items():
                    path, what = ("/nothing", EMPTY) if name == "Flask" else ("/callback", ACKS)
                    one = measure(door, self._line, ACKS_A_TURN, path=path, answers=False)
                    self._note(name, what, one)

    def _one_system(self, name: str) -> None:
        with self._starts[name]() as system:
            self._line.behave(latency_s=0.0)
            most = self._note(name, MOST, measure(system, self._line, self._count))
            self._line.behave(latency_s=0.05)
            self._note(name, SLOW, measure(system, self._line, self._count))
            self._line.behave(latency_s=0.0)
            if name.startswith("ours"):
                for what, share in ((HALF, 0.5), (OVER, 1.5)):
                    rate = most.events_s * share
                    self._note(name, what, measure(system, self._line, self._count, rate))

    def _note(self, name: str, what: str, one: Measured) -> Measured:
        self._rows.setdefault((name, what), []).append(one)
        out(
            f"{name:18} {what:22} {one.events_s:9.0f} {one.cpu_ms:7.2f} {one.ack_p99_ms:8.1f}"
            f" {one.end_p50_ms:8.1f} {one.end_p99_ms:8.1f} {one.lost:5d} {one.memory_mib:5.0f}",
        )
        return one

    def _ratios(self) -> None:
        for name in ("ours, SQLite", "ours, PostgreSQL"):
            out(f"\n{name}: median (lowest to highest)")
            most = self._all(name, MOST, "events_s")
            peer = self._all("Celery per event", MOST, "cpu_ms")
            cpu = self._all(name, MOST, "cpu_ms")
            empty = self._all("Flask", EMPTY, "events_s")
            for what, values, bar in (
                ("CPU an event, ms", cpu, "1.35, aim 0.70"),
                ("CPU ÷ Celery per event", ratios(cpu, peer), "0.35, aim 0.20"),
                (
                    "durable acks ÷ Flask's empty 200",
                    ratios(self._all(name, ACKS, "events_s"), empty),
                    "at least 0.4, aim 0.8",
                ),
                (
                    "capacity at 50 ms ÷ at 0 ms of LINE",
                    ratios(self._all(name, SLOW, "events_s"), most),
                    "at least 0.8",
                ),
                ("half: ack p99, ms", self._all(name, HALF, "ack_p99_ms"), "100"),
                ("half: end to end p50, ms", self._all(name, HALF, "end_p50_ms"), "15"),
                ("half: end to end p99, ms", self._all(name, HALF, "end_p99_ms"), "100"),
                ("150 %: ack p99, ms", self._all(name, OVER, "ack_p99_ms"), "2000"),
                ("memory, MiB", self._all(name, MOST, "memory_mib"), "150 without the database"),
            ):
                middle, low, high = statistics.median(values), min(values), max(values)
                out(f"  {what:36} {middle:8.2f} ({low:.2f} to {high:.2f}), bar {bar}")

    def _all(self, name: str, what: str, field: str) -> list[float]:
        return [float(getattr(one, field)) for one in self._rows[name, what]]


def ratios(ours: list[float], theirs: list[float]) -> list[float]:
    """Run by run, since the machine may change between runs."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]


if __name__ == "__main__":
    main()
