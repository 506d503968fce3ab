"""The webhook's way into the inbox: on PostgreSQL one statement, one round trip, one commit.

A transaction by the book is six round trips, and under load each of them waits for its turn on the
processor: one statement brought several times the acknowledgements a second.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.inbox import AGAIN, COLUMNS, NewEvent, sealed_rows, store
from db.session import keys, transaction
from db.talks import SOONER

_ARRAYS = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in COLUMNS)
_NAMES = ", ".join(name for name, _ in COLUMNS)
_AT_ONCE = text(
    f"WITH kept AS (INSERT INTO inbox ({_NAMES}) SELECT * FROM unnest({_ARRAYS}) {AGAIN}),"  # noqa: S608 - our own names
    " queued AS (INSERT INTO talks (talk, ready_ms)"
    f" SELECT ready, :now FROM unnest(CAST(:ready AS text[])) AS ready {SOONER})"
    " SELECT pg_notify('inbox', '')"
)


class InboxWriter:
    """Stores events for one thread, on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        with Session(engine) as session:
            self._keyring = keys(session)

    def store(self, events: Iterable[NewEvent], now_ms: int) -> None:
        """Return when the events are durable. Raises what the database raises."""
        if self._engine.dialect.name != "postgresql":
            with transaction(self._engine) as session:
                store(session, events, now_ms)
            return
        fresh = {event.event_id: event for event in events}
        rows = sealed_rows(self._keyring, fresh, now_ms)
        values: dict[str, object] = {name: [row[name] for row in rows] for name, _ in COLUMNS}
        values["ready"] = sorted({event.talk for event in fresh.values()})
        values["now"] = now_ms
        try:
            self._run(values)
        except DBAPIError as error:
            self.close()
            if not error.connection_invalidated:
                raise
            # The server went away, perhaps long ago. Storing again changes nothing if it was done.
            self._run(values)

    def close(self) -> None:
        """Give the connection up; the next store opens another."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _run(self, values: dict[str, object]) -> None:
        if self._connection is None:
            autocommit = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            self._connection = autocommit.connect()
        self._connection.execute(_AT_ONCE, values)
