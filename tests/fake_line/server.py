"""The server. Threaded, keep-alive, on a free port."""

import json
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from bot.simulator.api import LineApi
from bot.simulator.http import Request, Response
from bot.simulator.world import World

Json = dict[str, Any]

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "fake-access-token"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call.

    status:  answered instead of carrying the call out (0: carried out).
    drop:    the connection is closed without an answer.
    delay_s: waits before answering.
    carried_out: the call takes effect although the answer says otherwise or never comes.
    """

    status: int = 0
    message: str = "fault"
    drop: bool = False
    delay_s: float = 0.0
    carried_out: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """A call that arrived, with the answer it was given (0: none)."""

    at: float
    path: str
    headers: Mapping[str, str]
    body: Json
    status: int


def _words(message: Json) -> str:
    return str(message.get("text", message.get("altText", message["type"])))


class FakeLine:
    """LINE on loopback. Thread-safe; `latency_s` is added to every answer."""

    def __init__(
        self,
        *,
        secret: str = SECRET,
        token: str = TOKEN,
        latency_s: float = 0.0,
        port: int = 0,
        quota: int | None = None,
        own_url: str = "",
    ) -> None:
        self.token = token
        self.secret = secret
        self.latency_s = latency_s
        self.world = World(secret, token, strangers=True, quota=quota, own_url=own_url)
        self.api = LineApi(self.world, rated=False, recorded=False)
        self.received: list[Received] = []
        self._faults: list[tuple[str, Fault]] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.line = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> "FakeLine":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> "FakeLine":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def fail(self, *faults: Fault, path: str = "/v2/bot/message/") -> None:
        """The next calls whose path starts with `path` meet these faults, one each."""
        with self._lock:
            self._faults += [(path, fault) for fault in faults]

    def reply_token(self, user: str) -> str:
        """A good reply token for a chat with this user (made known if new)."""
        with self.world.open() as world:
            if user not in world.chats:
                world.add_person(user[:8], "🙂", person_id=user).friend = True
            return world.give_token(user)

    def shown(self, chat: str) -> list[Json]:
        """The bot's messages that a person sees in a chat, in order."""
        with self.world.open() as world:
            found = world.chats.get(chat)
            entries = list(found.entries) if found else []
        return [e.message for e in entries if e.sender == "bot" and e.refusal is None]

    def texts(self, chat: str) -> list[str]:
        """The same as words: texts, and the alt text of what is no text."""
        return [_words(message) for message in self.shown(chat)]

    def calls(self, path: str = "/v2/bot/message/") -> list[Received]:
        """Calls received whose path starts with `path`."""
        with self._lock:
            return [call for call in self.received if call.path.startswith(path)]

    def respond(self, request: Request) -> Response | None:
        """The answer to a call, after any fault; None: close the connection."""
        fault = self._fault(request.path)
        delay_s = self.latency_s + (fault.delay_s if fault else 0.0)
        response: Response | None = None
        if fault is None or fault.carried_out or not (fault.status or fault.drop):
            response = self.api.answer(request)
        if fault and fault.status:
            response = Response(fault.status, {"message": fault.message}, fault.headers)
        if fault and fault.drop:
            response = None
        self._note(request, response.status if response else 0)
        if delay_s:
            time.sleep(delay_s)
        return response

    def _fault(self, path: str) -> Fault | None:
        with self._lock:
            for index, (start, fault) in enumerate(self._faults):
                if path.startswith(start):
                    del self._faults[index]
                    return fault
        return None

    def _note(self, request: Request, status: int) -> None:
        is_json = "json" in request.headers.get("content-type", "")
        body = json.loads(request.body) if request.body and is_json else {}
        with self._lock:
            self.received.append(Received(time.time(), request.path, request.headers, body, status))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    line: FakeLine

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is not our error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _answer(self) -> None:
        size = int(self.headers.get("content-length", 0))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(
            self.command,
            parts.path,
            headers,
            self.rfile.read(size) if size else b"",
            dict(parse_qsl(parts.query)),
        )
        response = cast(_Server, self.server).line.respond(request)
        if response is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        content = response.content()
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("content-type", response.content_type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - names of the base class

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
