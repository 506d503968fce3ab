"""Starting and stopping what the tests of the path run: LINE played in a thread, workers apart."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.worker import Worker
from tests.path.line import LinePlayed, serve
from tests.path.postgres import free_port

_WORKERS: list[Worker] = []


def kept(worker: Worker) -> Worker:
    """The worker; its connection is closed before its database goes."""
    _WORKERS.append(worker)
    return worker


def close_workers() -> None:
    """Close the connections of the workers of this test."""
    while _WORKERS:
        _WORKERS.pop().close()


@contextmanager
def line_played() -> Iterator[tuple[LinePlayed, str]]:
    """LINE on loopback, in a thread of this process; with its address."""
    line, port = LinePlayed(), free_port()
    loop = asyncio.new_event_loop()
    up = threading.Event()

    async def play() -> None:
        server = await serve(port, line)
        up.set()
        async with server:
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(play()))
    thread.start()
    up.wait(5)
    try:
        yield line, f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def start_worker(
    database: str, line_url: str, point: str = "never", nth: int = 1
) -> subprocess.Popen[bytes]:
    """A worker in its own process."""
    command = [sys.executable, "-m", "tests.path.crew", database, line_url, point, str(nth)]
    return subprocess.Popen(command)  # noqa: S603 - our own program


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Whether it became true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return true()
