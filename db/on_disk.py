"""When what was committed without waiting for the disk is on it: so that nobody need stand idle
meanwhile.

For one event loop. SQLite syncs its log. PostgreSQL is asked, on a connection that was open before,
for a commit that waits for the disk: the log is in the order of the commits. A server that crashed
has forgotten what was not on the disk, and cut every connection off, so a wait that ends well on
the same connection tells the truth; hence the eras.
"""

import asyncio
import logging
from typing import Any

import psycopg
from sqlalchemy import Engine

from db.session import make_durable

WAITS = (
    "SELECT set_config('synchronous_commit', 'on', true),"
    " pg_logical_emit_message(true, 'nong-sisip', '')"
)
"""A commit that waits for the disk, and so for all before it: the least that PostgreSQL writes."""
_ERRORS = (psycopg.Error, OSError)
log = logging.getLogger(__name__)


class Unknown(Exception):
    """Nobody can tell any more whether it is on the disk: look into the database."""


class OnDisk:
    """Shared by all who wait: those who come while the disk works share its next turn."""

    def __init__(self, engine: Engine) -> None:
        self.era: int | None = None
        """To be read before a commit and named when waiting for it; None: there is no way to wait
        apart just now, so the commit must.
        """
        self._engine = engine
        self._opened = 0
        self._begun = 0
        self._ended = 0
        self._turn = asyncio.Lock()
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def open(self) -> None:
        """Begin an era, if there is none."""
        async with self._turn:
            if self.era is not None:
                return
            try:
                await self._connect()
            except _ERRORS:
                log.warning("commits wait for the disk themselves: no connection of their own")
                return
            self._opened += 1
            self.era = self._opened

    async def wait(self, era: int) -> None:
        """Return when all that was committed in this era before the call is on the disk."""
        mine = self._begun + 1
        async with self._turn:
            if era != self.era:
                raise Unknown
            if self._ended >= mine:
                return
            self._begun += 1
            try:
                await self._sync()
            except Exception as error:
                await self._close()
                raise Unknown from error
            self._ended = self._begun

    async def close(self) -> None:
        """End the era."""
        async with self._turn:
            await self._close()

    async def _connect(self) -> None:
        if self._engine.dialect.name != "postgresql":
            return
        address = self._engine.url.set(drivername="postgresql")
        self._connection = await psycopg.AsyncConnection.connect(
            address.render_as_string(hide_password=False), autocommit=True, connect_timeout=5
        )

    async def _sync(self) -> None:
        if self._connection is not None:
            await self._connection.execute(WAITS)
        else:
            await asyncio.get_running_loop().run_in_executor(None, make_durable, self._engine)

    async def _close(self) -> None:
        self.era = None
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()
