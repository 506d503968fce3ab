"""Calls to LINE while it is down: the breaker spares the threads and sees when LINE is back."""

import asyncio
import time
from typing import Any

import orjson
import pytest

from bot import courier as module
from bot.courier import IN_FLIGHT, OPENS_AFTER, Breaker, Courier, Result
from bot.delivery import REPLY
from bot.line.errors import LineError, Verdict
from db.outbox import MESSAGE, Outgoing


class Line:
    """LINE that refuses with `error`, or takes everything; counts what reaches it."""

    def __init__(self, error: LineError | None = None, latency_s: float = 0.0) -> None:
        self.error = error
        self.asked = 0
        self.latency_s = latency_s

    async def reply(self, token: str, messages: list[dict[str, Any]]) -> object:
        self.asked += 1
        await asyncio.sleep(self.latency_s)
        if self.error is not None:
            raise self.error
        return object()

    async def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> object:
        raise NotImplementedError

    async def loading(self, user: str, seconds: int = 20) -> None: ...
    async def leave(self, chat_kind: str, chat: str) -> None: ...
    async def link_menu(self, user: str, menu_id: str) -> None: ...
    async def menus(self) -> dict[str, str]:
        return {}


def row(number: int) -> Outgoing:
    body = orjson.dumps({"token": "t", "messages": []})
    return Outgoing(f"r{number}", f"U{number}", 0, "e", MESSAGE, body, received_ms=0)


def ends(courier: Courier, count: int) -> list[Result]:
    """The ends of so many calls."""
    found: list[Result] = []
    until = time.monotonic() + 20
    while len(found) < count and time.monotonic() < until:
        found += courier.results()
        time.sleep(0.005)
    return found


def call(courier: Courier, numbers: range) -> list[Result]:
    courier.post([(row(number), REPLY) for number in numbers])
    return ends(courier, len(numbers))


def test_a_line_that_is_down_is_asked_a_few_times_and_then_spared() -> None:
    line = Line(LineError(Verdict.UNSURE, status=500))
    courier = Courier(line, lambda: None, in_flight=1)
    results = call(courier, range(60))
    assert line.asked == OPENS_AFTER
    assert len(results) == 60
    spared = results[OPENS_AFTER:]
    # Nothing was sent, so these may be tried again in any way, and soon.
    assert {one.error.verdict for one in spared if one.error} == {Verdict.AGAIN}
    assert all(one.error and one.error.retry_after_s > 0 for one in spared)
    courier.close()


def test_the_breaker_closes_when_line_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STAYS_OPEN_S", 0.2)
    line = Line(LineError(Verdict.UNSURE, status=500))
    courier = Courier(line, lambda: None, in_flight=1)
    call(courier, range(30))
    line.error = None
    time.sleep(0.25)
    assert [one.error for one in call(courier, range(30, 33))] == [None, None, None]
    courier.close()


@pytest.mark.parametrize(
    "error",
    [
        LineError(Verdict.AGAIN, status=429, retry_after_s=1),
        LineError(Verdict.REFUSED, status=400),
        LineError(Verdict.BAD_TOKEN, status=400),
        LineError(Verdict.QUOTA, status=429),
    ],
)
def test_a_line_that_answers_is_not_down(error: LineError) -> None:
    line = Line(error)
    courier = Courier(line, lambda: None, in_flight=1)
    call(courier, range(40))
    assert line.asked == 40
    courier.close()


def test_one_probe_at_a_time_while_it_is_open() -> None:
    breaker = Breaker()
    for _ in range(OPENS_AFTER):
        assert breaker.lets_through()
        breaker.note(failed=True)
    assert not any(breaker.lets_through() for _ in range(10))
    breaker.note(failed=False)
    assert breaker.lets_through()


def test_so_many_calls_are_under_way_at_once() -> None:
    courier = Courier(Line(latency_s=0.3), lambda: None)
    began = time.monotonic()
    assert len(call(courier, range(IN_FLIGHT))) == IN_FLIGHT
    assert time.monotonic() - began < 3.0, "one after the other they would take 19 s"
    assert IN_FLIGHT >= 64
    courier.close()
