"""The front door on the real server: webhooks in the event loop, Flask's pages in threads."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import orjson
import pytest
import urllib3
from sqlalchemy import Engine, text

from bot.bridge import QUEUE_MAX
from bot.line.signature import sign
from bot.webhook import MAX_BODY
from bot.words import WORDS
from db import schema
from db.session import make_engine, transaction
from tests.bench.load import SECRET
from tests.bench.systems import environment, serve, serve_wsgi, wait_until_up
from tests.db.test_webhook import HOSTILE, event, webhook
from tests.path.postgres import free_port

pytestmark = pytest.mark.db

HTTP = urllib3.PoolManager(maxsize=200, retries=False, timeout=10)
PAGES = "tests.path.pages:app"
CGI = {"REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE"} | {
    *("CONTENT_LENGTH", "SERVER_NAME", "SERVER_PROTOCOL", "REMOTE_ADDR", "wsgi.url_scheme"),
    *("body", "path", "url"),
}


@dataclass
class Server:
    """A running server, with its database."""

    port: int
    pid: int
    engine: Engine

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] = b"",
        **headers: str,
    ) -> urllib3.BaseHTTPResponse:
        """One request, and its answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"http://127.0.0.1:{self.port}{path}"
        return HTTP.request(method, address, body=body, headers=named)

    def post(self, body: bytes) -> int:
        """A signed webhook."""
        return self.ask("POST", "/callback", body, x_line_signature=sign(SECRET, body)).status

    def rows(self) -> int:
        with transaction(self.engine) as session:
            return int(session.execute(text("SELECT count(*) FROM inbox")).scalar_one())


@contextmanager
def served(url: str, *, wsgi: bool = False) -> Iterator[Server]:
    """The pages under the real server."""
    engine = make_engine(url)
    schema.migrate(engine)
    port = free_port()
    env = environment("http://127.0.0.1:1", port, DATABASE_URL=url)
    process = (serve_wsgi if wsgi else serve)(PAGES, port, env)
    try:
        wait_until_up(port)
        yield Server(port, process.pid, engine)
    finally:
        process.terminate()
        process.wait(40)
        engine.dispose()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(f"sqlite:///{tmp_path_factory.mktemp('front')}/test.db") as running:
        yield running


@pytest.fixture
def fresh(database_url: str) -> Iterator[Server]:
    with served(database_url) as running:
        yield running


@pytest.mark.parametrize("name", HOSTILE)
def test_a_signed_body_is_answered_as_by_the_flask_door(server: Server, name: str) -> None:
    body, status, added = HOSTILE[name]
    before = server.rows()
    answer = server.post(body)
    while answer == 503:
        answer = server.post(body)
    assert (answer, server.rows() - before) == (status, added)


@pytest.mark.parametrize("signature", ["", "x", "A" * 44, "ลายเซ็น".encode().decode("latin-1")])
def test_an_unsigned_body_is_refused_and_not_stored(server: Server, signature: str) -> None:
    before = server.rows()
    body = webhook(event())
    assert server.ask("POST", "/callback", body).status == 401
    assert server.ask("POST", "/callback", body, x_line_signature=signature).status == 401
    assert server.rows() == before


def test_a_body_that_is_too_large_is_refused_however_it_comes(server: Server) -> None:
    def drops() -> Iterator[bytes]:
        for _ in range(MAX_BODY // 65536 + 2):
            yield b" " * 65536

    assert server.ask("POST", "/callback", b" " * (MAX_BODY + 1), connection="close").status == 413
    assert server.ask("POST", "/callback", drops(), connection="close").status == 413
    lie = {"content_length": str(10**12), "connection": "close"}
    assert server.ask("POST", "/callback", b"x", **lie).status == 413


def test_a_webhook_without_a_length_is_taken(server: Server) -> None:
    body = webhook(event(webhookEventId="in-pieces"))
    before = server.rows()
    pieces = (body[at : at + 50] for at in range(0, len(body), 50))
    headers = {"x_line_signature": sign(SECRET, body)}
    assert server.ask("POST", "/callback", pieces, **headers).status == 200
    assert server.rows() == before + 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_only_post_is_answered(server: Server, method: str) -> None:
    answer = server.ask(method, "/callback")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_an_answer_is_whole_and_the_connection_stays_open(server: Server) -> None:
    body = webhook(event())
    head = f"POST /callback HTTP/1.1\r\nhost: x\r\nx-line-signature: {sign(SECRET, body)}\r\n"
    request = head.encode() + f"content-length: {len(body)}\r\n\r\n".encode() + body
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(request)
            answer = connection.recv(4096).lower()
            assert answer.startswith(b"http/1.1 200")
            assert b"content-length: 0\r\n" in answer


def test_a_database_that_fails_gives_503_never_200(fresh: Server) -> None:
    assert fresh.post(webhook(event(webhookEventId="before"))) == 200
    with transaction(fresh.engine) as session:
        session.execute(text("ALTER TABLE inbox RENAME TO away"))
    assert fresh.post(webhook(event())) == 503
    with transaction(fresh.engine) as session:
        session.execute(text("ALTER TABLE away RENAME TO inbox"))
    assert fresh.post(webhook(event())) == 200
    assert fresh.rows() == 2


def test_a_database_that_hangs_gives_503_before_line_gives_up(fresh: Server) -> None:
    lock = "LOCK TABLE inbox" if fresh.engine.dialect.name == "postgresql" else "SELECT 1"
    with transaction(fresh.engine) as session:
        session.execute(text(lock))
        began = time.monotonic()
        assert fresh.post(webhook(event())) == 503
        assert time.monotonic() - began < 2.0
        assert fresh.ask("GET", "/healthz").status == 200
    assert fresh.post(webhook(event())) == 200
    assert fresh.rows() == 1


def test_slow_pages_keep_no_webhook_waiting(server: Server) -> None:
    with ThreadPoolExecutor(60) as people:
        slow = [people.submit(server.ask, "GET", "/slow") for _ in range(60)]
        time.sleep(0.3)
        began = time.monotonic()
        assert server.post(webhook(event(webhookEventId="meanwhile"))) == 200
        assert time.monotonic() - began < 0.8
        assert {one.result().status for one in slow} == {200}


def test_too_many_slow_pages_are_told_so_at_once(server: Server) -> None:
    with ThreadPoolExecutor(QUEUE_MAX + 40) as people:
        many = [people.submit(server.ask, "GET", "/slow") for _ in range(QUEUE_MAX + 40)]
        statuses = [one.result().status for one in many]
    assert statuses.count(503) > 0
    assert statuses.count(200) >= QUEUE_MAX


REQUESTS: dict[str, tuple[str, str, bytes, dict[str, str]]] = {
    "plain": ("GET", "/seen/a", b"", {}),
    "query": ("GET", "/seen/a?q=%E0%B8%81&x=1+2&x=3", b"", {}),
    "thai_path": ("GET", "/seen/%E0%B8%81%20b/%2Fc", b"", {}),
    "form": ("POST", "/seen/f", b"a=1&b=2", {"content_type": "application/x-www-form-urlencoded"}),
    "json": ("PUT", "/seen/j", '{"ก":1}'.encode(), {"content_type": "application/json"}),
    "delete": ("DELETE", "/seen/d", b"", {"x_any": "1"}),
    "cookies": ("GET", "/seen/c", b"", {"cookie": "a=1; b=2"}),
    "forwarded": ("GET", "/seen/p", b"", {"x_forwarded_for": "203.0.113.5", "forwarded": "for=x"}),
    "big": ("POST", "/seen/b", b"x" * 300_000, {"content_type": "text/plain"}),
    "missing": ("GET", "/elsewhere", b"", {}),
    "not_allowed": ("PATCH", "/healthz", b"", {}),
    "no_content": ("GET", "/nothing", b"", {}),
    "head": ("HEAD", "/seen/h", b"", {}),
}


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same pages under the server's own WSGI."""
    with served(f"sqlite:///{tmp_path_factory.mktemp('peer')}/test.db", wsgi=True) as running:
        yield running


@pytest.mark.parametrize("name", REQUESTS)
def test_flask_sees_and_says_the_same_as_under_wsgi(
    server: Server, peer: Server, name: str
) -> None:
    method, path, body, headers = REQUESTS[name]
    ours, theirs = (one.ask(method, path, body, **headers) for one in (server, peer))
    assert ours.status == theirs.status
    assert _head(ours) == _head(theirs)
    assert _told(ours) == _told(theirs)


def _head(answer: urllib3.BaseHTTPResponse) -> list[tuple[str, str]]:
    varying = {"date", "content-length"}
    heads = [(name.lower(), "".join(sorted(value))) for name, value in answer.headers.items()]
    return sorted(one for one in heads if one[0] not in varying)


def _told(answer: urllib3.BaseHTTPResponse) -> dict[str, str] | bytes:
    """What Flask saw, without what differs between two servers; or another page as it is."""
    page = answer.data
    if answer.headers.get("content-type") != "application/json" or not page:
        return page
    seen = orjson.loads(page)
    seen["url"] = seen["url"].replace(seen["SERVER_PORT"], "PORT")
    names = {k for k in seen if k.startswith("HTTP_") and k != "HTTP_HOST"}
    return {name: seen[name] for name in names | (CGI & set(seen))}


def test_two_headers_cannot_pass_for_one_another(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(
            b"GET /seen/x HTTP/1.1\r\nhost: x\r\nx_forwarded_for: spoofed\r\n"
            b"connection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"spoofed" not in answer


def test_a_download_is_streamed_and_holds_nobody_up(server: Server) -> None:
    began = time.monotonic()
    address = f"http://127.0.0.1:{server.port}/stream?name=%E0%B8%81"
    answer = HTTP.request("GET", address, preload_content=False)
    assert answer.read(3) == "ก".encode()
    assert time.monotonic() - began < 1.0, "the first line comes before the last is made"
    assert server.ask("GET", "/healthz").data == b"ok"
    assert answer.read().decode().splitlines() == [" 0", "ก 1", "ก 2", "ก 3"]


def test_a_download_that_breaks_off_says_so(server: Server) -> None:
    told = server.ask("GET", "/broken").data.decode().splitlines()
    assert told == ["one", "two", "", WORDS["broken_off"]]
    assert server.ask("GET", "/healthz").data == b"ok"


def test_somebody_who_leaves_in_the_middle_hurts_nobody(server: Server) -> None:
    for _ in range(40):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(b"GET /stream?name=x HTTP/1.1\r\nhost: x\r\n\r\n")
            connection.recv(64)
    assert server.ask("GET", "/healthz").data == b"ok"


def test_webhooks_under_way_are_answered_when_the_server_stops(fresh: Server) -> None:
    with ThreadPoolExecutor(8) as senders:

        def send(sender: int) -> list[str]:
            taken = []
            with suppress(urllib3.exceptions.HTTPError):
                for number in range(10_000):
                    name = f"stop-{sender}-{number}"
                    if fresh.post(webhook(event(webhookEventId=name))) == 200:
                        taken.append(name)
            return taken

        sending = [senders.submit(send, sender) for sender in range(8)]
        time.sleep(1.0)
        os.kill(fresh.pid, signal.SIGTERM)
        taken = [name for one in sending for name in one.result()]
    with transaction(fresh.engine) as session:
        kept = set(session.execute(text("SELECT event_id FROM inbox")).scalars())
    assert len(taken) > 20
    assert set(taken) <= kept
    # Cut off in the middle would be an event kept without an answer; one a sender at most.
    assert len(kept) - len(taken) <= 8
