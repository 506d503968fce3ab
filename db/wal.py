"""SQLite's log on the disk: what is committed is durable once this file is synced.

SQLite would do that itself (`synchronous=FULL`), but while it holds the only right to write: a
webhook and the worker would wait for one another's disk. The log grows in the order of the
commits, so syncing it makes everything durable that was committed before.
"""

import os
from pathlib import Path


def sync(database: str) -> None:
    """Return when all that was committed to this file is on the disk.

    The log holds no locks, so closing it here takes none from SQLite.
    """
    try:
        log = os.open(Path(f"{database}-wal"), os.O_RDONLY)
    except FileNotFoundError:
        # The last connection was closed: SQLite has moved everything into the database, synced.
        return
    try:
        # Not every system tells contents from dates.
        getattr(os, "fdatasync", os.fsync)(log)
    finally:
        os.close(log)
