"""The jobs as Celery tasks, where there is a broker: `celery -A bot.celery_app worker` and `beat`.

The broker carries a job's name and nothing else. If it is lost, the next tick of beat calls again.
"""

import sys

from celery import Celery, Task
from celery.signals import worker_process_init

from bot.config import BadConfig, read_config
from bot.jobs import JOBS, run_if_due
from bot.logs import set_up_logs
from db.keyring import unlock
from db.session import make_engine

TIMED, BULK = "timed", "bulk"
"""Two queues, so that what takes long never holds up what is due now."""
QUICK = {"reminders"}

try:
    _config = read_config()
except BadConfig as error:
    sys.exit(str(error))
celery = Celery("bot", broker=_config.broker_url or "memory://")
celery.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 3600},
    worker_hijack_root_logger=False,
    task_default_queue=TIMED,
    beat_schedule={
        job.name: {
            "task": "bot.run_job",
            "schedule": job.every.total_seconds(),
            "args": (job.name,),
            "options": {
                "queue": TIMED if job.name in QUICK else BULK,
                "expires": job.every.total_seconds(),
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
