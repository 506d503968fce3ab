"""A console of its own for each test, people in every role, and `page`, which checks pages."""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import html5lib
import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import Engine
from werkzeug.test import TestResponse

import bot.staff
from bot.staff.accounts import OnceTotp
from db import registrations, schema, staff
from db.crypto import OuterKey
from db.keyring import unlock
from db.lead_tables import Registration
from db.session import make_engine, transaction
from db.staff import Role

SECRET_KEY = "tests only: 0123456789 abcdefghijklmnop"
PASSWORD = "ข้าวเหนียวมะม่วงตอนเช้ามืด"
KEYS = (OuterKey(bytes(range(32))),)
HTML = "{http://www.w3.org/1999/xhtml}"


@dataclass
class Clock:
    """A clock that tests move by hand."""

    at: datetime = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def on(self, **passed: float) -> None:
        self.at += timedelta(**passed)


@dataclass
class Person:
    """An account of the tests, with what is needed to sign in."""

    id: int
    email: str
    totp_secret: str


@dataclass
class Console:
    """The app under test and shortcuts to what lies behind it."""

    app: Flask
    engine: Engine
    clock: Clock
    woken: list[int] = field(default_factory=list)
    made: int = 0

    def person(
        self, role: Role, *provinces: str, offices: Sequence[str] = (), email: str = ""
    ) -> Person:
        """An account with a password and a phone app set up."""
        secret = pyotp.random_base32()
        totp = OnceTotp({"1": self.app.config["SECURITY_TOTP_SECRETS"]["1"]}, "test")
        self.made += 1
        address = email or f"{role.value}{self.made}@sso.example"
        with self.app.app_context():
            password = hash_password(PASSWORD)
        with transaction(self.engine) as session:
            row = staff.add(
                session,
                email=address,
                name=f"{role.value} {self.made}",
                office="สำนักงานทดสอบ",
                role=role,
                provinces=provinces,
                offices=offices,
                password=password,
                now=self.clock(),
            )
            row.tf_primary_method = "authenticator"
            row.tf_totp_secret = totp.sealed(secret)
            number = row.id
        return Person(number, address, secret)

    def client(self, person: Person | None = None) -> FlaskClient:
        """A browser; signed in, if a person is given."""
        client = self.app.test_client()
        if person is not None:
            answer = sign_in(client, person)
            assert answer.status_code == 302, answer.text
        return client

    def lead(self, reference: str = "S40-TEST-0001", **changed: object) -> Registration:
        """A lead in Udon Thani, unless told otherwise."""
        with transaction(self.engine) as session:
            user = str(changed.pop("user_id", "U" + "1" * 32))
            lead = registrations.submit(
                session,
                form(reference, **changed),
                event_id=f"event-{reference}",
                user_id=user,
                now=self.clock(),
            )
            session.expunge(lead)
            return lead

    def stored(self, reference: str) -> Registration:
        """The lead as it lies in the database now."""
        with transaction(self.engine) as session:
            lead = registrations.by_reference(session, reference)
            assert lead is not None
            session.expunge(lead)
            return lead


def form(reference: str, **changed: object) -> SimpleNamespace:
    """A finished form, as the conversation hands it over."""
    values: dict[str, object] = {
        "reference": reference,
        "callback_words": "มะม่วง ริมน้ำ",
        "consent": SimpleNamespace(
            version="v1",
            at=datetime(2026, 11, 25, tzinfo=UTC),
            read_by="",
            relationship="",
            guardian=False,
        ),
        "title": "นาง",
        "first_name": "สมศรี",
        "last_name": "ใจเย็น",
        "birth_on": date(1979, 1, 5),
        "id_number": "1101700230705",
        "card_kind": "thai",
        "phone": "0812345678",
        "province": "อุดรธานี",
        "district": "เมืองอุดรธานี",
        "tambon": "หมากแข้ง",
        "address": "12 หมู่ 3",
        "occupation": "farmer",
        "option": 2,
        "contact_time": "morning",
        "for_other": False,
        "notify_only": False,
        "campaign": "",
        "extra": {},
    }
    return SimpleNamespace(**{**values, **changed})


def token(client: FlaskClient, path: str) -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, person: Person, password: str = PASSWORD) -> TestResponse:
    """Password, then the code of the phone app."""
    csrf = token(client, "/staff/login")
    first = client.post(
        "/staff/login", data={"email": person.email, "password": password, "csrf_token": csrf}
    )
    if first.status_code != 302:
        return first
    code = pyotp.TOTP(person.totp_secret).now()
    return client.post(
        "/staff/tf-validate", data={"code": code, "csrf_token": token(client, "/staff/tf-validate")}
    )


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and its keys, to be copied."""
    path = tmp_path_factory.mktemp("console") / "empty.db"
    engine = make_engine(f"sqlite:///{path}")
    schema.migrate(engine)
    unlock(engine, KEYS)
    engine.dispose()
    return path


@pytest.fixture
def console(tmp_path: Path, migrated: Path) -> Iterator[Console]:
    """The console on a SQLite file of its own."""
    shutil.copy(migrated, tmp_path / "console.db")
    engine = unlock(make_engine(f"sqlite:///{tmp_path}/console.db"), KEYS)
    yield console_on(engine)
    engine.dispose()


def console_on(engine: Engine) -> Console:
    """The console on an open database."""
    app, clock, woken = Flask("tests"), Clock(), [0]
    config = SimpleNamespace(secret_key=SECRET_KEY, public_url="http://127.0.0.1", demo=False)
    bot.staff.register(
        app, engine, config, now=clock, wake=lambda: woken.__setitem__(0, woken[0] + 1)
    )
    app.config["TESTING"] = True
    return Console(app, engine, clock, woken)


@pytest.fixture
def page() -> Callable[[FlaskClient, str], str]:
    """Fetch a page that must be there, and check what every page owes its readers."""

    def fetch(client: FlaskClient, path: str) -> str:
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        check(answer.text)
        return answer.text

    return fetch


def check(text: str) -> None:
    """Valid HTML, one h1, a name for every field, a token in every form, nothing inline."""
    parser = html5lib.HTMLParser(strict=True)
    root = parser.parse(text)
    assert len(list(root.iter(f"{HTML}h1"))) == 1
    named = {element.get("for") for element in root.iter(f"{HTML}label")}
    labelled = {id(inner) for label in root.iter(f"{HTML}label") for inner in label.iter()}
    for kind in ("input", "select", "textarea"):
        for element in root.iter(f"{HTML}{kind}"):
            if element.get("type") not in {"hidden", "submit"}:
                assert id(element) in labelled or element.get("id") in named, element.get("name")
    for posting in root.iter(f"{HTML}form"):
        if posting.get("method") == "post":
            names = {element.get("name") for element in posting.iter(f"{HTML}input")}
            assert "csrf_token" in names, posting.get("action")
    for element in root.iter():
        assert not any(str(name).startswith("on") or name == "style" for name in element.keys())  # noqa: SIM118 - an etree element
    assert all(script.get("src") for script in root.iter(f"{HTML}script"))
    assert not list(root.iter(f"{HTML}style"))
