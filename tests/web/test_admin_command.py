"""The first administrator is made by command, and the printed link opens."""

import base64
import os
from pathlib import Path

import pytest

from bot import admin
from bot.app import create_app
from bot.config import read_config
from db import audit, staff
from db.keyring import unlock
from db.session import make_engine, reading


@pytest.fixture
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "LINE_CHANNEL_SECRET": "secret",
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
        "SECRET_KEY": "a secret key of a test",
        "PII_ENCRYPTION_KEYS": base64.b64encode(os.urandom(32)).decode(),
        "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
        "PUBLIC_URL": "https://bot.example",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_settings")
def test_the_link_of_a_new_administrator_opens(capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.main(["anong@example.org", "อนงค์"]) == 0
    link = capsys.readouterr().out.split()[-1]
    assert link.startswith("https://bot.example/staff/")

    config = read_config()
    engine = unlock(make_engine(config.database_url), config.outer_keys)
    page = create_app(config, engine, wake=lambda: None).test_client()
    assert page.get(link.removeprefix("https://bot.example")).status_code == 200
    with reading(engine) as session:
        found = staff.by_email(session, "anong@example.org")
        assert found is not None
        assert found.role == staff.Role.ADMIN.value
        assert audit.verify(session) == (1, None)


@pytest.mark.usefixtures("_settings")
def test_run_again_it_renews_the_link_of_the_same_account(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert admin.main(["anong@example.org", "อนงค์"]) == 0
    assert admin.main(["anong@example.org", "อนงค์"]) == 0
    assert capsys.readouterr().out.count("https://") == 2
