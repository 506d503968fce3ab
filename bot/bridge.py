"""A WSGI application (PEP 3333) behind granian's RSGI: each request in a thread of a pool.

granian's own WSGI mode would need a thread a webhook as well, and its pool lets one long download
hold up the next request.
"""

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any, Protocol
from wsgiref.types import WSGIEnvironment

from granian.rsgi import Scope

from bot.webhook import WsgiApp
from bot.words import WORDS

THREADS = 32
QUEUE_MAX = 128
"""Requests for Flask at a time; beyond that it is better to say so at once."""
MAX_BODY = 5 * 1024 * 1024
"""More than Flask's own limit, which has a page for people; this one only guards the memory."""
Header = tuple[str, str]
log = logging.getLogger(__name__)


class Exchange(Protocol):
    """What the server gives for one request: its body, and the ways to answer."""

    async def __call__(self) -> bytes: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_empty(self, status: int, headers: list[Header]) -> None: ...
    def response_bytes(self, status: int, headers: list[Header], body: bytes) -> None: ...
    def response_stream(self, status: int, headers: list[Header]) -> Any: ...


class Bridge:
    """Hands requests over and answers back."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="flask")
        self._under_way = 0

    async def answer(self, scope: Scope, exchange: Exchange) -> None:
        """Serve one request."""
        if self._under_way >= QUEUE_MAX:
            exchange.response_empty(503, [("retry-after", "5")])
            return
        self._under_way += 1
        try:
            body = await read(scope, exchange, MAX_BODY)
            if body is None:
                exchange.response_empty(413, [])
                return
            loop = asyncio.get_running_loop()
            call = _Call(environ(scope, body), exchange, loop)
            whole = await loop.run_in_executor(self._threads, call.run, self._app)
            if whole is not None:
                exchange.response_bytes(call.status, call.headers, whole)
        finally:
            self._under_way -= 1


class _Call:
    """One request in its thread. What is streamed stays there: Flask's contexts are a thread's."""

    def __init__(
        self, environ: WSGIEnvironment, exchange: Exchange, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.status = 500
        self.headers: list[Header] = []
        self._environ = environ
        self._exchange = exchange
        self._loop = loop

    def run(self, app: WsgiApp) -> bytes | None:
        """The body, if it comes in one piece; None: it has been sent on while it was made."""
        answer = app(self._environ, self._start)
        try:
            parts = iter(answer)
            first, second = next(parts, b""), next(parts, None)
            if second is None:
                return first
            self._stream(chain((first, second), parts))
            return None
        finally:
            close: Callable[[], None] | None = getattr(answer, "close", None)
            if close is not None:
                close()

    def _start(self, status: str, headers: list[Header], _error: Any = None) -> Callable[..., None]:
        self.status, self.headers = int(status[:3]), headers
        return _no_writing

    def _stream(self, parts: Iterable[bytes]) -> None:
        transport = self._on_loop(self._open())
        try:
            for part in parts:
                self._on_loop(transport.send_bytes(part))
        except Exception:
            # The server ends what we leave off as if it were whole, so the file itself must say it.
            log.exception("an answer broke off")
            self._on_loop(transport.send_bytes(f"\n{WORDS['broken_off']}\n".encode()))

    async def _open(self) -> Any:
        return self._exchange.response_stream(self.status, self.headers)

    def _on_loop(self, work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result()


def _no_writing(_data: bytes) -> None:
    raise NotImplementedError("an answer is returned, not written")


async def read(scope: Scope, exchange: Exchange, limit: int) -> bytes | None:
    """The body, or None if it is larger than `limit`; a length that is not told doesn't help."""
    length = scope.headers.get("content-length") or ""
    if length.isdigit():
        # The server hands over no more than was announced.
        return await exchange() if int(length) <= limit else None
    body = bytearray()
    async for part in exchange:
        body += part
        if len(body) > limit:
            return None
    return bytes(body)


def environ(scope: Scope, body: bytes) -> WSGIEnvironment:
    """The request as WSGI describes it; text is bytes in Latin-1 there."""
    host, _, port = scope.server.rpartition(":")
    made: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _latin(scope.path),
        "QUERY_STRING": _latin(scope.query_string),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    if scope.authority:
        made["HTTP_HOST"] = scope.authority  # HTTP/2 has no Host header
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # could pass for the name with a dash
        key = "HTTP_" + name.upper().replace("-", "_")
        if key in made:
            made[key] += ("; " if key == "HTTP_COOKIE" else ",") + _latin(value)
        else:
            made[key] = _latin(value)
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if f"HTTP_{name}" in made:
            made[name] = made.pop(f"HTTP_{name}")
    return made


def _latin(text: str) -> str:
    return text.encode().decode("latin-1")
