"""The systems that are measured, started and stopped alike; with the CPU time they used."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from db import schema
from db.session import make_engine
from tests.bench.load import SECRET
from tests.path.crew import ENCODED
from tests.path.postgres import Cluster, free_port, fresh_database

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
THREADS = 48


@dataclass
class System:
    """A running system: where it listens, and its processes."""

    port: int
    roots: list[int] = field(default_factory=list)

    def cpu_s(self) -> float:
        """CPU seconds used so far, by all its processes and their children."""
        return sum(_cpu(pid) for root in self.roots for pid in _tree(root))

    def memory_mib(self) -> float:
        """Memory that belongs to it alone or in part (proportional set size)."""
        return sum(_pss(pid) for root in self.roots for pid in _tree(root)) / 1024

    def files(self) -> int:
        """Open files and connections."""
        return sum(_files(pid) for root in self.roots for pid in _tree(root))


@contextmanager
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that are ended at the end."""
    running: list[subprocess.Popen[bytes]] = []
    try:
        yield running
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(40)


def environment(line_url: str, port: int, **more: str) -> dict[str, str]:
    """The settings every system is given."""
    return os.environ | {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
        "LINE_API_BASE_URL": line_url,
        "SECRET_KEY": "0123456789abcdef" * 4,
        "PII_ENCRYPTION_KEYS": ENCODED,
        "PORT": str(port),
        **more,
    }


def serve(
    target: str, port: int, env: dict[str, str], *how: str, in_group: bool = False
) -> subprocess.Popen[bytes]:
    """granian, one process. `how`: for WSGI applications the threads they need.

    in_group: it leads a group of processes of its own.
    """
    command = [
        *(sys.executable, "-m", "granian", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--log-level", "error", "--no-ws"),
        *("--respawn-failed-workers", "--respawn-interval", "1", *how, target),
    ]
    return subprocess.Popen(command, env=env, start_new_session=in_group)  # noqa: S603


def serve_wsgi(target: str, port: int, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """The same server for the peers: a thread a request."""
    threads = ("--blocking-threads", str(THREADS), "--backpressure", str(THREADS * 8))
    return serve(target, port, env, "--interface", "wsgi", *threads)


@contextmanager
def ours_sqlite(
    line_url: str, folder: Path, role: str = "all", more: Mapping[str, str] | None = None
) -> Iterator[System]:
    """One process, one file; role `web`: nobody works. more: settings of echo_ours."""
    url = f"sqlite:///{folder}/ours-{free_port()}.db"
    schema.migrate(make_engine(url))
    with processes() as running:
        port = free_port()
        env = environment(line_url, port, DATABASE_URL=url, ROLE=role, **(more or {}))
        running.append(serve("tests.bench.echo_ours:app", port, env))
        yield _up(System(port, [running[0].pid]))


@contextmanager
def ours_postgres(
    line_url: str, cluster: Cluster, workers: int = 1, more: Mapping[str, str] | None = None
) -> Iterator[System]:
    """Web and workers apart, on PostgreSQL. more: settings of echo_ours."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(cluster.url))
        schema.migrate(make_engine(url))
        running = stack.enter_context(processes())
        port = free_port()
        env = environment(line_url, port, DATABASE_URL=url, ROLE="web", **(more or {}))
        running.append(serve("tests.bench.echo_ours:app", port, env))
        for _ in range(workers):
            command = [sys.executable, "-m", "tests.bench.echo_ours"]
            running.append(subprocess.Popen(command, env=env))  # noqa: S603
        yield _up(System(port, [*(p.pid for p in running), cluster.pid]))


@contextmanager
def plain(line_url: str) -> Iterator[System]:
    """Flask and line-bot-sdk, as its README has it."""
    with processes() as running:
        port = free_port()
        running.append(serve_wsgi("tests.bench.echo_plain:app", port, environment(line_url, port)))
        yield _up(System(port, [running[0].pid]))


@contextmanager
def celery(line_url: str, cluster: Cluster, folder: Path) -> Iterator[System]:
    """Flask, PostgreSQL, Redis and a Celery task an event."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(cluster.url))
        running = stack.enter_context(processes())
        redis_port, port = free_port(), free_port()
        redis = ["redis-server", "--port", str(redis_port), "--save", "", "--dir", str(folder)]
        quiet = subprocess.DEVNULL
        running.append(subprocess.Popen(redis, stdout=quiet))  # noqa: S603
        broker = f"redis://127.0.0.1:{redis_port}/0"
        env = environment(line_url, port, DATABASE_URL=url, CELERY_BROKER_URL=broker)
        subprocess.run([sys.executable, "-m", "tests.bench.echo_celery"], env=env, check=True)
        running.append(serve_wsgi("tests.bench.echo_celery:app", port, env))
        worker = [sys.executable, "-m", "celery", "-A", "tests.bench.echo_celery:celery"]
        worker += ["worker", "--concurrency", "8", "--loglevel", "ERROR"]
        running.append(subprocess.Popen(worker, env=env, stdout=quiet))  # noqa: S603
        system = _up(System(port, [*(p.pid for p in running), cluster.pid]))
        time.sleep(4)  # Celery's children are not ready when its parent is
        yield system


def _up(system: System) -> System:
    wait_until_up(system.port)
    return system


def wait_until_up(port: int) -> None:
    """Until the server on this port answers; at most a minute, on a busy machine."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            url = f"http://127.0.0.1:{port}/healthz"
            if urllib3.request("GET", url, retries=False, timeout=1.0).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise TimeoutError("a system did not come up")


def _tree(root: int) -> list[int]:
    found, rest = [root], [root]
    while rest:
        children = Path(f"/proc/{rest[0]}/task/{rest[0]}/children")
        pids = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        found += pids
        rest = rest[1:] + pids
    return found


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / TICK


def _files(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
