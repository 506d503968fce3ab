"""The day of an event and the volunteer's kit: from the console and as the worker sees them."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from bot import mydata
from bot.outreach import kit
from bot.outreach.doing import reach_out
from bot.receipts import ReceiptLinks
from bot.tools import DatabaseTools
from db import (
    budget,
    campaigns,
    conversations,
    erasure,
    event_queue,
    help_wishes,
    inbox,
    touches,
    volunteers,
)
from db.campaigns import Campaign
from db.conversations import TalkState
from db.rollups import thai_day
from db.session import transaction
from db.staff import Role
from handlers.conversation import Conversation, Form
from handlers.effects import AllowHelp, CallNumber, NameVolunteer
from handlers.outreach_tools import Invitation
from handlers.steps.outcome import Value
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
    assert tools(console, "U1").invitation(secret) == Invitation("ตลาดนัดเช้า")
    assert tools(console, "U1").take_up(secret) == Invitation("ตลาดนัดเช้า")
    assert tools(console, "U2").take_up(secret) is None
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


def taken(console: Console, code: str, user: str) -> None:
    """This person has the code."""
    day = console.clock().date()
    with transaction(console.engine) as session:
        volunteers.invite(session, code, "SECRET", console.clock() + timedelta(days=1))
        assert volunteers.take_up(session, "SECRET", user, console.clock(), day) is not None


def test_the_organiser_calls_from_line_and_only_their_own_event(
    console: Console, client: FlaskClient
) -> None:
    code, other = campaign(console, "event"), campaign(console, "event")
    taken(console, code, "U9")
    for user in ("U1", "U2"):
        tools(console, user).check_in(code)
        tools(console, user).check_in(other)

    def act(user: str, effect: CallNumber) -> None:
        with transaction(console.engine) as session:
            reach_out(session, user, effect, console.clock())

    desk = tools(console, "U9").desk()
    assert desk is not None
    assert (desk.given, desk.called, desk.waiting, desk.submitted) == (2, 0, (1, 2), "–")
    act("U1", CallNumber(code, 1))
    act("U9", CallNumber(other, 1))
    assert waiting(console, "U1") == []
    for _ in range(2):
        act("U9", CallNumber(code, 1))
    assert len(waiting(console, "U1")) == 1
    address = f"/staff/campaigns/{code}/queue/"
    assert 'name="number" value="2"' in client.get(address).text


def test_one_without_a_phone_is_given_a_number_at_the_desk(
    console: Console, client: FlaskClient
) -> None:
    code = campaign(console, "event")
    address = f"/staff/campaigns/{code}/queue/"
    for given, told in (("0", "หมายเลข 1"), ("0", "เพิ่งมีคนรับเลขไป")):
        data = {"given": given, "csrf_token": token(client, address)}
        assert told in client.post(f"{address}walk-in", data=data, follow_redirects=True).text
    bad = {"given": "x", "csrf_token": token(client, address)}
    assert client.post(f"{address}walk-in", data=bad).status_code == 400
    called = {"number": "1", "csrf_token": token(client, address)}
    shown = client.post(address, data=called, follow_redirects=True).text
    assert "หมายเลขนี้เรียกไปแล้ว" not in shown
    assert waiting(console, "U1") == []


def test_a_message_sent_on_the_day_counts_for_the_day_however_late_it_comes(
    console: Console,
) -> None:
    code = campaign(console, "event")
    with transaction(console.engine) as session:
        session.get_one(Campaign, code).ends_on = thai_day(console.clock())
    written = console.clock()
    console.clock.on(days=2)
    late = DatabaseTools(console.engine, understand, "U1", console.clock(), happened=written)
    assert late.campaign(code) == "ตลาดนัดเช้า"
    assert late.check_in(code) == late.check_in(code) == 1
    with transaction(console.engine) as session:
        (guest,) = event_queue.waiting(session, code, 5)
        assert guest.at == written
    assert tools(console, "U2").check_in(code) is None


def test_a_volunteer_sees_who_agreed_stopped_and_has_a_form(console: Console) -> None:
    code, now = campaign(console, "volunteer"), console.clock()
    taken(console, code, "U9")
    form = Form("registration", 1, "phone", consent_at=now.isoformat())
    name = {"first": "บุญมี", "last": "ศรีสุข"}
    answers: dict[str, Value] = {"consent": "self", "name": name}
    waits = Conversation(form=replace(form, answers=answers))
    talks = {"U1": waits, "U2": waits, "U3": Conversation(), "U4": waits, "U5": waits}
    ago = {"U2": timedelta(minutes=5)}
    with transaction(console.engine) as session:
        for user, talk in talks.items():
            touches.touch(session, user, code, now)
            at_ms = int((now - ago.get(user, timedelta(days=2))).timestamp() * 1000)
            state = orjson.dumps(talk.to_json()).decode()
            conversations.save(session, [TalkState(user, state, 0, 1.0, at_ms)], at_ms)
            if user != "U4":
                reach_out(session, user, AllowHelp(True), now)
        reach_out(session, "U5", AllowHelp(False), now)
        held = mydata.everything(session, "U1")
        assert held["volunteer_may_see_first_name"] == code
        assert "volunteer_of_codes" in held
    kit = tools(console, "U9").volunteer()
    assert kit is not None
    assert kit.helped == ("บุญมี",)  # of U1 alone
    with transaction(console.engine) as session:
        erasure.erase(session, "U1", now)
        assert help_wishes.of_person(session, "U1") == ""
        assert mydata.everything(session, "U9")["volunteer_of_codes"][0]["code"] == code


def test_the_thank_you_carries_the_name_that_was_given(console: Console) -> None:
    code = campaign(console, "volunteer")
    taken(console, code, "U9")
    kit = tools(console, "U9").volunteer()
    assert kit is not None
    before = papers(console).get(kit.papers["kit_thanks"]).data
    with transaction(console.engine) as session:
        reach_out(session, "U9", NameVolunteer("ทองดี ใจงาม"), console.clock())
    assert papers(console).get(kit.papers["kit_thanks"]).data != before
