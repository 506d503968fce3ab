"""HTTP to LINE: one thread with an event loop, hundreds of calls at a time.

A thread a call costs three times as much of the processor, and under load every one of them waits
for its turn only to learn that LINE has answered.
"""

import asyncio
import threading
import weakref
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

import aiohttp
import uvloop

from bot.line.errors import LineError, Verdict

T = TypeVar("T")

CONNECT_S = 3.0
READ_S = 10.0
"""LINE answers in well under a second; after this the answer is lost and the outcome unsure."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE answered. The names of headers are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """Connections to one address, kept open; safe to share between threads.

    Limits nobody: whoever makes many calls at a time knows how many are good.
    """

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._url = url
        self._headers = headers
        self._timeout = aiohttp.ClientTimeout(
            total=CONNECT_S + READ_S, sock_connect=CONNECT_S, sock_read=READ_S
        )

    async def ask(self, method: str, path: str, body: bytes | None = None, key: str = "") -> Answer:
        """One call, on the wire's thread. key: its retry key. Raises LineError for no answer."""
        try:
            async with self._session.request(
                method,
                self._url + path,
                data=body,
                headers={"x-line-retry-key": key} if key else None,
                allow_redirects=False,
            ) as answer:
                names = {name.lower(): value for name, value in answer.headers.items()}
                return Answer(answer.status, names, await answer.read())
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.InvalidURL,
        ) as error:
            # No connection was made, so LINE has seen nothing.
            raise LineError(Verdict.AGAIN, reason=type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise LineError(Verdict.UNSURE, reason=type(error).__name__) from None

    @cached_property
    def _session(self) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._headers,
            timeout=self._timeout,
        )
        weakref.finalize(self, _close, session)
        return session


def begin(work: Coroutine[Any, Any, T]) -> "Future[T]":
    """Do this on the wire's thread, from any other."""
    return asyncio.run_coroutine_threadsafe(work, loop())


def wait(work: Coroutine[Any, Any, T]) -> T:
    """Do this on the wire's thread, and wait for it in this one."""
    return begin(work).result()


@cache
def loop() -> asyncio.AbstractEventLoop:
    """The event loop of all calls, in a thread that ends with the process."""
    made = uvloop.new_event_loop()
    threading.Thread(target=made.run_forever, name="wire", daemon=True).start()
    return made


def _close(session: aiohttp.ClientSession) -> None:
    begin(session.close())
