"""A lock by name that only one process holds, and that ends with its holder."""

import fcntl
import os
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError


class OnlyOne:
    """PostgreSQL: an advisory lock of a connection of its own, gone when that breaks. SQLite, which
    lives on one machine: a lock on a file beside the database.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._connection: Connection | None = None
        self._file: IO[str] | None = None

    def mine(self) -> bool:
        """Whether this process holds the lock; takes it if it is free."""
        if self._engine.dialect.name == "postgresql":
            return self._mine_on_server()
        return self._file is not None or self._lock_file()

    def release(self) -> None:
        """Let others have it."""
        if self._connection is not None:
            # The lock belongs to the session: given back to the pool it would live on.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _mine_on_server(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            autocommit = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            self._connection = autocommit.connect()
            lock = text("SELECT pg_try_advisory_lock(hashtext(:name))")
            if self._connection.execute(lock, {"name": f"only one {self._name}"}).scalar_one():
                return True
        except SQLAlchemyError:
            # The server went away, and the lock with it.
            pass
        self.release()
        return False

    def _lock_file(self) -> bool:
        path = Path(f"{self._engine.url.database}.{self._name}.lock")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        file = os.fdopen(descriptor, "w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True
