"""Timed work: reminders into the inbox, retention, the freshness of what is counted.

The same jobs run in a thread of the process, or as Celery tasks where CELERY_BROKER_URL is set.
Each knows by the database whether it is due, so two clocks do no harm.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import metrics
from bot.clock import now_ms
from bot.outreach import group_cards
from bot.outreach.ranks import Rank, left
from bot.staff import messages
from bot.staff.pages import bulk
from db import broadcasts, budget, inbox, job_runs, reminders, retention, rollups, staff
from db.session import transaction

LOOK_EVERY_S = 5.0
SAID = ("unfinished",)
"""Reminders that are pushed to the person; the others only make the talk look at itself."""
ROUNDS = 200
"""Batches a run does at most; what is left comes with the next run."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Work in batches: `run` does one and says how many rows it touched; 0 ends the run."""

    name: str
    every: timedelta
    run: Callable[[Session, datetime], int]


def send_reminders(session: Session, now: datetime) -> int:
    """Nudges that are due become events of their talk; without messages left they wait."""
    month = budget.month(session, rollups.thai_day(now))
    short = month is not None and left(month, Rank.NUDGE) == 0
    due = reminders.take_due(session, now, but=SAID if short else ())
    for one in due:
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


JOBS = (
    Job("reminders", timedelta(seconds=30), send_reminders),
    Job("broadcast_people", timedelta(hours=6), broadcasts.purge),
    Job("group_cards", timedelta(minutes=10), group_cards.send_due),
    Job("staff_notices", timedelta(seconds=5), messages.send_due),
    Job("staff_bulk", timedelta(seconds=5), bulk.work),
    Job("staff_sessions", timedelta(hours=1), staff.purge_sessions),
    *(Job(f"retention_{purge.__name__}", timedelta(hours=6), purge) for purge in retention.PURGES),
)


def run_if_due(engine: Engine, job: Job) -> int:
    """Run the job to its end if it is due; the number of rows it touched."""
    touched = 0
    for number in range(ROUNDS):
        now = datetime.now(UTC)
        with transaction(engine) as session:
            if number == 0 and not job_runs.is_due(session, job.name, job.every, now):
                return 0
            rows = job.run(session, now)
            touched += rows
            job_runs.note(session, job.name, touched, now)
        if rows == 0:
            break
    metrics.JOB_RUN.labels(job.name).set_to_current_time()
    if touched:
        log.info("a job ran", extra={"job": job.name, "rows": touched})
    return touched


class Jobs:
    """The clock of a process without a broker."""

    def __init__(self, engine: Engine, wake: Callable[[], None]) -> None:
        self._engine = engine
        self._wake = wake
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            for job in JOBS:
                if self._stopping.is_set():
                    return
                try:
                    if run_if_due(self._engine, job):
                        self._wake()
                except SQLAlchemyError:
                    log.exception("a job failed", extra={"job": job.name})
