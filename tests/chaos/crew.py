"""The processes of the site, each started again when it is gone, as systemd would."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench.systems import serve
from tests.chaos.leash import Leash, kill_group

Start = Callable[[], subprocess.Popen[bytes]]
CELERY = (sys.executable, "-m", "celery", "-A", "bot.celery_app")


class Crew:
    """Every process leads a group of its own, so that a kill leaves no child of it behind."""

    def __init__(self, starts: Mapping[str, Start], leash: Leash) -> None:
        self._starts = dict(starts)
        self._leash = leash
        self._changing = threading.Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._waking: list[threading.Timer] = []
        for name in self._starts:
            self._start(name)
        self._stopped = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise)
        self._supervisor.start()

    @property
    def names(self) -> list[str]:
        """Which processes there are."""
        return list(self._starts)

    def pids(self) -> list[int]:
        """The leaders of the groups as they are now."""
        with self._changing:
            return [process.pid for process in self._running.values()]

    def kill(self, name: str) -> None:
        """One of them with all its children, at once; it comes back."""
        with self._changing:
            self._end(name)
            self._start(name)

    def pause(self, name: str, seconds: float) -> None:
        """Stop one for a while; then it wakes up with what it had begun, as if nothing was."""
        with self._changing:
            process = self._running[name]
            kill_group(process.pid, signal.SIGSTOP)

        def wake() -> None:
            with self._changing:
                if process.poll() is None:
                    kill_group(process.pid, signal.SIGCONT)

        timer = threading.Timer(seconds, wake)
        self._waking.append(timer)
        timer.start()

    def wake_all(self) -> None:
        """Nobody is paused any more."""
        for timer in self._waking:
            timer.cancel()
        for pid in self.pids():
            kill_group(pid, signal.SIGCONT)

    def stop(self) -> None:
        """The end."""
        self.wake_all()
        self._stopped.set()
        self._supervisor.join()
        with self._changing:
            for name in self._starts:
                self._end(name)

    def _start(self, name: str) -> None:
        process = self._starts[name]()
        self._running[name] = process
        self._leash.hold(process.pid)

    def _end(self, name: str) -> None:
        process = self._running[name]
        # Before it is waited for: until then its number is nobody else's.
        kill_group(process.pid)
        process.wait()
        self._leash.let_go(process.pid)

    def _supervise(self) -> None:
        """Start again what died by itself: the database or Redis was away when it began."""
        while not self._stopped.wait(1.0):
            with self._changing:
                for name, process in self._running.items():
                    if process.poll() is not None:
                        self._end(name)
                        self._start(name)


def site(env: Mapping[str, str], port: int, module: str) -> Start:
    """The server with the application of this module."""
    return lambda: serve(f"tests.chaos.{module}:app", port, dict(env), in_group=True)


def program(env: Mapping[str, str], *command: str, log: Path | None = None) -> Start:
    """Any other program; what it says goes to the log, or nowhere."""

    def start() -> subprocess.Popen[bytes]:
        with (log or Path("/dev/null")).open("ab") as out:
            return subprocess.Popen(  # noqa: S603 - our own programs
                command, env=env, stdout=out, stderr=out, start_new_session=True
            )

    return start
