"""Posts signed webhooks as fast as asked, over connections that stay open; keeps every latency."""

import asyncio
import time
from dataclasses import dataclass, field

import orjson

from bot.line.signature import sign

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
CONNECTIONS = 32
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


def requests(name: str, count: int, users: int, path: str) -> list[tuple[str, bytes]]:
    """(event id, whole HTTP request), signed beforehand so that it costs nothing later."""
    made = []
    for number in range(count):
        event_id = f"{name}-{number}"
        body = webhook(event_id, f"U{number % users:032x}")
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
    outcome = Outcome()
    work = iter(enumerate(made))
    began = time.perf_counter()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number, (event_id, request) in work:
            due = began + number / rate if rate else time.perf_counter()
            if due > time.perf_counter():
                await asyncio.sleep(due - time.perf_counter())
            outcome.sent_at[event_id] = time.time() - max(time.perf_counter() - due, 0)
            writer.write(request)
            status = await _answer(reader)
            # From when it was due, not from when we got to it: waiting is the server's fault.
            outcome.acks_s.append(time.perf_counter() - due)
            outcome.refused += status != 200
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    outcome.took_s = time.perf_counter() - began
    return outcome


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    size = next((int(x[15:]) for x in lines if x.startswith("content-length:")), 0)
    if size:
        await reader.readexactly(size)
    return int(lines[0].split(" ")[1])
