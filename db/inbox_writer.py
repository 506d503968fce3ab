"""The webhook's way into the inbox: on PostgreSQL one statement that workers see at once, and one
that waits for the disk.

A transaction by the book is six round trips, and under load each of them waits for its turn on the
processor: one statement brought several times the acknowledgements a second.
"""

from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from db import on_disk
from db.bulk import arrays, columns
from db.inbox import AGAIN, COLUMNS, NewEvent, sealed_rows, store
from db.session import keys, make_durable
from db.standing import StandingConnection
from db.talks import SOONER

_NAMES = ", ".join(name for name, _ in COLUMNS)
_AT_ONCE = (
    f"WITH kept AS (INSERT INTO inbox ({_NAMES}) SELECT * FROM unnest({arrays(COLUMNS)}) {AGAIN}),"  # noqa: S608 - our own names
    " queued AS (INSERT INTO talks (talk, ready_ms)"
    f" SELECT ready, %(now)s FROM unnest(CAST(%(ready)s AS text[])) AS ready {SOONER}"
    " RETURNING 1)"
    " SELECT pg_notify('inbox', '') WHERE EXISTS (SELECT FROM queued)"
)


class InboxWriter:
    """Stores events for one thread, on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._standing = StandingConnection(engine)
        with Session(engine) as session:
            self._keyring = keys(session)

    def store(self, events: Iterable[NewEvent], now_ms: int, wake: Callable[[], None]) -> None:
        """Return when the events are durable. Raises what the database raises.

        wake: called as soon as a worker can see them, if one is to look (PostgreSQL tells other
        processes by itself). That is before they are durable: whatever the worker makes of them is
        durable only together with them.
        """
        if self._engine.dialect.name != "postgresql":
            with self._standing.transaction(durable=False) as session:
                news = store(session, events, now_ms)
            if news:
                wake()
            make_durable(self._engine)
            return
        fresh = {event.event_id: event for event in events}
        values: dict[str, Any] = columns(COLUMNS, sealed_rows(self._keyring, fresh, now_ms))
        values["ready"] = sorted({event.talk for event in fresh.values()})
        values["now"] = now_ms
        try:
            self._run(values, wake)
        except psycopg.Error:
            cut_off = self._is_cut_off()
            self.close()
            if not cut_off:
                raise
            # The server went away, perhaps long ago. Storing again changes nothing if it was done.
            self._run(values, wake)

    def close(self) -> None:
        """Give the connection up; the next store opens another."""
        self._standing.close()
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _run(self, values: dict[str, Any], wake: Callable[[], None]) -> None:
        if self._connection is None:
            autocommit = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            self._connection = autocommit.connect()
            self._connection.exec_driver_sql("SET synchronous_commit = off")
        self._driver().execute(_AT_ONCE, values)
        wake()
        # On the same connection: a server that crashed in between would have cut it off.
        self._driver().execute(on_disk.WAITS)

    def _driver(self) -> Any:
        return self._connection.connection.driver_connection if self._connection else None

    def _is_cut_off(self) -> bool:
        driver = self._driver()
        return driver is not None and driver.closed
