"""Every model, imported so that the metadata is whole: for migrations, rotation and erasure."""

from db import (
    conversations,
    inbox,
    keyring,
    links,
    outbox,
    people,
    questions,
    reminders,
    requests,
    talks,
)
from db.base import Base

MODULES = (
    conversations,
    inbox,
    keyring,
    links,
    outbox,
    people,
    questions,
    reminders,
    requests,
    talks,
)
metadata = Base.metadata
