"""POST /callback: check the signature, keep one row an event, say 200. No event is parsed here.

Plain WSGI in front of Flask: it must be cheap, and nothing of the console's set-up may stop it.
"""

import hashlib
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
from sqlalchemy import Engine

from bot import metrics
from bot.clock import now_ms
from bot.config import Config
from bot.line.signature import valid
from db.inbox import NewEvent
from db.inbox_writer import InboxWriter

MAX_BODY = 1024 * 1024
ACK_WAIT_S = 1.7
"""LINE counts no answer within 2 s as a failure; better to say 503 and be sent the events again."""
GROUP_MAX = 128
NOBODY = "-"
"""The talk of events that come from no chat, such as a failed account link."""
_ID = re.compile(r"[\x21-\x7e]{1,64}")
_LATEST_MS = 2**53

WsgiApp = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]
log = logging.getLogger(__name__)


class Busy(Exception):
    """The events could not be stored in time; they must not be acknowledged."""


class _Load:
    """The events of one request; `latch` opens when their commit has ended."""

    __slots__ = ("events", "failed", "latch")

    def __init__(self, events: list[NewEvent]) -> None:
        self.events = events
        self.failed = False
        self.latch = threading.Lock()
        self.latch.acquire()


class Acknowledger:
    """Group commit: one thread stores what all requests have brought meanwhile, in one commit.

    A request waits on a lock of its own: queueing for a common one would wake each of them in turn
    only to find its work done.
    """

    def __init__(self, engine: Engine, wake: Callable[[], None]) -> None:
        self._writer = InboxWriter(engine)
        self._wake = wake
        self._waiting: SimpleQueue[_Load] = SimpleQueue()
        threading.Thread(target=self._run, name="acknowledger", daemon=True).start()

    def store(self, events: list[NewEvent]) -> None:
        """Return when the events are safe. Raises Busy."""
        load = _Load(events)
        self._waiting.put(load)
        if not load.latch.acquire(timeout=ACK_WAIT_S) or load.failed:
            raise Busy

    def _run(self) -> None:
        while True:
            loads = [self._waiting.get()]
            while len(loads) < GROUP_MAX:
                try:
                    loads.append(self._waiting.get_nowait())
                except Empty:
                    break
            self._commit(loads)

    def _commit(self, loads: list[_Load]) -> None:
        try:
            self._writer.store((e for load in loads for e in load.events), now_ms())
        except Exception:
            # Whatever it was, those who wait must be told, and this thread must live on.
            log.exception("the inbox could not be written")
            for load in loads:
                load.failed = True
        for load in loads:
            load.latch.release()
        metrics.GROUP.observe(len(loads))
        self._wake()


class Webhook:
    """The WSGI application that answers /callback and hands everything else on."""

    def __init__(self, inner: WsgiApp, config: Config, acknowledger: Acknowledger) -> None:
        self._inner = inner
        self._secrets = config.channel_secrets
        self._acknowledger = acknowledger

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a webhook, or let Flask answer."""
        if environ["PATH_INFO"] != "/callback":
            return self._inner(environ, start)
        began = time.perf_counter()
        status, outcome = self._answer(environ)
        metrics.WEBHOOKS.labels(outcome).inc()
        if outcome == "stored":
            metrics.ACK.observe(time.perf_counter() - began)
        headers = [("Content-Type", "text/plain"), ("Content-Length", "0")]
        if status.startswith("405"):
            headers.append(("Allow", "POST"))
        start(status, headers)
        return [b""]

    def _answer(self, environ: WSGIEnvironment) -> tuple[str, str]:
        if environ["REQUEST_METHOD"] != "POST":
            return "405 Method Not Allowed", "method"
        body = _read(environ)
        if body is None:
            return "413 Content Too Large", "too_large"
        if not valid(self._secrets, body, environ.get("HTTP_X_LINE_SIGNATURE")):
            return "401 Unauthorized", "bad_signature"
        events = split(body)
        if events is None:
            return "400 Bad Request", "not_a_webhook"
        if not events:
            return "200 OK", "empty"
        try:
            self._acknowledger.store(events)
        except Busy:
            return "503 Service Unavailable", "not_stored"
        metrics.EVENTS.inc(len(events))
        return "200 OK", "stored"


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
