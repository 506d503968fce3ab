"""People who asked for a human: who sees them, talking in the bot's place, giving back."""

from db import requests
from db.session import reading, transaction
from db.staff import Role
from tests.web.conftest import Console, check, token
from tests.web.test_lead import act, told

USER, STRANGER = "U" + "1" * 32, "U" + "9" * 32


def ask(console: Console, key: str, user: str) -> None:
    with transaction(console.engine) as session:
        requests.ask(session, key, user, "asked", "", console.clock())


def test_those_who_wait_are_seen_where_their_lead_lies_or_everywhere_without_one(
    console: Console,
) -> None:
    console.lead()
    ask(console, "event/1", USER)
    ask(console, "event/2", STRANGER)
    near = console.client(console.person(Role.OFFICER, "อุดรธานี")).get("/staff/requests/").text
    far = console.client(console.person(Role.OFFICER, "ยะลา"))
    check(near)
    assert "S40-TEST-0001" in near
    assert near.count("/talk") == 2
    assert "S40-TEST-0001" not in far.get("/staff/requests/").text
    assert far.get("/staff/requests/event/1/talk").status_code == 404
    assert far.get("/staff/requests/event/2/talk").status_code == 200


def test_an_officer_takes_over_answers_and_gives_back(console: Console) -> None:
    console.lead()
    ask(console, "event/1", USER)
    client = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    path = "/staff/requests/event/1"
    shown = client.get(f"{path}/talk").text
    check(shown)
    csrf = token(client, f"{path}/talk")
    for number, data in enumerate(
        ({"act": "taken"}, {"text": "สวัสดีค่ะ มีอะไรให้ช่วยคะ"}, {"act": "given_back"})
    ):
        sent = {"csrf_token": csrf, "token": f"{number:032d}", **data}
        assert client.post(f"{path}/answer", data=sent).status_code == 303
    assert [event["kind"] for event in told(console)] == ["taken", "message", "given_back"]
    assert "event/1" not in client.get("/staff/requests/").text
    with reading(console.engine) as session:
        row = session.get(requests.StaffRequest, "event/1")
        assert row is not None
        assert row.closed_at is not None


def test_a_talk_is_taken_over_from_the_lead_too(console: Console) -> None:
    console.lead()
    client = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    act(client, console, "takeover", to="me", token="ab" * 16)
    act(client, console, "takeover", token="cd" * 16)
    assert [event["kind"] for event in told(console)] == ["taken", "given_back"]
