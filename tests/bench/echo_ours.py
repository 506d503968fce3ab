"""Our path with an echo for a conversation: what is measured is everything but understanding.

As the server's application (`tests.bench.echo_ours:app`); ROLE=all runs the worker in the same
process, ROLE=web leaves it to `python -m tests.bench.echo_ours`.
"""

import os
import signal
import threading
import time
from multiprocessing.util import Finalize
from typing import Any

from flask import Flask
from prometheus_client import generate_latest

from bot.config import read_config
from bot.front import Front
from bot.interpreter import settle
from bot.line.client import LiveLine
from bot.wake import Listener, Waker
from bot.worker import Limits, Worker
from db.keyring import unlock
from db.session import make_engine
from tests.path.crew import Counter, no_effects

config = read_config()
waker = Waker()

engine = unlock(make_engine(config.database_url), config.outer_keys)
role = os.environ["ROLE"]


THINK_S = float(os.environ.get("THINK_MS", "0")) / 1000
LIMITS = Limits(flood_burst=int(os.environ.get("FLOOD_BURST", "0")))


class Echo(Counter):
    """Counts, and keeps only the count: the state must not grow with the run.

    Computes for THINK_MS about each event, as understanding does.
    """

    def decide(self, talk: str, state: str, event: Any, now_ms: int) -> Any:
        ends = time.thread_time() + THINK_S
        while THINK_S and time.thread_time() < ends:
            pass
        return super().decide(talk, "", event, now_ms)


def make_worker() -> Worker:
    line = LiveLine(config.access_token, config.line_api_url)
    Listener(engine, waker).start()
    return Worker(engine, line, Echo(), no_effects, waker, LIMITS)


flask = Flask("echo_ours")


@flask.get("/healthz")
def healthz() -> str:
    return "ok"


@flask.get("/metrics")
def metrics() -> bytes:
    return generate_latest()


app = Front(flask, config, engine, waker.wake)
if role == "all":
    worker = make_worker()
    thread = threading.Thread(target=worker.run)
    thread.start()
    _stopping = Finalize(None, worker.stop, exitpriority=10)
settle()

if __name__ == "__main__":
    worker = make_worker()
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()
