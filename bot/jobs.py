"""Timed work: reminders into the inbox, retention, the freshness of what is counted.

The same jobs run in threads of the process, or as Celery tasks where CELERY_BROKER_URL is set.
Each knows by the database whether it is due, so two clocks do no harm; and where Celery has not run
a job for minutes (the broker is gone), the workers' own threads do.
"""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.clock import now_ms
from bot.outreach import group_cards
from bot.outreach.ranks import Rank, left
from bot.staff import messages
from bot.staff.pages import bulk
from db import (
    broadcasts,
    budget,
    inbox,
    insured,
    job_runs,
    model_releases,
    outbox,
    reminders,
    retention,
    rollups,
    schema,
    staff,
)
from db.locks import OnlyOne
from db.session import reading, transaction

LOOK_EVERY_S = 5.0
CALL_AT_LEAST_EVERY = timedelta(minutes=1)
"""A clock that was just started must not wait six hours before it looks whether a job is due."""
BROKER_IS_GONE = timedelta(minutes=5)
"""A job this late is not coming from Celery any more."""
SAID = {"unfinished": Rank.NUDGE, insured.PAY: Rank.DEADLINE}
"""Reminders that are pushed to the person; the others only make the talk look at itself."""
STOP_AFTER = 2
"""Reminders in a row that LINE did not take: nobody is there any more, and they end."""
ROUNDS = 200
"""Batches a run does at most; what is left comes when others had their turn."""
log = logging.getLogger(__name__)


class Lane(StrEnum):
    """What people wait for, and what may take long: the one never stands behind the other."""

    TIMED = "timed"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Job:
    """Work in batches: `run` does one and says how many rows it touched; 0 ends the run."""

    name: str
    every: timedelta
    run: Callable[[Session, datetime], int]
    lane: Lane = Lane.BULK


def send_reminders(session: Session, now: datetime) -> int:
    """Nudges that are due become events of their talk; without messages left they wait. A monthly
    one sets the next by being said, so one that is left out here was the last.
    """
    month = budget.month(session, rollups.thai_day(now))
    short = [kind for kind, rank in SAID.items() if month is not None and left(month, rank) == 0]
    due = reminders.take_due(session, now, but=short)
    for one in due:
        if one.kind in SAID and outbox.reminders_failed(session, one.talk, STOP_AFTER):
            continue
        inbox.store_own(
            session,
            "reminder",
            one.talk,
            {"kind": one.kind, "values": dict(one.values)},
            # The kind leads, so that delivery sees what the message is worth.
            key=f"{one.kind[:12]}-{inbox.own_key(one.talk, one.kind, one.due_at.isoformat())}",
            now_ms=now_ms(),
        )
    return len(due)


def start_wished_training(session: Session, now: datetime) -> int:
    """Start the training that was wished for, or wish for one when enough was labelled. It runs in
    a process of its own and ends by itself if another one is at it.
    """
    if model_releases.worth_it(session):
        model_releases.wish(session, None, now)
    if model_releases.wished(session):
        command = [sys.executable, "-m", "bot", "learn"]
        subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  our own program
    return 0


JOBS = (
    Job("reminders", timedelta(seconds=30), send_reminders, Lane.TIMED),
    Job("broadcast_people", timedelta(hours=6), broadcasts.purge),
    Job("group_cards", timedelta(minutes=10), group_cards.send_due),
    Job("staff_notices", timedelta(seconds=5), messages.send_due, Lane.TIMED),
    Job("staff_bulk", timedelta(seconds=5), bulk.work),
    Job("learning", timedelta(minutes=1), start_wished_training),
    Job("analyse", timedelta(days=1), schema.analyse_again),
    Job("staff_sessions", timedelta(hours=1), staff.purge_sessions),
    *(Job(f"retention_{purge.__name__}", timedelta(hours=6), purge) for purge in retention.PURGES),
)


def _never() -> bool:
    return False


def run_if_due(
    engine: Engine,
    job: Job,
    *,
    late: timedelta = timedelta(0),
    stopping: Callable[[], bool] = _never,
) -> int:
    """Run the job to its end if it is due, or `late` by so much; the number of rows it touched.

    Of what may take long, one job runs at a time: it must not take every hand there is.
    """
    if job.lane is Lane.TIMED:
        return _run(engine, job, late, stopping)
    with reading(engine) as session:
        if not job_runs.is_late(session, job.name, job.every + late, datetime.now(UTC)):
            return 0
    alone = OnlyOne(engine, Lane.BULK)
    try:
        return _run(engine, job, late, stopping) if alone.mine() else 0
    finally:
        alone.release()


def _run(engine: Engine, job: Job, late: timedelta, stopping: Callable[[], bool]) -> int:
    """A run is done with its last batch: one that is killed, or has more left, goes on soon."""
    touched = 0
    for _ in range(ROUNDS):
        now = datetime.now(UTC)
        with transaction(engine) as session:
            if not job_runs.is_due(session, job.name, job.every + late, now):
                break
            rows = job.run(session, now)
            touched += rows
            if rows == 0:
                job_runs.note(session, job.name, touched, now)
        if rows == 0 or stopping():
            break
    if touched:
        log.info("a job ran", extra={"job": job.name, "rows": touched})
    return touched


class Jobs:
    """The clock of a process: a thread a lane.

    late: how late a job must be; nothing without a broker, BROKER_IS_GONE beside one.
    """

    def __init__(
        self, engine: Engine, wake: Callable[[], None], late: timedelta = timedelta(0)
    ) -> None:
        self._engine = engine
        self._wake = wake
        self._late = late
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._clock, args=(lane,), name=f"jobs-{lane}") for lane in Lane
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the batch under way."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _clock(self, lane: Lane) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            for job in JOBS:
                if job.lane is lane and not self._stopping.is_set():
                    self._try(job)

    def _try(self, job: Job) -> None:
        try:
            if run_if_due(self._engine, job, late=self._late, stopping=self._stopping.is_set):
                self._wake()
        except Exception:
            # Whatever it was, it is tried again, and must not end the clock of the other jobs.
            log.exception("a job failed", extra={"job": job.name})
