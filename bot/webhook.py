"""POST /callback: check the signature, keep one row an event, say 200. No event is parsed here.

What both doors share: bot.front, where the server's requests come in, and the WSGI layer in front
of Flask, for other servers and for tests. Nothing of the console's set-up may stop it.
"""

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
from sqlalchemy import Engine

from bot import metrics, tracing
from bot.clock import now_ms
from bot.config import Config
from bot.line.signature import valid
from db import inbox
from db.inbox import NewEvent
from db.session import transaction

PATH = "/callback"
MAX_BODY = 1024 * 1024
ACK_WAIT_S = 1.7
"""LINE counts no answer within 2 s as a failure; better to say 503 and be sent the events again."""
NOBODY = "-"
"""The talk of events that come from no chat, such as a failed account link."""
_ID = re.compile(r"[\x21-\x7e]{1,64}")
_LATEST_MS = 2**53

WsgiApp = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook is told. `outcome` is its name in the metrics."""

    status: int
    phrase: str
    outcome: str
    headers: tuple[tuple[str, str], ...] = (("content-type", "text/plain"),)


STORED = Answer(200, "OK", "stored")
EMPTY = Answer(200, "OK", "empty")
NOT_A_WEBHOOK = Answer(400, "Bad Request", "not_a_webhook")
BAD_SIGNATURE = Answer(401, "Unauthorized", "bad_signature")
METHOD = Answer(
    405, "Method Not Allowed", "method", (("content-type", "text/plain"), ("allow", "POST"))
)
TOO_LARGE = Answer(413, "Content Too Large", "too_large")
NOT_STORED = Answer(503, "Service Unavailable", "not_stored")


def examine(
    secrets: Sequence[str], body: bytes, signature: str | None
) -> tuple[list[NewEvent], Answer]:
    """The events to be stored, and the answer when that is done (or when there are none)."""
    if not valid(secrets, body, signature):
        return [], BAD_SIGNATURE
    events = split(body)
    if events is None:
        return [], NOT_A_WEBHOOK
    return events, STORED if events else EMPTY


def count(answer: Answer, events: Sequence[NewEvent], began: float) -> None:
    """Note an answer that is given. began: time.perf_counter() at the request's arrival."""
    metrics.WEBHOOKS.labels(answer.outcome).inc()
    if answer is STORED:
        metrics.EVENTS.inc(len(events))
        metrics.ACK.observe(time.perf_counter() - began)
        for event in events:
            tracing.span("webhook", event.event_id, began, events=len(events))


class Webhook:
    """The WSGI application that answers /callback and hands everything else on.

    One commit a request: where speed counts, bot.front shares a commit among many.
    """

    def __init__(
        self, inner: WsgiApp, config: Config, engine: Engine, wake: Callable[[], None]
    ) -> None:
        self._inner = inner
        self._secrets = config.channel_secrets
        self._engine = engine
        self._wake = wake

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a webhook, or let Flask answer."""
        if environ["PATH_INFO"] != PATH:
            return self._inner(environ, start)
        began = time.perf_counter()
        events, answer = self._examine(environ)
        if events and not self._store(events):
            answer = NOT_STORED
        count(answer, events, began)
        headers = [*answer.headers, ("content-length", "0")]
        start(f"{answer.status} {answer.phrase}", headers)
        return [b""]

    def _examine(self, environ: WSGIEnvironment) -> tuple[list[NewEvent], Answer]:
        if environ["REQUEST_METHOD"] != "POST":
            return [], METHOD
        body = _read(environ)
        if body is None:
            return [], TOO_LARGE
        return examine(self._secrets, body, environ.get("HTTP_X_LINE_SIGNATURE"))

    def _store(self, events: list[NewEvent]) -> bool:
        try:
            with transaction(self._engine) as session:
                inbox.store(session, events, now_ms())
        except Exception:
            # Whatever it was, the sender must be told that nothing was kept.
            log.exception("the inbox could not be written")
            return False
        self._wake()
        return True


def split(body: bytes) -> list[NewEvent] | None:
    """The events of a signed body, each with its own JSON; None if it is no webhook at all.

    What is not an event (a number, a list) is left out: it must not hurt its neighbours.
    """
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        parsed = _tolerant(body)
    if not isinstance(parsed, dict) or not isinstance(parsed.get("events"), list):
        return None
    return [_event(one) for one in parsed["events"] if isinstance(one, dict)]


def _event(event: dict[str, Any]) -> NewEvent:
    payload = orjson.dumps(event)
    return NewEvent(_event_id(event, payload), _talk(event), _happened_ms(event), payload)


def _event_id(event: dict[str, Any], payload: bytes) -> str:
    given = event.get("webhookEventId")
    if isinstance(given, str) and _ID.fullmatch(given):
        return given
    # Without a usable id, the same content is the same event.
    return "sha-" + hashlib.sha256(payload).hexdigest()[:56]


def _talk(event: dict[str, Any]) -> str:
    source = event.get("source")
    if isinstance(source, dict):
        for name in ("groupId", "roomId", "userId"):
            chat = source.get(name)
            if isinstance(chat, str) and _ID.fullmatch(chat):
                return chat
    return NOBODY


def _happened_ms(event: dict[str, Any]) -> int:
    at = event.get("timestamp")
    if isinstance(at, (int, float)) and not isinstance(at, bool) and 0 <= at < _LATEST_MS:
        return int(at)
    return now_ms()


def _read(environ: WSGIEnvironment) -> bytes | None:
    """The body, or None if it is larger than any webhook; a length that lies doesn't help."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > MAX_BODY:
        return None
    body: bytes = environ["wsgi.input"].read(MAX_BODY + 1)
    return None if len(body) > MAX_BODY else body


def _tolerant(body: bytes) -> Any:
    """Bodies that orjson refuses though a client may send them: lone surrogates, bad UTF-8."""
    try:
        loose = json.loads(body.decode("utf-8", "replace"))
        text = json.dumps(loose, ensure_ascii=False)
        return orjson.loads(text.encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
