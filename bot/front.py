"""The front door of the server (granian's RSGI): webhooks are answered in the event loop, all else
by Flask in threads.

So a slow page, or a hundred of them, keeps no webhook waiting.
"""

import time
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from granian.rsgi import Scope
from sqlalchemy import Engine

from bot.acknowledger import Acknowledger
from bot.bridge import Bridge, Exchange, read
from bot.config import Config
from bot.webhook import (
    MAX_BODY,
    METHOD,
    NOT_STORED,
    PATH,
    STORED,
    TOO_LARGE,
    WsgiApp,
    count,
    examine,
)
from db.inbox import NewEvent


class Front:
    """The application as the server calls it; as a plain WSGI application it is Flask alone."""

    def __init__(
        self, app: WsgiApp, config: Config, engine: Engine, wake: Callable[[], None]
    ) -> None:
        self._app = app
        self._bridge = Bridge(app)
        self._secrets = config.channel_secrets
        self._acknowledger = Acknowledger(engine, wake)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """For servers that speak only WSGI."""
        return self._app(environ, start)

    async def __rsgi__(self, scope: Scope, exchange: Exchange) -> None:
        """Answer one request."""
        if scope.path != PATH:
            await self._bridge.answer(scope, exchange)
            return
        began = time.perf_counter()
        events: list[NewEvent] = []
        answer = METHOD
        if scope.method == "POST":
            body = await read(scope, exchange, MAX_BODY)
            answer = TOO_LARGE
            if body is not None:
                signature = scope.headers.get("x-line-signature")
                events, answer = examine(self._secrets, body, signature)
        if answer is STORED and not await self._acknowledger.store(events):
            answer = NOT_STORED
        count(answer, events, began)
        exchange.response_empty(answer.status, list(answer.headers))
