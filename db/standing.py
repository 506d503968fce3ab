"""Transactions that follow one another closely, on a connection that one thread keeps.

A pooled connection is tried before each use and rolled back after it, and its settings are made
anew in each transaction: on PostgreSQL several round trips, which a worker would pay every time.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from db.bulk import commit_along, in_one_piece, in_transaction
from db.session import make_durable, right_to_write

_BY_KEY = ("enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off")
"""Every statement here goes by a key. A plan that was made (and kept) while a table was small would
read all of it for each round, until somebody analyses the table.
"""
JUMP_MS = 2000
"""Less is a clock that is put right: it is followed at once, or what the webhooks of this host say
is ready now would be so only later.
"""
BELIEVED_AFTER_MS = 60_000


class StandingConnection:
    """For one thread. After an error it starts over on a fresh connection.

    patience_ms: PostgreSQL ends a transaction in which this process is silent for so long
    (0: never): one that is paused must not keep its locks.
    """

    def __init__(self, engine: Engine, patience_ms: int = 0) -> None:
        self._engine = engine
        self._patience_ms = patience_ms
        self._connection: Connection | None = None
        self._began_ms = _host_ms() - _steady_ms()
        self._differs_since_ms: int | None = None

    def now_ms(self) -> int:
        """Unix time by the database's clock, which all hosts share: to one whose own clock is
        wrong, the leases of all the others would have run out, and his to them.

        SQLite knows no other host: there it is this one's clock, believed a minute after it jumped,
        so that what was under way does not seem an hour old.
        """
        steady_ms = _steady_ms()
        if self._engine.dialect.name != "postgresql":
            ahead_ms = _host_ms() - steady_ms - self._began_ms
            if abs(ahead_ms) < JUMP_MS:
                self._began_ms += ahead_ms
                self._differs_since_ms = None
            elif self._differs_since_ms is None:
                self._differs_since_ms = steady_ms
            elif steady_ms - self._differs_since_ms > BELIEVED_AFTER_MS:
                self._began_ms += ahead_ms
        return self._began_ms + steady_ms

    def set_clock(self, connection: Connection) -> None:
        """Look at the database's clock; in between, the time that has passed is added."""
        if self._engine.dialect.name == "postgresql":
            told = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
            self._began_ms = connection.exec_driver_sql(told).scalar_one() - _steady_ms()

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[Session]:
        """Like db.session.transaction; it may be committed before its end, by `commit_along`."""
        try:
            if self._engine.dialect.name == "postgresql":
                with Session(self._open()) as session, session.begin():
                    yield session
                    if in_transaction(session):
                        with in_one_piece(session):
                            commit_along(session, durable=durable)
            else:
                lock = right_to_write(self._engine)
                with lock, Session(self._open()) as session, session.begin():
                    yield session
                if durable:
                    make_durable(self._engine)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the connection up."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            if self._engine.dialect.name != "postgresql":
                return self._connection
            for setting in (
                f"idle_in_transaction_session_timeout = {self._patience_ms:d}",
                "synchronous_commit = off",  # until a commit says otherwise
                *_BY_KEY,
            ):
                self._connection.exec_driver_sql(f"SET {setting}")
            self.set_clock(self._connection)
            self._connection.commit()
        return self._connection


def _host_ms() -> int:
    return int(time.time() * 1000)


def _steady_ms() -> int:
    return int(time.monotonic() * 1000)
