"""What is put through the chaos: the real webhook and worker, with a conversation that counts.

`tests.chaos.site:app` under granian is the web (ROLE=all: with the worker in it);
`python -m tests.chaos.site` is a worker.
"""

import os
import threading

from flask import Flask

from bot.config import read_config
from bot.front import Front
from bot.line.client import LiveLine
from bot.wake import Listener, Waker
from bot.worker import Limits, Worker
from db.keyring import unlock
from db.session import make_engine
from tests.path.crew import Counter, no_effects

config = read_config()
waker = Waker()
engine = unlock(make_engine(config.database_url), config.outer_keys)


def make_worker() -> Worker:
    line = LiveLine(config.access_token, config.line_api_url)
    Listener(engine, waker).start()
    limits = Limits(flood_burst=0, push_budget=10**9, lease_ms=int(os.environ["LEASE_MS"]))
    return Worker(engine, line, Counter(), no_effects, waker, limits)


flask = Flask("site")


@flask.get("/healthz")
def healthz() -> str:
    return "ok"


app = Front(flask, config, engine, waker.wake)
if os.environ.get("ROLE") == "all":
    threading.Thread(target=make_worker().run, daemon=True).start()

if __name__ == "__main__":
    make_worker().run()
