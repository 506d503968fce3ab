"""The whole app: strict headers on every answer, and errors that tell nothing."""

import base64
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from bot.app import create_app
from bot.config import read_config
from bot.logs import JsonLines
from db import schema
from db.keyring import unlock
from db.session import make_engine, transaction
from tests.web.conftest import check

PATHS = (
    "/nothing",
    "/healthz",
    "/readyz",
    "/metrics",
    "/liff/",
    "/open/",
    "/open/progress.json",
    "/my-data/x",
    "/pictures/qr/x.png",
    "/calendar/x.ics",
    "/staff/login",
    "/staff/nothing",
    "/staff/static/staff.css",
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The app as in earnest: real settings, no test mode."""
    environ = {
        "LINE_CHANNEL_SECRET": "secret",
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
        "SECRET_KEY": "a secret key of a test",
        "PII_ENCRYPTION_KEYS": base64.b64encode(bytes(range(32))).decode(),
        "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
        "PUBLIC_URL": "https://bot.example",
        "LIFF_ID": "1234567890-abcdefgh",
    }
    config = read_config(environ)
    bare = make_engine(config.database_url)
    schema.migrate(bare)
    engine = unlock(bare, config.outer_keys)
    yield create_app(config, engine, wake=lambda: None)
    engine.dispose()


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_strict(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    answer.close()
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Server" not in headers


@pytest.mark.parametrize("path", ["/staff/login", "/my-data/a-secret-link"])
def test_an_error_tells_an_id_and_nothing_else(
    app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    client = app.test_client()
    client.set_cookie("__Host-staff", "x", secure=True)
    broken = make_engine(f"sqlite:///{tmp_path}/bot.db")
    with transaction(broken) as session:
        for table in ("staff_sessions", "data_links"):
            session.execute(text("DROP TABLE " + table))
    broken.dispose()
    with caplog.at_level(logging.ERROR):
        answer = client.get(path, base_url="https://localhost")
    assert answer.status_code == 500
    (record,) = [one for one in caplog.records if one.name == "bot.site"]
    line = JsonLines().format(record)
    told = json.loads(line)
    assert told["failure"] in answer.text
    for private in ("a-secret-link", "no such table", "SELECT"):
        assert private not in answer.text + line
    assert "Traceback" not in answer.text
    if path.startswith("/staff"):
        check(answer.text)
        assert "ระบบขัดข้อง" in answer.text


def test_no_method_but_those_of_the_page_is_taken(app: Flask) -> None:
    client = app.test_client()
    for method in ("TRACE", "PUT", "DELETE", "PATCH"):
        assert client.open("/open/", method=method).status_code == 405
