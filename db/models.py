"""Every model, imported so that the metadata is whole: for migrations, rotation and erasure."""

from db import (
    audit,
    bulk_jobs,
    conversations,
    inbox,
    job_runs,
    keyring,
    lead_tables,
    links,
    outbox,
    people,
    questions,
    reminders,
    requests,
    rollups,
    staff,
    talks,
)
from db.base import Base

MODULES = (
    audit,
    bulk_jobs,
    conversations,
    inbox,
    job_runs,
    keyring,
    lead_tables,
    links,
    outbox,
    people,
    questions,
    reminders,
    requests,
    rollups,
    staff,
    talks,
)
metadata = Base.metadata
