"""What every page of the app owes its callers: strict headers, and an error that tells nothing.

An error gets an id, which the person sees and the log holds; neither says more than the place.
"""

import logging
import secrets
from typing import Any

from flask import Flask, Response, g, request

log = logging.getLogger(__name__)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Where a page does not set its own, which may be wider."""
HSTS = "max-age=31536000; includeSubDomains"


class Site(Flask):
    """Flask, but an exception is logged without the address, which may hold a secret."""

    def log_exception(self, exc_info: Any) -> None:
        """Note the failure under an id of its own."""
        g.failure = secrets.token_hex(4)
        log.error(
            "a page failed",
            extra={"failure": g.failure, "endpoint": request.endpoint},
            exc_info=exc_info,
        )


def install(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer."""

    @app.after_request
    def strict(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        return response
