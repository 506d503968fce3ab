"""Posts signed webhooks as fast as asked, over connections that stay open; keeps every latency.

Protocols instead of streams: the load runs beside what is measured, so it must be cheap.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import cast

import orjson

from bot.line.signature import sign

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
CONNECTIONS = 64
PAD = "ก" * 180
"""Makes a webhook of about 1 KB."""


@dataclass
class Outcome:
    """What came of a load: seconds an acknowledgement took, and when each event was sent."""

    acks_s: list[float] = field(default_factory=list)
    sent_at: dict[str, float] = field(default_factory=dict)
    refused: int = 0
    took_s: float = 0.0


def webhook(event_id: str, user: str) -> bytes:
    """One text message of one user, about 1 KB."""
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": user},
        "webhookEventId": event_id,
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"x-{event_id}",
        "message": {"type": "text", "id": event_id, "quoteToken": "q", "text": f"สวัสดี {PAD}"},
    }
    return orjson.dumps({"destination": "U" + "0" * 32, "events": [event]})


def requests(
    name: str, count: int, users: int, path: str, first: int = 0
) -> list[tuple[str, bytes]]:
    """(event id, whole HTTP request), signed beforehand so that it costs nothing later.

    first: the number of the first user.
    """
    made = []
    for number in range(count):
        event_id = f"{name}-{number}"
        body = webhook(event_id, f"U{first + number % users:032x}")
        head = (
            f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            f"x-line-signature: {sign(SECRET, body)}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        made.append((event_id, head.encode() + body))
    return made


def run(port: int, made: list[tuple[str, bytes]], rate: float | None = None) -> Outcome:
    """Post them all: `rate` a second by the clock, or as fast as they are answered."""
    return asyncio.run(_run(port, made, rate))


async def _run(port: int, made: list[tuple[str, bytes]], rate: float | None) -> Outcome:
    loop = asyncio.get_running_loop()
    course = _Course(made, rate)
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: _Connection(course), "127.0.0.1", port)
    await course.ended
    course.outcome.took_s = time.perf_counter() - course.began
    return course.outcome


class _Course:
    """What all connections share: the requests that are left, and what came of the others."""

    def __init__(self, made: list[tuple[str, bytes]], rate: float | None) -> None:
        self.loop = asyncio.get_running_loop()
        self.outcome = Outcome()
        self.work = iter(enumerate(made))
        self.open = CONNECTIONS
        self.ended: asyncio.Future[None] = self.loop.create_future()
        self.began = time.perf_counter()
        self._rate = rate

    def due(self, number: int) -> float:
        """When this request is to be sent (perf_counter)."""
        return self.began + number / self._rate if self._rate else time.perf_counter()

    def one_ended(self) -> None:
        """A connection has nothing left to do, or was cut off."""
        self.open -= 1
        if self.open == 0:
            self.ended.set_result(None)


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self, course: _Course) -> None:
        self._course = course
        self._buffer = b""
        self._due = 0.0
        self._waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if end and len(rest) >= _length(head):
            self._buffer = b""
            self._note(refused=not head.startswith(b"HTTP/1.1 200"))
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting:
            self._note(refused=True)
        self._course.one_ended()

    def _next(self) -> None:
        number, (event_id, request) = next(self._course.work, (0, ("", b"")))
        if not request:
            self._transport.close()
            return
        self._due = self._course.due(number)
        wait = self._due - time.perf_counter()
        if wait > 0:
            self._course.loop.call_later(wait, self._send, event_id, request)
        else:
            self._send(event_id, request)

    def _send(self, event_id: str, request: bytes) -> None:
        # From when it was due, not from when we got to it: waiting is the server's fault.
        late = max(time.perf_counter() - self._due, 0)
        self._course.outcome.sent_at[event_id] = time.time() - late
        self._waiting = True
        self._transport.write(request)

    def _note(self, *, refused: bool) -> None:
        self._waiting = False
        self._course.outcome.acks_s.append(time.perf_counter() - self._due)
        self._course.outcome.refused += refused


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0
