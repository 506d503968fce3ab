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
from contextlib import AbstractContextManager
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

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "tests.path.line", str(self.port)]
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
    path: str = "/callback",
) -> Measured:
    """Send `count` events and wait until every one is answered (or given up)."""
    name = f"b{time.time_ns():x}"
    load.run(system.port, load.requests(f"warm{name}", 200, USERS, path))
    time.sleep(0.5)
    made = load.requests(name, count, USERS, path)
    before, began = system.cpu_s(), time.time()
    outcome = load.run(system.port, made, rate)
    answered = _wait_for(line, name, count) if path == "/callback" else {}
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
        lost=count - len(answered) if path == "/callback" else outcome.refused,
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
    parser.add_argument("--full", action="store_true", help="five repeats and the loads beyond")
    parser.add_argument("--count", type=int, default=3000)
    chosen = parser.parse_args()
    cluster = Cluster("shared_buffers=256MB", "max_connections=200")
    cluster.start()
    line = LineProcess()
    try:
        with tempfile.TemporaryDirectory() as folder:
            Bench(line, cluster, Path(folder), chosen.count, 5 if chosen.full else 1).run()
    finally:
        line.stop()
        cluster.stop()
        cluster.remove()


class Bench:
    """The whole table."""

    def __init__(
        self, line: LineProcess, cluster: Cluster, folder: Path, count: int, repeats: int
    ) -> None:
        self._line = line
        self._count = count
        self._repeats = repeats
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
            for name in self._starts:
                self._one_system(name)
        self._ratios()

    def _one_system(self, name: str) -> None:
        with self._starts[name]() as system:
            self._line.behave(latency_s=0.0)
            if name == "Flask + SDK echo":
                self._note(
                    name, "empty 200", measure(system, self._line, self._count, path="/nothing")
                )
            most = self._note(name, "all it can, 0 ms", measure(system, self._line, self._count))
            self._line.behave(latency_s=0.05)
            self._note(name, "all it can, 50 ms", measure(system, self._line, self._count))
            self._line.behave(latency_s=0.0)
            if name.startswith("ours"):
                half = measure(system, self._line, self._count, rate=most.events_s / 2)
                self._note(name, "half of that", half)
                over = measure(system, self._line, self._count, rate=most.events_s * 1.5)
                self._note(name, "150 % of that", over)

    def _note(self, name: str, what: str, one: Measured) -> Measured:
        self._rows.setdefault((name, what), []).append(one)
        out(
            f"{name:18} {what:22} {one.events_s:9.0f} {one.cpu_ms:7.2f} {one.ack_p99_ms:8.1f}"
            f" {one.end_p50_ms:8.1f} {one.end_p99_ms:8.1f} {one.lost:5d} {one.memory_mib:5.0f}",
        )
        return one

    def _ratios(self) -> None:
        peer = self._median("Celery per event", "all it can, 0 ms", "cpu_ms")
        empty = self._median("Flask + SDK echo", "empty 200", "events_s")
        for name in ("ours, SQLite", "ours, PostgreSQL"):
            cpu = self._median(name, "all it can, 0 ms", "cpu_ms")
            rate = self._median(name, "all it can, 0 ms", "events_s")
            slow = self._median(name, "all it can, 50 ms", "events_s")
            out(f"\n{name}:")
            out(f"  CPU an event                         {cpu:.2f} ms   (bar 1.35, aim 0.70)")
            out(
                f"  CPU ÷ Celery per event               {cpu / peer:.2f}      (bar 0.35, aim 0.20)"
            )
            out(f"  capacity at 50 ms ÷ at 0 ms of LINE  {slow / rate:.2f}      (bar 0.80)")
            out(f"  whole path ÷ Flask's empty 200       {rate / empty:.2f}")

    def _median(self, name: str, what: str, field: str) -> float:
        return float(statistics.median(getattr(o, field) for o in self._rows[name, what]))


if __name__ == "__main__":
    main()
