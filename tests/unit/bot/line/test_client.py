"""Every way LINE can refuse, stall or break becomes one LineError with the right verdict."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.line import wire
from bot.line.client import LineClient
from bot.line.errors import LineError, Verdict

MESSAGES = [{"type": "text", "text": "สวัสดีค่ะ"}]
KEY = "123e4567-e89b-12d3-a456-426614174000"


@contextmanager
def line_answering(
    status: int, body: bytes = b"{}", headers: dict[str, str] | None = None
) -> Iterator[tuple[LineClient, list[dict[str, str]]]]:
    """A loopback LINE with one answer, and the headers of the calls it got."""
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"] or 0))
            seen.append({k.lower(): v for k, v in self.headers.items()} | {"path": self.path})
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the base class names them

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield LineClient("token", url), seen
    finally:
        server.shutdown()
        server.server_close()


def reply(client: LineClient) -> object:
    return client.reply("t" * 32, MESSAGES)


def push(client: LineClient) -> object:
    return client.push("U" + "0" * 32, MESSAGES, KEY)


@pytest.mark.parametrize(
    ("call", "status", "body", "verdict"),
    [
        (reply, 400, b'{"message":"Invalid reply token"}', Verdict.BAD_TOKEN),
        (reply, 400, b'{"message":"The request body has 1 error(s)"}', Verdict.REFUSED),
        (push, 400, b'{"message":"Failed to send messages"}', Verdict.REFUSED),
        (push, 404, b"not json", Verdict.REFUSED),
        (push, 413, b"[]", Verdict.REFUSED),
        (push, 401, b'{"message":"Authentication failed"}', Verdict.AGAIN),
        (push, 403, b"{}", Verdict.AGAIN),
        (push, 429, b'{"message":"The API rate limit has been exceeded."}', Verdict.AGAIN),
        (push, 429, b'{"message":"You have reached your monthly limit."}', Verdict.QUOTA),
        (push, 500, b"", Verdict.UNSURE),
        (reply, 503, b"<html>", Verdict.UNSURE),
        (reply, 409, b"{}", Verdict.REFUSED),
    ],
)
def test_a_refusal_has_its_verdict(
    call: Callable[[LineClient], object], status: int, body: bytes, verdict: Verdict
) -> None:
    with line_answering(status, body) as (client, _), pytest.raises(LineError) as caught:
        call(client)
    assert caught.value.verdict is verdict
    assert caught.value.status == status


def test_a_push_taken_before_is_a_success() -> None:
    with line_answering(409, headers={"x-line-accepted-request-id": "r1"}) as (client, seen):
        sent = client.push("U" + "0" * 32, MESSAGES, KEY)
    assert sent.again
    assert sent.request_id == "r1"
    assert seen[0]["x-line-retry-key"] == KEY


def test_a_reply_carries_no_retry_key() -> None:
    with line_answering(200, headers={"x-line-request-id": "r2"}) as (client, seen):
        assert client.reply("t", MESSAGES).request_id == "r2"
    assert "x-line-retry-key" not in seen[0]


def test_garbage_after_200_is_still_sent() -> None:
    with line_answering(200, b"\xff\x00garbage") as (client, _):
        assert not client.push("U" + "0" * 32, MESSAGES, KEY).again


def test_retry_after_is_heeded() -> None:
    with (
        line_answering(429, headers={"retry-after": "7"}) as (client, _),
        pytest.raises(LineError) as caught,
    ):
        reply(client)
    assert caught.value.retry_after_s == 7.0


def test_a_refused_connection_is_surely_not_delivered() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    client = LineClient("token", f"http://127.0.0.1:{port}")
    with pytest.raises(LineError) as caught:
        push(client)
    assert caught.value.verdict is Verdict.AGAIN


def test_a_lost_answer_is_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "READ_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(LineError) as caught:
            reply(LineClient("token", url))
    assert caught.value.verdict is Verdict.UNSURE


def test_a_connection_broken_in_the_middle_is_unsure() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def slam() -> None:
            connection, _ = server.accept()
            connection.recv(65536)
            connection.close()

        threading.Thread(target=slam, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(LineError) as caught:
            reply(LineClient("token", url))
    assert caught.value.verdict is Verdict.UNSURE


def test_the_error_says_neither_message_nor_person() -> None:
    with line_answering(400, b'{"message":"bad"}') as (client, _), pytest.raises(LineError) as c:
        client.push("U" + "a" * 32, [{"type": "text", "text": "1101700207030"}], KEY)
    assert "1101700207030" not in str(c.value)
    assert "U" + "a" * 32 not in str(c.value)


def test_a_redirect_is_not_followed() -> None:
    with (
        line_answering(307, headers={"location": "http://127.0.0.1:9/"}) as (client, seen),
        pytest.raises(LineError) as caught,
    ):
        push(client)
    assert caught.value.verdict is Verdict.UNSURE
    assert len(seen) == 1


@pytest.mark.parametrize("body", [b"{}", b"[]", b"not json"])
def test_an_answer_that_is_not_lines_is_unsure(body: bytes) -> None:
    with line_answering(200, body) as (client, _), pytest.raises(LineError) as c:
        client.webhook_endpoint()
    assert c.value.verdict is Verdict.UNSURE
