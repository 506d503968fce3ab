"""LINE as far as the path can tell: tokens work once, retry keys answer 409, faults on demand.

An asyncio protocol instead of an HTTP library, since the benches must not measure this server.
`python -m tests.path.line PORT HOST` serves; GET /record gives what was accepted, POST /behave sets
the latency and the shares of faults.
"""

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import orjson

REPLY, PUSH = "/v2/bot/message/reply", "/v2/bot/message/push"
_SENT = b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}'
_BAD_TOKEN = b'{"message":"Invalid reply token"}'
TOKEN_LIFE_S = 60.0


@dataclass
class Behaviour:
    """Shares (0 to 1) of calls that meet each fault, and the latency of all."""

    latency_s: float = 0.0
    refused_429: float = 0.0
    failed_500: float = 0.0
    accepted_500: float = 0.0
    reset: float = 0.0
    slow: float = 0.0
    slow_s: float = 5.0


@dataclass
class LinePlayed:
    """What has been accepted, in order: (unix time, way, token or key, to, texts)."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    accepted: list[tuple[float, str, str, str, list[str]]] = field(default_factory=list)
    used_tokens: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and body; a reply's token is `<born ms>-<name>`, so that it can grow old."""
        call: dict[str, Any] = orjson.loads(body) if body else {}
        if path == REPLY:
            token = str(call["replyToken"])
            name = token.partition("-")[2]
            if name in self.used_tokens or _is_old(token):
                return 400, _BAD_TOKEN
            self.used_tokens.add(name)
            self._accept("reply", token, "", call)
        elif path == PUSH:
            key = headers.get("x-line-retry-key", "")
            if key and key in self.keys:
                return 409, _SENT
            self.keys.add(key)
            self._accept("push", key, str(call["to"]), call)
        return 200, _SENT

    def fault(self) -> str:
        """Which fault this call meets, by chance."""
        dice = random.random()
        b = self.behaviour
        for name in ("refused_429", "failed_500", "accepted_500", "reset", "slow"):
            share: float = getattr(b, name)
            if dice < share:
                return name
            dice -= share
        return ""

    def _accept(self, way: str, mark: str, to: str, call: dict[str, Any]) -> None:
        texts = [str(m.get("text", "")) for m in call["messages"]]
        self.accepted.append((time.time(), way, mark, to, texts))


def _is_old(token: str) -> bool:
    born = token.partition("-")[0]
    return born.isdigit() and time.time() - int(born) / 1000 > TOKEN_LIFE_S


class _Connection(asyncio.Protocol):
    def __init__(self, line: LinePlayed) -> None:
        self.line = line
        self.buffer = b""
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (x.partition(":") for x in lines[1:])}
            size = int(headers.get("content-length", 0))
            if len(rest) < size:
                return
            self.buffer = rest[size:]
            self.request(lines[0].split(" ")[1], headers, rest[:size])

    def request(self, path: str, headers: dict[str, str], body: bytes) -> None:
        line = self.line
        if path == "/record":
            self.send(200, orjson.dumps({"accepted": line.accepted, "counts": line.counts}))
            return
        if path == "/behave":
            line.behaviour = Behaviour(**orjson.loads(body))
            self.send(200, b"{}")
            return
        fault = line.fault()
        line.counts[fault or "fine"] = line.counts.get(fault or "fine", 0) + 1
        wait = line.behaviour.latency_s + (line.behaviour.slow_s if fault == "slow" else 0)
        if fault in {"refused_429", "failed_500"}:
            status, answer = (429, b'{"message":"rate"}') if fault == "refused_429" else (500, b"")
        elif fault == "reset" and random.random() < 0.5:
            self.transport.abort()
            return
        else:
            status, answer = line.answer(path, headers, body)
        if fault == "accepted_500":
            status, answer = 500, b""
        if fault == "reset":
            self.transport.abort()
        elif wait:
            asyncio.get_running_loop().call_later(wait, self.send, status, answer)
        else:
            self.send(status, answer)

    def send(self, status: int, body: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n"
            head += f"content-length: {len(body)}\r\n\r\n"
            self.transport.write(head.encode() + body)


async def serve(port: int, line: LinePlayed, host: str = "127.0.0.1") -> asyncio.Server:
    """Listen."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _Connection(line), host, port, backlog=512)


async def _main(port: int, host: str) -> None:
    server = await serve(port, LinePlayed(), host)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), sys.argv[2]))
