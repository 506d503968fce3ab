"""The jobs as Celery tasks, where there is a broker: `celery -A bot.celery_app worker` and `beat`.

The broker carries a job's name and nothing else. If it is lost, the next tick of beat calls again.
"""

from celery import Celery, Task
from celery.signals import worker_process_init

from bot.config import config_or_end
from bot.jobs import CALL_AT_LEAST_EVERY, JOBS, Lane, run_if_due
from bot.logs import set_up_logs
from db.keyring import unlock
from db.session import make_engine

LONGEST_S = 1800
"""A job that takes longer hangs, and is ended; every batch of it that was committed stays."""


def _timeouts(broker_url: str) -> dict[str, object]:
    """A Redis that hangs must not hang us; kombu's own limit is two minutes."""
    if not broker_url.startswith("redis"):
        return {}
    return {"socket_timeout": 10, "socket_connect_timeout": 5, "socket_keepalive": True}


_config = config_or_end()
celery = Celery("bot", broker=_config.broker_url or "memory://")
celery.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=LONGEST_S,
    broker_connection_retry_on_startup=True,
    # For ever: a broker that comes back after an hour must find us.
    broker_connection_max_retries=None,
    broker_transport_options={"visibility_timeout": 2 * LONGEST_S} | _timeouts(_config.broker_url),
    worker_hijack_root_logger=False,
    # For Flower. They carry the names of jobs, as the messages do.
    worker_send_task_events=True,
    task_default_queue=Lane.TIMED,
    beat_scheduler="bot.beat:OneBeat",
    jobs_database_url=_config.database_url,
    beat_schedule={
        job.name: {
            "task": "bot.run_job",
            "schedule": min(job.every, CALL_AT_LEAST_EVERY).total_seconds(),
            "args": (job.name,),
            "options": {
                "queue": job.lane,
                "expires": min(job.every, CALL_AT_LEAST_EVERY).total_seconds(),
            },
        }
        for job in JOBS
    },
)
_engine = unlock(make_engine(_config.database_url), _config.outer_keys)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _after_fork(**_: object) -> None:
    set_up_logs()
    # Connections can't be shared between processes.
    _engine.dispose(close=False)


@celery.task(
    name="bot.run_job",
    bind=True,
    autoretry_for=(Exception,),
    retry_backoff=True,
    retry_jitter=True,
    max_retries=5,
)  # type: ignore[untyped-decorator]
def run_job(_task: Task, name: str) -> int:
    """Run one job if it is due."""
    job = next(job for job in JOBS if job.name == name)
    return run_if_due(_engine, job)
