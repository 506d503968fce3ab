"""The metrics of a process that has no web server, on METRICS_PORT; and who may see metrics.

Without HOST it listens on loopback only.
"""

import hmac
import logging
import threading
from collections.abc import Iterable
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from bot.config import Config

LOOPBACK = "127.0.0.1"
log = logging.getLogger(__name__)


class _Silent(WSGIRequestHandler):
    timeout = 10
    """Somebody who connects and says nothing must not keep a thread."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def may_see(token: str, given: str, caller: str | None, forwarded: bool) -> bool:
    """With a token, whoever gives it; without one, this machine with no proxy in between."""
    if token:
        return hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode())
    return not forwarded and caller in {LOOPBACK, "::1"}


def serve(config: Config) -> WSGIServer | None:
    """Begin to serve if there is a port. A port that is taken is logged: answers come first."""
    if not config.metrics_port:
        return None
    try:
        server = make_server(
            config.metrics_host,
            config.metrics_port,
            _Guarded(config.metrics_token),
            ThreadingWSGIServer,
            _Silent,
        )
    except OSError as error:
        log.warning("METRICS_PORT can't be used", extra={"why": type(error).__name__})
        return None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


class _Guarded:
    """GET /metrics for those who may see it, 404 for everything else."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._metrics = make_wsgi_app()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """One request."""
        seen = may_see(
            self._token,
            environ.get("HTTP_AUTHORIZATION", ""),
            environ.get("REMOTE_ADDR"),
            "HTTP_X_FORWARDED_FOR" in environ or "HTTP_FORWARDED" in environ,
        )
        if seen and environ["PATH_INFO"] == "/metrics":
            answer: Iterable[bytes] = self._metrics(environ, start)
            return answer
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not found\n"]
