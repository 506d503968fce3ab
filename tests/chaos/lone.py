"""Web, worker and jobs in one process, as `serve` has it on SQLite: `tests.chaos.lone:app`."""

import threading

from bot.jobs import Jobs
from tests.chaos.site import app, config, engine, waker
from tests.chaos.work import make_worker

__all__ = ["app"]
threading.Thread(target=make_worker(config, engine, waker).run, daemon=True).start()
Jobs(engine, waker.wake).start()
