"""A wall clock that jumped an hour ahead and was put back must not make anybody wait that hour."""

import time
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Engine

from bot.clock import now_ms
from bot.courier import Result
from bot.delivery import REPLY, Budget, settle
from bot.hand import Hand
from bot.line.errors import LineError, Verdict
from db import talks
from db.outbox import SENT, TRYING, UNSURE, Outgoing
from db.session import make_engine, transaction
from db.standing import StandingConnection
from tests.path.leases import claim

pytestmark = pytest.mark.db

HOUR_MS = 3_600_000
LEASE_MS = 30_000
ANONG, BOON = "U" + "a" * 32, "U" + "b" * 32


def claimed(engine: Engine, now: int) -> list[str]:
    with transaction(engine) as session:
        return [one.talk for one in claim(session, "worker", now, 16, LEASE_MS)]


def test_a_message_stored_by_a_clock_that_was_ahead_is_taken_now(engine: Engine) -> None:
    now = now_ms()
    with transaction(engine) as session:
        talks.make_ready(session, {ANONG: now + HOUR_MS, BOON: now + 3000})
    assert claimed(engine, now) == [ANONG]
    assert claimed(engine, now) == []
    assert claimed(engine, now + 3000) == [BOON]


def test_a_talk_whose_holder_went_ahead_and_died_is_taken_once(engine: Engine) -> None:
    now = now_ms()
    with transaction(engine) as session:
        talks.make_ready(session, {ANONG: now + HOUR_MS})
        claim(session, "gone", now + HOUR_MS, 16, LEASE_MS)
        talks.make_ready(session, {ANONG: now + HOUR_MS})
    assert claimed(engine, now) == [ANONG]


def test_a_worker_goes_by_the_clock_that_all_hosts_share(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    standing = StandingConnection(engine)
    for ahead_s in (3600, -3600):
        monkeypatch.setattr(time, "time", lambda ahead=ahead_s: real() + ahead)
        with standing.transaction():
            pass
        assert abs(standing.now_ms() - real() * 1000) < 2000
    standing.close()


def test_where_there_is_one_host_its_clock_is_believed_after_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, steady = time.time, time.monotonic
    standing = StandingConnection(make_engine(f"sqlite:///{tmp_path}/one.db"))
    monkeypatch.setattr(time, "time", lambda: real() + 3600)
    assert abs(standing.now_ms() - real() * 1000) < 2000
    monkeypatch.setattr(time, "monotonic", lambda: steady() + 61)
    standing.now_ms()
    assert standing.now_ms() - real() * 1000 > 3_500_000


def test_there_a_clock_put_right_by_a_second_is_followed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    standing = StandingConnection(make_engine(f"sqlite:///{tmp_path}/one.db"))
    monkeypatch.setattr(time, "time", lambda: real() + 1)
    assert abs(standing.now_ms() - time.time() * 1000) < 100


def row(now: int) -> Outgoing:
    body = orjson.dumps({"token": "t", "messages": []})
    return Outgoing("a-0", ANONG, 0, "a-0", "message", body, now)


def test_a_row_put_off_by_a_clock_that_was_ahead_is_tried_now() -> None:
    now, hand, plenty = now_ms(), Hand(), Budget(1000, 0)
    hand.take([row(now)])
    ((start, *_), _) = hand.start(now + HOUR_MS, plenty)
    busy = Result(start.row, start.way, LineError(Verdict.AGAIN, status=429, retry_after_s=5))
    hand.settle([busy], now + HOUR_MS)
    assert [one.row.id for one in hand.start(now, plenty)[0]] == ["a-0"]


def test_a_row_that_line_put_off_waits() -> None:
    now, hand, plenty = now_ms(), Hand(), Budget(1000, 0)
    hand.take([row(now)])
    ((start, *_), _) = hand.start(now, plenty)
    hand.settle([Result(start.row, start.way, LineError(Verdict.AGAIN, retry_after_s=240))], now)
    assert hand.start(now + 239_000, plenty)[0] == []
    assert hand.start(now + 241_000, plenty)[0] != []


@pytest.mark.parametrize(("ahead_ms", "status"), [(0, SENT), (-500, SENT), (HOUR_MS, UNSURE)])
def test_a_dead_token_proves_nothing_by_a_clock_that_was_put_back(
    ahead_ms: int, status: int
) -> None:
    now = now_ms()
    tried = replace(row(now + ahead_ms), status=TRYING, channel=REPLY)
    end = settle(tried, REPLY, LineError(Verdict.BAD_TOKEN, status=400), now, unsure=True)
    assert end.row.status == status
