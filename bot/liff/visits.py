"""A visit to the page: a signed cookie, good for half an hour after the last thing done.

It holds who came and a token that every form must carry. A new sign-in always makes a new one, so
that on a shared phone nobody goes on in the form of the person before.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Request, Response
from itsdangerous import BadSignature, URLSafeSerializer

LASTS = timedelta(minutes=30)
PATH = "/liff"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here. `csrf`: what a form of this visit carries."""

    user: str
    csrf: str


class Visits:
    """Begins visits, and knows them again."""

    def __init__(self, secret_key: str, *, secure: bool, now: Callable[[], datetime]) -> None:
        self._signer = URLSafeSerializer(
            secret_key, salt="form page", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self._secure = secure
        self._now = now
        self._cookie = "__Secure-form" if secure else "form"

    def begin(self, response: Response, user: str) -> None:
        """A new visit of this person."""
        self.keep(response, Visit(user, secrets.token_urlsafe(24)))

    def keep(self, response: Response, visit: Visit) -> None:
        """The visit lasts from now on again."""
        ends = int((self._now() + LASTS).timestamp())
        response.set_cookie(
            self._cookie,
            self._signer.dumps([visit.user, visit.csrf, ends]),
            max_age=LASTS,
            path=PATH,
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )

    def of(self, request: Request) -> Visit | None:
        """The visit this request belongs to; None: there is none, or it is over."""
        try:
            user, csrf, ends = self._signer.loads(request.cookies.get(self._cookie, ""))
        except (BadSignature, ValueError, TypeError):
            return None
        return Visit(user, csrf) if ends > self._now().timestamp() else None


def from_our_page(request: Request, visit: Visit | None) -> bool:
    """Whether a change was asked for by a page of ours, and by one of this visit."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    if site is None and origin is not None and urlsplit(origin).netloc != request.host:
        return False
    if visit is None:
        return True
    return hmac.compare_digest(request.form.get("csrf_token", "").encode(), visit.csrf.encode())
