"""Between the worker and the courier: a call starts when the commit that says so is on the disk,
and the worker does not stand idle meanwhile.
"""

import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine

from bot.courier import Courier
from bot.hand import Start
from bot.line import wire
from db.on_disk import OnDisk, Unknown
from db.outbox import Outgoing

OPEN_AGAIN_S = 2.0


class Posting:
    """For one worker. wake: there is something it must know."""

    def __init__(self, engine: Engine, courier: Courier, wake: Callable[[], None]) -> None:
        self._disk = OnDisk(engine)
        self._courier = courier
        self._wake = wake
        self._open_at = 0.0
        self._unknown = threading.Event()

    def era(self) -> int | None:
        """To be asked before a commit, and named in `post`. None: the commit must wait for the disk
        itself. Raises Unknown when calls were held back for good: look into the database.
        """
        if self._unknown.is_set():
            self._unknown.clear()
            raise Unknown
        era = self._disk.era
        if era is None and time.monotonic() >= self._open_at:
            self._open_at = time.monotonic() + OPEN_AGAIN_S
            wire.begin(self._disk.open())
        return era

    def post(self, starts: list[Start], era: int | None) -> None:
        """Make these calls; their rows were committed in this era."""
        calls = [(start.row, start.way) for start in starts]
        if era is None:
            self._courier.post(calls)
        elif calls:
            wire.begin(self._post(calls, era))

    def close(self) -> None:
        """No more calls."""
        wire.wait(self._disk.close())

    async def _post(self, calls: list[tuple[Outgoing, str]], era: int) -> None:
        try:
            await self._disk.wait(era)
        except Unknown:
            self._unknown.set()
            self._wake()
            return
        self._courier.post(calls)
