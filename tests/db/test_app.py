"""The whole application: who may see its inside, and the copy of one's own data."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from flask import Flask
from sqlalchemy import Engine, text

from bot.app import create_app
from bot.clock import now_ms
from bot.config import read_config
from db import inbox, links
from db.inbox import NewEvent
from db.keyring import unlock
from db.schema import migrate
from db.session import make_engine, transaction
from tests.path.crew import ENCODED, OUTER

pytestmark = pytest.mark.db

SETTINGS = {
    "LINE_CHANNEL_SECRET": "8c570fa6dd201bb328f1c1eac23a96d8",
    "LINE_CHANNEL_ACCESS_TOKEN": "token",
    "SECRET_KEY": "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg",
    "PII_ENCRYPTION_KEYS": ENCODED,
}
ANONG = "U" + "a" * 32


@pytest.fixture(scope="module")
def engine(module_engine: Engine) -> Engine:
    """One database for these tests."""
    return module_engine


def app(engine: Engine, **settings: str) -> Flask:
    return create_app(read_config(SETTINGS | settings), engine, wake=lambda: None)


def get(made: Flask, path: str, **headers: str) -> tuple[int, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = made.test_client().get(path, headers=named)
    return answer.status_code, answer.data


def test_alive_and_ready_are_told_to_everybody_the_reasons_to_few(engine: Engine) -> None:
    made = app(engine)
    assert get(made, "/healthz") == (200, b"ok\n")
    status, here = get(made, "/readyz")
    assert status == 200
    assert set(orjson.loads(here)["checks"]) >= {"database", "migrations", "keys", "backlog"}
    assert get(made, "/readyz", X_Forwarded_For="203.0.113.5")[1].strip() == b'{"ready":true}'


def test_metrics_are_not_public(engine: Engine) -> None:
    made = app(engine)
    assert b"bot_ack_seconds" in get(made, "/metrics")[1]
    assert get(made, "/metrics", X_Forwarded_For="203.0.113.5")[0] == 404
    guarded = app(engine, METRICS_TOKEN="a-long-token")
    assert get(guarded, "/metrics")[0] == 404
    assert get(guarded, "/metrics", Authorization="Bearer wrong")[0] == 404
    assert get(guarded, "/metrics", Authorization="Bearer a-long-token")[0] == 200


def test_metrics_name_nobody(engine: Engine) -> None:
    with transaction(engine) as session:
        inbox.store(session, [NewEvent("m1", ANONG, now_ms(), b"{}")], now_ms())
    assert ANONG.encode() not in get(app(engine), "/metrics")[1]


def test_an_old_backlog_is_not_ready(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE talks SET ready_ms = 5"))
    status, told = get(app(engine), "/readyz")
    assert (status, orjson.loads(told)["checks"]["backlog"]) == (503, False)
    with transaction(engine) as session:
        session.execute(text("UPDATE talks SET ready_ms = NULL"))


def test_a_database_that_is_gone_is_not_ready_and_not_an_error(tmp_path: Path) -> None:
    gone = make_engine(f"sqlite:///{tmp_path}/gone.db")
    migrate(gone)
    opened = unlock(gone, OUTER)
    made = app(opened)
    with transaction(opened) as session:
        session.execute(text("DROP TABLE talks"))
    assert get(made, "/readyz")[0] == 503
    assert get(made, "/healthz")[0] == 200
    gone.dispose()


def test_the_copy_of_ones_data_comes_by_its_link_only(engine: Engine) -> None:
    event = orjson.dumps({"message": {"text": "ข้อความของฉัน"}})
    now = datetime.now(UTC)
    with transaction(engine) as session:
        inbox.store(session, [NewEvent("d1", ANONG, now_ms(), event)], now_ms())
        links.offer(session, ANONG, "a-secret", now + timedelta(minutes=10))
        links.offer(session, "U" + "b" * 32, "old", now - timedelta(minutes=1))
    made = app(engine)
    answer = made.test_client().get("/my-data/a-secret")
    assert answer.status_code == 200
    assert "ข้อความของฉัน" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    for wrong in ("old", "another", "%00"):
        assert get(made, f"/my-data/{wrong}")[0] == 404
