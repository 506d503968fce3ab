"""Engines and transactions: the one place that knows how SQLite and PostgreSQL are opened.

`with transaction(engine) as session:` is the only way to write; `reading(engine)` gives a snapshot
to read.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from db import wal
from db.crypto import Keyring

BUSY_TIMEOUT_S = 15
POOL_SIZE = 10
PLANNED_ANEW = {"planned_anew": True}
"""Options of a statement that PostgreSQL plans for the values at hand: the best plan for a common
value is the worst for a rare one, so one that is made once for all will not do.
"""
_WRITING: WeakKeyDictionary[Any, threading.Lock] = WeakKeyDictionary()


def make_engine(url: str) -> Engine:
    """An engine for a SQLite file or a PostgreSQL server; `postgres://` and `postgresql://` both
    do.
    """
    parsed = _with_driver(make_url(url))
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
            pool_size=POOL_SIZE,
            max_overflow=20,
        )
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        _WRITING[engine.pool] = threading.Lock()
        return engine
    engine = create_engine(
        parsed,
        pool_size=POOL_SIZE,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "application_name": "nong-sisip"},
    )
    event.listen(engine, "do_execute", _plan_anew)
    return engine


@contextmanager
def transaction(engine: Engine, *, durable: bool = True) -> Iterator[Session]:
    """Commit at the end, roll back if anything is raised.

    durable=False is for what can be found out again after a power cut (leases, marks): the commit
    does not wait for the disk. The death of a process loses nothing either way.

    SQLite allows one writer: waiting for our own lock is fair and cheap, its busy handler only
    sleeps and polls.
    """
    if engine.dialect.name == "postgresql":
        with Session(engine) as session, session.begin():
            if not durable:
                session.execute(text("SET LOCAL synchronous_commit = off"))
            yield session
        return
    with right_to_write(engine), Session(engine) as session, session.begin():
        yield session
    if durable:
        make_durable(engine)


def right_to_write(engine: Engine) -> threading.Lock:
    """Of a SQLite file: one has it at a time."""
    return _WRITING[engine.pool]


def make_durable(engine: Engine) -> None:
    """What was committed to SQLite without waiting for the disk is on it when this returns."""
    if engine.dialect.name == "sqlite":
        try:
            wal.sync(str(engine.url.database))
        except OSError as error:
            raise OperationalError("fdatasync", {}, error) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads and holds nobody up. Whatever is changed in it is thrown away."""
    with Session(engine.execution_options(reading=True)) as session:
        yield session


def looking(engine: Engine) -> Session:
    """A session for looking up, never to be written in: on PostgreSQL each statement stands alone,
    so that nothing has to be begun and ended (two journeys to the server). The caller closes it.
    """
    options: dict[str, Any] = {"reading": True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "AUTOCOMMIT"
    return Session(engine.execution_options(**options), autoflush=False)


def keys(session: Session) -> Keyring:
    """The opened keyring of this session's engine (see `db.keyring.unlock`)."""
    keyring = session.get_bind().get_execution_options().get("keyring")
    if not isinstance(keyring, Keyring):
        raise LookupError("the engine is not unlocked: use db.keyring.unlock(engine, outer_keys)")
    return keyring


def is_postgresql(session: Session) -> bool:
    """Whether the statements that only PostgreSQL has may be used."""
    return session.get_bind().dialect.name == "postgresql"


def _with_driver(url: URL) -> URL:
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def _plan_anew(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    if not context.execution_options.get("planned_anew"):
        return False
    cursor.execute(statement, parameters, prepare=False)
    return True


def _open_sqlite(connection: Any, _record: object) -> None:
    # pysqlite's own transactions would begin late and without IMMEDIATE: we begin ourselves.
    connection.isolation_level = None
    # NORMAL: the disk is waited for in `transaction`, after the right to write was given back.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A write that starts as a read can't wait for its turn ("database is locked" at once), so take
    # it now.
    reads = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
