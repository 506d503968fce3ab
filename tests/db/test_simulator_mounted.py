"""The played LINE is there in demo mode, and nowhere when LINE credentials are set."""

from pathlib import Path

import pytest

from bot.app import create_app
from bot.config import Config, read_config
from db import schema
from db.keyring import unlock
from db.session import make_engine

CREDENTIALS = {
    "LINE_CHANNEL_SECRET": "8c570fa6dd201bb328f1c1eac23a96d8",
    "LINE_CHANNEL_ACCESS_TOKEN": "an-access-token",
    "SECRET_KEY": "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg",
    "PII_ENCRYPTION_KEYS": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
}
PLACES = (
    "/",
    "/simulator/",
    "/simulator/api/state",
    "/simulator/line/v2/bot/info",
    "/simulator/static/js/app.js",
)


def statuses(config: Config) -> list[int]:
    engine = make_engine(config.database_url)
    schema.migrate(engine)
    engine = unlock(engine, config.outer_keys)
    app = create_app(config, engine, wake=lambda: None)
    client = app.test_client()
    found = []
    for place in PLACES:
        with client.get(place) as response:
            found.append(response.status_code)
    engine.dispose()
    return found


@pytest.mark.parametrize(
    ("given", "expected"), [({}, [302, 200, 200, 401, 200]), (CREDENTIALS, [404] * 5)]
)
def test_only_demo_mode_has_a_simulator(
    given: dict[str, str], expected: list[int], tmp_path: Path
) -> None:
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path}/test.db", **given}
    assert statuses(read_config(environ, tmp_path)) == expected
