"""Courtesies: dots for those who wait, a word about the queue, the month's pushes."""

import time
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine

from bot.clock import now_ms
from bot.config import read_config
from bot.wake import Waker
from bot.watch import Watch
from bot.worker import Limits, Worker
from db import inbox, outbox
from db.inbox import NewEvent
from db.session import transaction
from tests.path.crew import ENCODED, Counter, no_effects
from tests.path.running import kept

pytestmark = pytest.mark.db

SETTINGS = {
    "LINE_CHANNEL_SECRET": "8c570fa6dd201bb328f1c1eac23a96d8",
    "LINE_CHANNEL_ACCESS_TOKEN": "token",
    "SECRET_KEY": "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg",
    "PII_ENCRYPTION_KEYS": ENCODED,
    "SURGE_WAIT_S": "20",
}


class Line:
    """Notes who sees the dots, and what is said at once."""

    def __init__(self) -> None:
        self.loadings: list[str] = []
        self.replies: list[tuple[str, str]] = []

    async def reply(self, token: str, messages: list[dict[str, Any]]) -> None:
        self.replies.append((token, messages[0]["text"]))

    async def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> None: ...
    async def loading(self, user: str, seconds: int = 20) -> None:
        self.loadings.append(user)

    async def leave(self, chat_kind: str, chat: str) -> None: ...
    async def link_menu(self, user: str, menu_id: str) -> None: ...
    async def menus(self) -> dict[str, str]:
        return {}


def watch(engine: Engine, line: Line) -> tuple[Watch, Worker]:
    worker = kept(Worker(engine, line, Counter(), no_effects, Waker(), Limits()))
    return Watch(engine, worker, read_config(SETTINGS)), worker


def wait_for_somebody(engine: Engine, talk: str, age_ms: int) -> None:
    at = now_ms() - age_ms
    event = orjson.dumps({"replyToken": f"t-{talk[:3]}", "message": {"text": "x"}})
    with transaction(engine) as session:
        inbox.store(session, [NewEvent(f"e-{talk}"[:60], talk, at, event)], at)


def test_one_who_waits_longer_than_a_moment_sees_the_dots_once(engine: Engine) -> None:
    line = Line()
    looking, worker = watch(engine, line)
    wait_for_somebody(engine, "U" + "a" * 32, 2000)
    wait_for_somebody(engine, "U" + "b" * 32, 100)
    wait_for_somebody(engine, "C" + "c" * 32, 2000)
    looking.look()
    looking.look()
    worker.courier.close()
    assert line.loadings == ["U" + "a" * 32]
    assert line.replies == []


def test_in_a_rush_people_are_told_their_place_once_and_for_free(engine: Engine) -> None:
    line = Line()
    looking, worker = watch(engine, line)
    for number, age_s in enumerate((40, 30, 25, 1)):
        wait_for_somebody(engine, f"U{number}" + "a" * 31, age_s * 1000)
    looking.look()
    looking.look()
    worker.courier.close()
    said = dict(line.replies)
    assert set(said) == {"t-U0a", "t-U1a", "t-U2a"}
    assert len(line.replies) == 3
    for place, token in enumerate(("t-U0a", "t-U1a", "t-U2a"), start=1):
        assert f" {place}\n" in said[token]


def test_pushes_of_this_month_count_against_the_budget(engine: Engine) -> None:
    row = outbox.Outgoing("id1", "U1", 0, "e1", "message", b"{}", now_ms(), outbox.SENT, "push")
    with transaction(engine) as session:
        replied = replace(row, id="id2", channel="reply", position=1)
        outbox.add(session, [row, replied], now_ms())
        outbox.add(session, [replace(row, id="id3", position=2)], now_ms() - 40 * 86_400_000)
    looking, worker = watch(engine, Line())
    looking.look()
    worker.courier.close()
    assert worker.budget.used == 1


def test_a_worker_that_is_not_stuck_is_left_alone(engine: Engine) -> None:
    looking, worker = watch(engine, Line())
    worker.deciding = ("U1", time.monotonic() - 5)
    looking.look()
    worker.courier.close()
