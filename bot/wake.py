"""Waking the worker: a condition in the process, LISTEN/NOTIFY between processes.

A wake-up carries no data. Twice, late or never: the poll finds what there is.
"""

import logging
import threading

import psycopg
from sqlalchemy import Engine

RETRY_S = 2.0
log = logging.getLogger(__name__)


class Waker:
    """Wait until somebody says there is something to do."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def wake(self) -> None:
        """Say so."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Until woken, at most so long."""
        self._event.wait(seconds)
        self._event.clear()


class Listener:
    """Passes on what PostgreSQL's NOTIFY says; does nothing on SQLite, which has one process."""

    def __init__(self, engine: Engine, waker: Waker) -> None:
        self._url = engine.url
        self._waker = waker
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen, where there is something to listen to."""
        if self._url.get_backend_name() == "postgresql":
            self._thread.start()

    def stop(self) -> None:
        """Let the thread end."""
        self._stopping.set()

    def _run(self) -> None:
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._stopping.is_set():
            try:
                self._listen(address)
            except psycopg.Error:
                log.warning("listening was cut off; the poll goes on")
                self._stopping.wait(RETRY_S)

    def _listen(self, address: str) -> None:
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            connection.execute("LISTEN inbox")
            self._waker.wake()
            while not self._stopping.is_set():
                for _ in connection.notifies(timeout=1.0):
                    self._waker.wake()
