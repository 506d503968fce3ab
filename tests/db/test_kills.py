"""A worker is killed between any two steps: states exact, each message once, in order."""

import subprocess

import orjson
import pytest
from sqlalchemy import Engine, text

from bot.clock import now_ms
from db import conversations, inbox
from db.inbox import NewEvent
from db.outbox import SENT
from db.session import transaction
from tests.path.line import LinePlayed
from tests.path.running import line_played, start_worker, wait_until

pytestmark = pytest.mark.db

TALKS = [f"U{number:032x}" for number in range(6)]
EACH = 5


def message(talk: str, number: int, at_ms: int) -> NewEvent:
    event_id = f"{talk[-4:]}-{number}"
    event = {
        "type": "message",
        "webhookEventId": event_id,
        "replyToken": f"{at_ms}-{event_id}",
        "message": {"type": "text", "id": "1", "text": f"{talk[-4:]}/{number}"},
    }
    return NewEvent(event_id, talk, at_ms + number, orjson.dumps(event))


def send(engine: Engine, number: int, *, twice: bool = False) -> None:
    """The number-th message of every talk; doubled, as a webhook that is delivered again."""
    now = now_ms()
    for _ in range(2 if twice else 1):
        with transaction(engine) as session:
            inbox.store(session, [message(talk, number, now) for talk in TALKS], now)


def all_done(engine: Engine) -> bool:
    with transaction(engine) as session:
        waiting = session.execute(text("SELECT count(*) FROM inbox WHERE status = 0")).scalar_one()
        unsent = session.execute(text("SELECT count(*) FROM outbox WHERE status <= 1")).scalar_one()
    return bool(waiting == 0 and unsent == 0)


def check(engine: Engine, line: LinePlayed) -> None:
    """Every state is the fold of its events; LINE accepted each answer once, in order."""
    with transaction(engine) as session:
        states = conversations.load(session, TALKS)
        statuses = session.scalars(text("SELECT status FROM outbox")).all()
        assert statuses == [SENT] * (len(TALKS) * EACH)
    for talk in TALKS:
        expected = [f"{talk[-4:]}/{number}" for number in range(EACH)]
        assert orjson.loads(states[talk].state)["heard"] == expected
        said = [t for *_, texts in line.accepted for t in texts if f":{talk[-4:]}/" in t]
        assert said == [f"{number + 1}:{words}" for number, words in enumerate(expected)]


@pytest.mark.parametrize("nth", [1, 4])
@pytest.mark.parametrize("point", ["deciding", "before_send", "after_send"])
def test_a_killed_worker_loses_and_doubles_nothing(
    engine: Engine, database_url: str, point: str, nth: int
) -> None:
    with line_played() as (line, line_url):
        for number in range(EACH):
            send(engine, number, twice=True)
        doomed = start_worker(database_url, line_url, point, nth)
        assert doomed.wait(20) == 9
        rescuer = start_worker(database_url, line_url)
        try:
            assert wait_until(lambda: all_done(engine), 30)
        finally:
            stop(rescuer)
        check(engine, line)


def test_two_workers_share_the_talks_and_keep_the_order(engine: Engine, database_url: str) -> None:
    with line_played() as (line, line_url):
        workers = [start_worker(database_url, line_url) for _ in range(2)]
        try:
            for number in range(EACH):
                send(engine, number, twice=number % 2 == 0)
            assert wait_until(lambda: all_done(engine), 30)
        finally:
            for worker in workers:
                stop(worker)
        check(engine, line)


def stop(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.wait()
