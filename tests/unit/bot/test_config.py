"""Settings: everything wrong is named at once, no value is shown, demo mode makes its own."""

import stat
from pathlib import Path

import pytest

from bot.config import BadConfig, read_config

GOOD = {
    "LINE_CHANNEL_SECRET": "8c570fa6dd201bb328f1c1eac23a96d8",
    "LINE_CHANNEL_ACCESS_TOKEN": "an-access-token",
    "SECRET_KEY": "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg",
    "PII_ENCRYPTION_KEYS": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
}


def test_good_settings_are_taken() -> None:
    config = read_config(GOOD)
    assert not config.demo
    assert config.line_api_url == "https://api.line.me"
    assert config.database_url.startswith("sqlite:///")


def test_everything_missing_is_named_at_once() -> None:
    with pytest.raises(BadConfig) as caught:
        read_config({"LINE_CHANNEL_SECRET": "x"})
    for name in ("LINE_CHANNEL_ACCESS_TOKEN", "SECRET_KEY", "PII_ENCRYPTION_KEYS"):
        assert name in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 64),
        ("PII_ENCRYPTION_KEYS", "bm90IGEga2V5"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "๘๐๐๐"),
        ("DATABASE_URL", "mysql://x"),
        ("LINE_API_BASE_URL", "api.line.me"),
        ("LINE_API_BASE_URL", "ftp://api.line.me"),
        ("CELERY_BROKER_URL", "localhost"),
        ("PUSH_BUDGET", "many"),
    ],
)
def test_a_bad_value_is_named_and_not_shown(name: str, value: str) -> None:
    with pytest.raises(BadConfig) as caught:
        read_config(GOOD | {name: value})
    assert name in str(caught.value)
    assert value not in str(caught.value)


def test_two_channel_secrets_may_be_given() -> None:
    config = read_config(GOOD | {"LINE_CHANNEL_SECRET": "new, old"})
    assert config.channel_secrets == ("new", "old")


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(GOOD["SECRET_KEY"] + "\n", encoding="utf-8")
    given = {k: v for k, v in GOOD.items() if k != "SECRET_KEY"}
    assert read_config(given | {"SECRET_KEY_FILE": str(path)}).secret_key == GOOD["SECRET_KEY"]
    with pytest.raises(BadConfig, match="SECRET_KEY_FILE"):
        read_config(given | {"SECRET_KEY_FILE": str(tmp_path / "absent")})


def test_demo_mode_makes_its_secrets_once_and_keeps_them_private(tmp_path: Path) -> None:
    first = read_config({"PORT": "8123"}, tmp_path)
    again = read_config({"PORT": "8123"}, tmp_path)
    assert first.demo
    assert (first.secret_key, first.channel_secrets) == (again.secret_key, again.channel_secrets)
    assert first.line_api_url == "http://127.0.0.1:8123/simulator/line"
    (kept,) = tmp_path.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert read_config({}, tmp_path / "other").secret_key != first.secret_key


def test_settings_do_not_show_in_a_repr() -> None:
    assert GOOD["SECRET_KEY"] not in repr(read_config(GOOD))
