"""Who runs the jobs, and when: one clock, lanes apart, a net for the day the broker dies."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from celery import Celery
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bot import jobs
from bot.beat import OneBeat
from bot.jobs import BROKER_IS_GONE, JOBS, Job, Jobs, Lane, run_if_due
from db import job_runs
from db.locks import OnlyOne
from db.reminders import remind
from db.session import make_engine, transaction
from tests.path.running import wait_until

pytestmark = pytest.mark.db


def nothing() -> None:
    """Nobody is woken."""


@contextmanager
def another_process(url: str) -> Iterator[Engine]:
    made = make_engine(url)
    try:
        yield made
    finally:
        made.dispose()


def test_a_lock_has_one_holder_and_ends_with_it(engine: Engine, database_url: str) -> None:
    with another_process(database_url) as other:
        first, second = OnlyOne(engine, "beat"), OnlyOne(other, "beat")
        assert first.mine()
        assert first.mine()
        assert not second.mine()
        first.release()
        assert second.mine()
        assert not first.mine()
        second.release()


def beat(url: str, called: list[str]) -> OneBeat:
    """A clock without a broker: it notes what it would have called."""

    class Noting(OneBeat):
        producer = None

        def apply_entry(self, entry: object, producer: object = None) -> None:
            called.append(str(entry.name))  # type: ignore[attr-defined]

    app = Celery("test", broker="memory://")
    app.conf.jobs_database_url = url
    app.conf.beat_schedule = {"one": {"task": "t", "schedule": 3600.0}}
    app.conf.result_expires = None
    return Noting(app)


def test_of_two_beats_one_calls_and_the_other_takes_over(database_url: str) -> None:
    called: list[str] = []
    first, second = beat(database_url, called), beat(database_url, called)
    first.tick()
    second.tick()
    first.tick()
    assert called == ["one"]
    first.close()
    second.tick()
    assert called == ["one", "one"]
    second.close()


def test_what_takes_long_runs_alone_and_never_before_what_is_due(
    engine: Engine, database_url: str
) -> None:
    ran: list[str] = []

    def work(name: str) -> Job:
        def run(_session: Session, _now: datetime) -> int:
            ran.append(name)
            return 0

        return Job(name, timedelta(hours=1), run, Lane.TIMED if name == "timed" else Lane.BULK)

    with another_process(database_url) as other:
        alone = OnlyOne(other, Lane.BULK)
        assert alone.mine()
        run_if_due(engine, work("bulk"))
        run_if_due(engine, work("timed"))
        assert ran == ["timed"]
        alone.release()
    run_if_due(engine, work("bulk"))
    assert ran == ["timed", "bulk"]


def test_the_workers_run_a_job_that_the_broker_no_longer_brings(engine: Engine) -> None:
    job = next(job for job in JOBS if job.name == "reminders")
    with transaction(engine) as session:
        job_runs.note(session, job.name, 0, datetime.now(UTC) - timedelta(minutes=2))
    run_if_due(engine, job, late=BROKER_IS_GONE)
    with transaction(engine) as session:
        assert job_runs.is_late(session, job.name, timedelta(minutes=1), datetime.now(UTC))
        job_runs.note(session, job.name, 0, datetime.now(UTC) - timedelta(minutes=6))
    run_if_due(engine, job, late=BROKER_IS_GONE)
    with transaction(engine) as session:
        assert not job_runs.is_late(session, job.name, timedelta(minutes=1), datetime.now(UTC))


def test_a_job_that_breaks_does_not_end_the_clock_of_the_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = threading.Event()

    def breaks(_session: Session, _now: datetime) -> int:
        raise ValueError("a bug")

    def works(_session: Session, _now: datetime) -> int:
        ran.set()
        return 0

    made = (Job("breaks", timedelta(0), breaks), Job("works", timedelta(0), works))
    monkeypatch.setattr(jobs, "JOBS", made)
    monkeypatch.setattr(jobs, "LOOK_EVERY_S", 0.05)
    clock = Jobs(engine, nothing)
    clock.start()
    try:
        assert wait_until(ran.is_set, 10)
        ran.clear()
        assert wait_until(ran.is_set, 10)
    finally:
        clock.stop()


def test_a_run_that_was_killed_goes_on_at_the_next_look(engine: Engine) -> None:
    left = [3]

    def batch(_session: Session, _now: datetime) -> int:
        if left[0] == 2 and not killed:
            killed.append(True)
            raise KeyboardInterrupt
        left[0] = max(left[0] - 1, 0)
        return 1 if left[0] else 0

    killed: list[bool] = []
    job = Job("cleaning", timedelta(hours=6), batch)
    with pytest.raises(KeyboardInterrupt):
        run_if_due(engine, job)
    assert left == [2]
    run_if_due(engine, job)
    assert left == [0]
    assert run_if_due(engine, Job("cleaning", timedelta(hours=6), never)) == 0


def never(_session: Session, _now: datetime) -> int:
    raise AssertionError("what ended is not due again")


def test_sqlite_is_told_daily_what_its_indexes_hold(engine: Engine) -> None:
    (job,) = (job for job in JOBS if job.name == "analyse")
    assert run_if_due(engine, job) == 0
    if engine.dialect.name == "sqlite":
        with transaction(engine) as session:
            remind(session, "U" + "a" * 32, "payment", datetime.now(UTC), {})
            job.run(session, datetime.now(UTC))
            told = session.scalars(text("SELECT tbl FROM sqlite_stat1")).all()
        assert "reminders" in told
