"""What goes wrong: processes killed and paused, the database cut off and crashed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial

import psycopg

from tests.bench.systems import serve
from tests.path.postgres import Cluster


class Crew:
    """The processes of the site, each started again when it is gone."""

    def __init__(self, env: dict[str, str], port: int, workers: int) -> None:
        self._env = env
        self._port = port
        self.web = self._start_web()
        self.workers = [self._start_worker() for _ in range(workers)]
        self._changing = threading.Lock()
        self._stopped = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise)
        self._supervisor.start()

    def kill_web(self) -> None:
        """Server and application, at once."""
        with self._changing:
            for pid in (*_children(self.web.pid), self.web.pid):
                _signal(pid, signal.SIGKILL)
            self.web.wait()
            self.web = self._start_web()

    def kill_worker(self, number: int) -> None:
        """One worker."""
        with self._changing:
            self.workers[number].kill()
            self.workers[number].wait()
            self.workers[number] = self._start_worker()

    def pause_worker(self, number: int, seconds: float) -> None:
        """One worker is stopped so long that its leases run out; then it wakes up as if nothing
        was.
        """
        pid = self.workers[number].pid
        _signal(pid, signal.SIGSTOP)
        threading.Timer(seconds, lambda: _signal(pid, signal.SIGCONT)).start()

    def pause_web(self, seconds: float) -> None:
        """Nobody answers LINE for a while; then the web wakes up with what it had begun."""
        pids = [*_children(self.web.pid), self.web.pid]
        for pid in pids:
            _signal(pid, signal.SIGSTOP)
        time.sleep(seconds)
        for pid in pids:
            _signal(pid, signal.SIGCONT)

    def stop(self) -> None:
        """The end."""
        self._stopped.set()
        self._supervisor.join()
        for pid in (*_children(self.web.pid), self.web.pid, *(w.pid for w in self.workers)):
            _signal(pid, signal.SIGCONT)
            _signal(pid, signal.SIGKILL)
        for process in (self.web, *self.workers):
            process.wait()

    def _supervise(self) -> None:
        """Start again what died by itself (the database was away when it began), as init does."""
        while not self._stopped.wait(1.0):
            with self._changing:
                if self.web.poll() is not None:
                    self.web = self._start_web()
                for number, worker in enumerate(self.workers):
                    if worker.poll() is not None:
                        self.workers[number] = self._start_worker()

    def _start_web(self) -> subprocess.Popen[bytes]:
        return serve("tests.chaos.site:app", self._port, self._env)

    def _start_worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.chaos.site"]
        return subprocess.Popen(command, env=self._env, stderr=subprocess.DEVNULL)  # noqa: S603


class Mischief:
    """Does one of the faults every so often, until told to stop; counts them."""

    def __init__(self, crew: Crew, cluster: Cluster | None, lease_s: float, seed: int) -> None:
        self.counts: Counter[str] = Counter()
        self._dice = random.Random(seed)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        faults: list[tuple[float, str, Callable[[], None]]] = [
            (2, "web killed", crew.kill_web),
            (1, "web paused", partial(crew.pause_web, lease_s)),
        ]
        for number in range(len(crew.workers)):
            kill = partial(crew.kill_worker, number)
            pause = partial(crew.pause_worker, number, lease_s * 1.5)
            faults += [(4, "worker killed", kill), (1, "worker paused", pause)]
        if cluster is not None:
            faults.append((4, "backend killed", lambda: _kill_backend(cluster, self._dice)))
            faults.append((0.6, "database crashed", lambda: _crash(cluster)))
        self._faults = faults
        # A lone process needs seconds to come back; killed more often it would never be there.
        self._pause_s = 1.5 if crew.workers else 4.0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Enough."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        weights = [weight for weight, _, _ in self._faults]
        while not self._stopping.wait(self._dice.uniform(0.3, 1.7) * self._pause_s):
            _, name, act = self._dice.choices(self._faults, weights)[0]
            act()
            self.counts[name] += 1


def _kill_backend(cluster: Cluster, dice: random.Random) -> None:
    try:
        with psycopg.connect(cluster.url, autocommit=True, connect_timeout=2) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            ).fetchall()
            if rows:
                connection.execute("SELECT pg_terminate_backend(%s)", dice.choice(rows))
    except psycopg.OperationalError:
        return


def _crash(cluster: Cluster) -> None:
    cluster.stop("immediate")
    time.sleep(1)
    cluster.start()


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, check=False)  # noqa: S603, S607
    return [int(line) for line in found.stdout.split()]


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
