"""The journey of a message as a collector sees it: three steps, one trace, nobody's words."""

import importlib.util
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import orjson
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot import tracing
from bot.config import BadConfig, read_config
from bot.courier import Courier
from bot.delivery import REPLY
from bot.turns import Decided, Read, new_state, take_turn
from bot.webhook import STORED, count
from db.inbox import NewEvent, PendingEvent
from db.outbox import Outgoing
from tests.path.running import wait_until

ANONG = "U" + "a" * 32
WORDS = "สมศรี 1101700230705"


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """What a collector on loopback was sent, while tracing is on."""
    bodies: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv(tracing.ENDPOINT, f"http://127.0.0.1:{server.server_port}")
    tracing.set_up()
    try:
        yield bodies
    finally:
        tracing.close()
        server.shutdown()
        thread.join()
        server.server_close()


class Teller:
    """Answers everything."""

    def read(self, event: PendingEvent) -> Read:
        return Read("token")

    def decide(self, talk: str, state: str, event: PendingEvent, now_ms: int) -> Decided:
        return Decided("{}", [{"type": "text", "text": WORDS}], kind="Text")


class Taking:
    """A LINE that takes everything."""

    async def reply(self, token: str, messages: list[dict[str, Any]]) -> None:
        """Taken."""


def journey(event_id: str) -> None:
    """A message comes, is decided on and answered."""
    body = orjson.dumps({"message": {"text": WORDS}})
    count(STORED, [NewEvent(event_id, ANONG, 1, body)], time.perf_counter())
    event = PendingEvent(event_id, ANONG, 1, 1, 0, body)
    turn = take_turn(Teller(), new_state(ANONG, 0, 1), [event], 1, 0)
    (row,) = turn.rows
    send(row)


def send(row: Outgoing) -> None:
    courier = Courier(Taking(), lambda: None)  # type: ignore[arg-type]  # only replies are made
    courier.post([(row, REPLY)])
    assert wait_until(lambda: bool(courier.results()), 10)
    courier.close()


def test_a_journey_is_one_trace_without_a_word_of_anybody(collected: list[bytes]) -> None:
    journey("e1")
    journey("e2")
    tracing.close()
    spans = [
        span
        for body in collected
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    traces: dict[bytes, list[str]] = {}
    for span in spans:
        traces.setdefault(span.trace_id, []).append(span.name)
        assert span.end_time_unix_nano >= span.start_time_unix_nano
    assert list(traces.values()) == [["webhook", "decide", "send"]] * 2
    told = {attribute.key for span in spans for attribute in span.attributes}
    assert told == {"events", "kind", "way", "outcome"}
    sent = b"".join(collected)
    assert not any(word.encode() in sent for word in (ANONG, *WORDS.split(), "token"))


def test_it_is_off_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(tracing.ENDPOINT, raising=False)
    tracing.set_up()
    assert tracing._Spans.exporter is None
    journey("e3")


def test_without_its_packages_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(BadConfig, match="requirements-tracing"):
        read_config({tracing.ENDPOINT: "http://127.0.0.1:4318"})
