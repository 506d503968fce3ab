"""What `make run` shows: a login for every role, and something on every desk."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

import bot.staff
from bot.staff.demo import PEOPLE, logins
from db.keyring import unlock
from db.session import make_engine
from db.staff import Role
from tests.web.conftest import KEYS, SECRET_KEY, check, token

SEEN = {
    "admin": (("/staff/campaigns/", "ตลาดนัดเช้าวันเสาร์"), ("/staff/news/", "ตลาดนัดเช้าวันเสาร์นี้")),
    "officer": (("/staff/leads/", "เกินกำหนดของฉัน"), ("/staff/requests/", "ขอคุยกับเจ้าหน้าที่")),
    "supervisor": (("/staff/news/", "ตลาดนัดเช้าวันเสาร์นี้"), ("/staff/dashboard/", "อุดรธานี")),
    "editor": (("/staff/questions/", "ราคายางวันนี้"),),
    "viewer": (("/staff/board/", "อุดรธานี"),),
    "auditor": (("/staff/audit/", "เข้าสู่ระบบ"),),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("desk")
    shutil.copy(migrated, folder / "desk.db")
    engine = unlock(make_engine(f"sqlite:///{folder}/desk.db"), KEYS)
    made = Flask("desk")
    config = SimpleNamespace(secret_key=SECRET_KEY, public_url="http://127.0.0.1", demo=True)
    bot.staff.register(made, engine, config)
    yield made
    engine.dispose()


def signed_in(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    login = next(one for one in logins(SECRET_KEY) if one.email.startswith(f"{who}@"))
    data = {"email": login.email, "password": login.password}
    client.post("/staff/login", data=data | {"csrf_token": token(client, "/staff/login")})
    csrf = token(client, "/staff/tf-validate")
    answer = client.post("/staff/tf-validate", data={"code": login.code(), "csrf_token": csrf})
    assert answer.status_code == 302
    return client


def test_every_role_has_a_login() -> None:
    assert {role for _, _, role, _ in PEOPLE} == set(Role)


@pytest.mark.parametrize("who", SEEN)
def test_every_role_finds_something_on_its_desk(app: Flask, who: str) -> None:
    client = signed_in(app, who)
    for path, words in SEEN[who]:
        answer = client.get(path)
        assert answer.status_code == 200
        check(answer.text)
        assert words in answer.text, path
