"""The day of an event and the volunteer's kit: from the console and as the worker sees them."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from bot.outreach import kit
from bot.receipts import ReceiptLinks
from bot.tools import DatabaseTools
from db import budget, campaigns, inbox, volunteers
from db.session import transaction
from db.staff import Role
from nlp import understand
from tests.web.conftest import SECRET_KEY, Console, token

Page = Callable[[FlaskClient, str], str]


@pytest.fixture
def client(console: Console) -> FlaskClient:
    with transaction(console.engine) as session:
        budget.note_account(session, "@999test", console.clock())
    return console.client(console.person(Role.OFFICER, "อุดรธานี"))


def campaign(console: Console, kind: str) -> str:
    with transaction(console.engine) as session:
        return campaigns.create(
            session,
            kind=kind,
            name="ตลาดนัดเช้า",
            province="อุดรธานี",
            starts_on=date(2026, 11, 1),
            now=console.clock(),
        ).code


def tools(console: Console, user: str) -> DatabaseTools:
    return DatabaseTools(
        console.engine, understand, user, console.clock(), receipts=ReceiptLinks(SECRET_KEY)
    )


def waiting(console: Console, user: str) -> list[str]:
    with transaction(console.engine) as session:
        return [bytes(event.payload).decode() for event in inbox.pending(session, [user], 9)]


def test_the_next_number_is_called_once_and_its_person_told(
    console: Console, client: FlaskClient, page: Page
) -> None:
    code = campaign(console, "event")
    assert [tools(console, user).check_in(code) for user in ("U1", "U2", "U1")] == [1, 2, 1]
    address = f"/staff/campaigns/{code}/queue/"
    assert "เรียกคิวนี้" in page(client, address)
    for _ in range(2):  # a double click
        assert (
            client.post(
                address, data={"number": "1", "csrf_token": token(client, address)}
            ).status_code
            == 303
        )
    (told,) = waiting(console, "U1")
    assert "event_call" in told
    assert waiting(console, "U2") == []
    (mine,) = tools(console, "U2").event_numbers()
    assert (mine.number, mine.last_called) == (2, 1)


def test_a_code_that_is_no_events_gives_no_number(console: Console, client: FlaskClient) -> None:
    code = campaign(console, "village")
    assert tools(console, "U1").check_in(code) is None
    assert client.get(f"/staff/campaigns/{code}/queue/").status_code == 404


def test_a_volunteer_is_invited_once_sees_the_kit_and_is_ended(
    console: Console, client: FlaskClient, page: Page
) -> None:
    code = campaign(console, "volunteer")
    address = f"/staff/campaigns/{code}/"

    def act(wish: str) -> None:
        form = {"act": wish, "csrf_token": token(client, address)}
        assert client.post(f"{address}volunteer", data=form).status_code == 303

    act("invite")
    found = re.search(r"อาสา ((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})", client.get(address).text)
    assert found is not None
    secret = found[1].replace("-", "")
    assert secret not in client.get(address).text.replace("-", "")
    assert tools(console, "U1").volunteer_invitation(secret) == "ตลาดนัดเช้า"
    join(console, "U1", secret)
    mine = tools(console, "U1").volunteer()
    assert mine is not None
    assert mine.code == code
    stranger = papers(console)
    for path in mine.papers.values():
        picture = stranger.get(path)
        assert Image.open(io.BytesIO(picture.data)).width == 1080
        assert stranger.get(path.replace(code, "A" * 8)).status_code == 404
    act("end")
    assert tools(console, "U1").volunteer() is None
    assert all(stranger.get(path).status_code == 404 for path in mine.papers.values())
    assert "ยังไม่มีใครใช้รหัสนี้" in page(client, address)


def papers(console: Console) -> FlaskClient:
    """Anybody's browser, where the papers of volunteers are served."""
    app = Flask("papers")
    kit.register(app, console.engine, SECRET_KEY, console.clock)
    return app.test_client()


def join(console: Console, user: str, secret: str) -> None:
    """As the worker does it when the person agreed."""
    with transaction(console.engine) as session:
        volunteers.join(session, user, secret, console.clock())
