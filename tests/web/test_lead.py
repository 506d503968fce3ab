"""A lead on the screen: masks, reveals, decisions, undo, words to the person, merging."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.staff import messages
from db import registrations, subject
from db.audit import AuditRow, verify
from db.inbox import InboxEvent
from db.lead_tables import LeadEvent, Notice, Registration
from db.rollups import Rollup
from db.session import keys, reading, transaction
from db.staff import Role, Staff
from tests.web.conftest import Console, Person, token

LEAD = "/staff/leads/S40-TEST-0001/"
SECRETS = (
    "081-234-5678",
    "0812345678",
    "1-1017-00230",
    "1101700230705",
    "5 ม.ค. 2522",
    "12 หมู่ 3",
    "ใจเย็น",
)


@pytest.fixture
def officer(console: Console) -> Person:
    console.lead()
    return console.person(Role.OFFICER, "อุดรธานี")


def act(
    client: FlaskClient,
    console: Console,
    action: str,
    reference: str = "S40-TEST-0001",
    **data: str,
) -> TestResponse:
    """Press a button of the lead's page as it stands now."""
    version = str(console.stored(reference).version)
    path = f"/staff/leads/{reference}"
    csrf = token(client, f"{path}/")
    return client.post(f"{path}/{action}", data={"csrf_token": csrf, "version": version, **data})


def logged(console: Console, action: str) -> list[AuditRow]:
    with reading(console.engine) as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.action == action)))


def told(console: Console) -> list[Mapping[str, Any]]:
    """The staff events in the inbox, opened."""
    with reading(console.engine) as session:
        return [
            json.loads(
                keys(session).open_bytes(row.payload or b"", f"inbox|payload|{row.event_id}")
            )
            for row in session.scalars(select(InboxEvent).order_by(InboxEvent.event_id))
        ]


def tell(console: Console) -> int:
    with transaction(console.engine) as session:
        return messages.send_due(session, console.clock())


def gauges(console: Console) -> dict[tuple[str, str, str], int]:
    """What the counts say, without those that are zero."""
    with reading(console.engine) as session:
        rows = session.scalars(select(Rollup).where(Rollup.split.in_(("all", "status", "hours"))))
        return {(row.metric, row.split, row.value): row.n for row in rows if row.n}


def test_private_fields_are_masked_until_asked_for(
    console: Console, officer: Person, page: Callable[[FlaskClient, str], str]
) -> None:
    text = page(console.client(officer), LEAD)
    assert "สมศรี" in text
    assert "มะม่วง ริมน้ำ" in text
    assert not [secret for secret in SECRETS if secret in text]
    assert [row.reference for row in logged(console, "view")] == ["S40-TEST-0001"]


def test_revealing_shows_only_what_was_asked_and_is_logged_without_its_value(
    console: Console, officer: Person
) -> None:
    client = console.client(officer)
    text = act(client, console, "reveal", what="contact", why="call").text
    assert "081-234-5678" in text
    assert "1-1017-00230-70-5" not in text
    text = act(client, console, "reveal", what="id_number", why="identity").text
    assert "1-1017-00230-70-5" in text
    rows = logged(console, "reveal")
    assert [row.detail for row in rows] == ["contact: call", "id_number: identity"]
    assert all(row.who == officer.email and row.reference == "S40-TEST-0001" for row in rows)
    with reading(console.engine) as session:
        everything = [str(vars(row)) for row in session.scalars(select(AuditRow))]
    assert not [secret for secret in SECRETS for row in everything if secret in row]


def test_a_reveal_without_a_reason_is_refused(console: Console, officer: Person) -> None:
    client = console.client(officer)
    assert act(client, console, "reveal", what="id_number", why="").status_code == 400
    assert act(client, console, "reveal", what="password", why="call").status_code == 400


def test_the_person_sees_which_office_looked_but_not_who(console: Console, officer: Person) -> None:
    console.client(officer).get(LEAD)
    with reading(console.engine) as session:
        looks = subject.accesses_of(session, "U" + "1" * 32)
    assert [(look.office, look.what) for look in looks] == [("สำนักงานทดสอบ", "view")]
    assert officer.email not in str(looks)


def test_a_decision_is_told_to_the_person_after_half_a_minute(
    console: Console, officer: Person
) -> None:
    client = console.client(officer)
    answer = act(client, console, "decide", act="close:member:applied")
    assert answer.status_code == 303
    assert console.stored("S40-TEST-0001").status == "member"
    assert tell(console) == 0
    console.clock.on(seconds=31)
    assert tell(console) == 1
    assert tell(console) == 0
    (event,) = told(console)
    assert event["source"]["userId"] == "U" + "1" * 32
    assert event["kind"] == "member"
    assert event["values"]["reference"] == "S40-TEST-0001"
    assert console.woken[0] > 0


def test_undo_takes_a_decision_back_unseen(console: Console, officer: Person) -> None:
    client = console.client(officer)
    before = gauges(console)
    act(client, console, "decide", act="close:member:applied")
    assert gauges(console) != before
    act(client, console, "undo")
    lead = console.stored("S40-TEST-0001")
    assert (lead.status, lead.first_contact_at) == ("new", None)
    assert lead.due_on is not None
    console.clock.on(minutes=1)
    assert tell(console) == 0
    assert gauges(console) == before


def test_undo_comes_too_late_after_half_a_minute(console: Console, officer: Person) -> None:
    client = console.client(officer)
    act(client, console, "decide", act="close:member:applied")
    console.clock.on(seconds=31)
    answer = act(client, console, "undo")
    assert answer.status_code == 409
    assert console.stored("S40-TEST-0001").status == "member"


def test_a_double_click_is_one_call(console: Console, officer: Person) -> None:
    client = console.client(officer)
    csrf = token(client, LEAD)
    data = {"csrf_token": csrf, "version": "0", "act": "attempt:no_answer"}
    first = client.post(f"{LEAD}decide", data=data)
    second = client.post(f"{LEAD}decide", data=data)
    assert (first.status_code, second.status_code) == (303, 409)
    assert console.stored("S40-TEST-0001").attempts == 1


def test_unreachable_needs_calls_on_three_days(console: Console, officer: Person) -> None:
    client = console.client(officer)
    wish = {"act": "close:unreachable", "reason_unreachable": "no_answer"}
    for _ in range(2):
        act(client, console, "decide", act="attempt:no_answer")
        console.clock.on(minutes=10)
    assert act(client, console, "decide", **wish).status_code == 409
    for _ in range(2):
        console.clock.on(days=1)
        client = again(console, officer)
        act(client, console, "decide", act="attempt:busy")
    assert act(client, console, "decide", **wish).status_code == 303
    assert console.stored("S40-TEST-0001").status == "unreachable"


def again(console: Console, person: Person) -> FlaskClient:
    """Signed in on another day (the phone's code is of this minute, so it may repeat)."""

    with transaction(console.engine) as session:
        row = session.get(Staff, person.id)
        assert row is not None
        row.last_totp_step = None
    return console.client(person)


def test_closing_needs_a_reason(console: Console, officer: Person) -> None:
    client = console.client(officer)
    assert act(client, console, "decide", act="close:ineligible").status_code == 409
    assert act(client, console, "decide", act="close:ineligible:lottery").status_code == 409
    assert act(client, console, "decide", act="close:nonsense:x").status_code == 409
    assert console.stored("S40-TEST-0001").status == "new"


def test_an_appointment_must_lie_ahead_and_becomes_the_due_day(
    console: Console, officer: Person
) -> None:
    client = console.client(officer)
    late = {"act": "attempt:call_back", "appointment": "2026-11-01T10:00"}
    assert act(client, console, "decide", **late).status_code == 409
    ahead = {"act": "attempt:call_back", "appointment": "2026-12-01T14:30"}
    assert act(client, console, "decide", **ahead).status_code == 303
    lead = console.stored("S40-TEST-0001")
    assert (lead.status, str(lead.due_on)) == ("appointment", "2026-12-01")
    assert lead.appointment_at is not None
    assert lead.appointment_at.isoformat() == "2026-12-01T07:30:00+00:00"


def test_a_message_reaches_the_person_once(console: Console, officer: Person) -> None:
    client = console.client(officer)
    data = {"text": "พรุ่งนี้โทรนะคะ", "token": "a1" * 16}
    act(client, console, "message", **data)
    act(client, console, "message", **data)
    (event,) = told(console)
    assert event["kind"] == "message"
    assert event["values"] == {"text": "พรุ่งนี้โทรนะคะ", "office": "สำนักงานทดสอบ"}


def test_notes_and_hostile_names_are_shown_as_text(
    console: Console, page: Callable[[FlaskClient, str], str]
) -> None:
    console.lead("S40-TEST-0002", first_name="<script>x</script>\u202eกขค", last_name="ก" * 300)
    client = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    act(client, console, "note", "S40-TEST-0002", note="<b>เย็น</b>")
    text = page(client, "/staff/leads/S40-TEST-0002/")
    assert "<script>x" not in text
    assert "<b>เย็น" not in text
    assert "U+202E" in text
    assert "\u202e" not in text


def test_the_same_person_twice_is_seen_and_merged(
    console: Console, officer: Person, page: Callable[[FlaskClient, str], str]
) -> None:
    console.lead("S40-TEST-0002", user_id="U" + "2" * 32)
    client = console.client(officer)
    assert "S40-TEST-0002" in page(client, LEAD)
    act(client, console, "merge", into="S40-TEST-0002")
    lead, other = console.stored("S40-TEST-0001"), console.stored("S40-TEST-0002")
    assert (lead.status, lead.merged_into) == ("merged", other.id)
    act(client, console, "decide", "S40-TEST-0002", act="close:member:applied")

    with reading(console.engine) as session:
        (view,) = registrations.leads_of(session, "U" + "1" * 32)
    assert view.status == "member"


def test_a_merge_is_taken_back_within_half_a_minute_and_tells_nobody(
    console: Console, officer: Person
) -> None:
    console.lead("S40-TEST-0002", user_id="U" + "2" * 32, id_number="3101700230704")
    client, before = console.client(officer), gauges(console)
    shown = client.get(LEAD).text
    compared = shown[shown.index('id="same"') :].partition("</section>")[0]
    told_same = [word in compared for word in ("เบอร์โทร", "วันเกิด", "เลขบัตรประชาชน")]
    assert told_same == [True, True, False]
    assert "0812345678" not in compared
    act(client, console, "merge", into="S40-TEST-0002")
    assert "ยกเลิก" in client.get("/staff/account/").text
    act(client, console, "undo")
    lead = console.stored("S40-TEST-0001")
    assert (lead.status, lead.merged_into, gauges(console)) == ("new", None, before)
    assert "ยกเลิกการรวมกับ" in client.get("/staff/leads/S40-TEST-0002/").text
    act(client, console, "merge", into="S40-TEST-0002")
    console.clock.on(seconds=31)
    assert act(client, console, "undo").status_code == 409
    assert tell(console) == 1
    assert told(console) == []


def test_a_closed_lead_can_be_reopened(console: Console, officer: Person) -> None:
    client = console.client(officer)
    act(client, console, "decide", act="close:withdrawn", reason_withdrawn="changed_mind")
    act(client, console, "reopen")
    lead = console.stored("S40-TEST-0001")
    assert lead.status == "new"
    assert str(lead.due_on) == "2026-11-26"


def test_search_finds_by_name_phone_id_and_reference(console: Console, officer: Person) -> None:
    console.lead(
        "S40-TEST-0002", first_name="อำนวย", last_name="ทองดี", id_number=None, phone="0899999999"
    )
    client = console.client(officer)
    csrf = token(client, "/staff/leads/")

    def hits(words: str) -> list[str]:
        text = client.post("/staff/leads/search", data={"words": words, "csrf_token": csrf}).text
        return [part[:13] for part in text.split('class="ref" href="/staff/leads/')[1:]]

    assert hits("สมศ") == ["S40-TEST-0001"]
    assert hits("ใจเย็น") == ["S40-TEST-0001"]
    assert hits("สมศรี ใจเย") == ["S40-TEST-0001"]
    assert hits("สมศรี ทอง") == []
    assert hits("อํานวย") == ["S40-TEST-0002"]
    assert hits("081-234-5678") == ["S40-TEST-0001"]
    assert hits("1 1017 00230 70 5") == ["S40-TEST-0001"]
    assert hits("s40-test-0002") == ["S40-TEST-0002"]
    assert hits("ส") == []
    assert all("สมศ" not in row.detail for row in logged(console, "search"))


def test_the_audit_chain_holds_through_an_officers_work(console: Console, officer: Person) -> None:
    client = console.client(officer)
    client.get(LEAD)
    act(client, console, "reveal", what="contact", why="call")
    with reading(console.engine) as session:
        rows, broken = verify(session)
    assert rows >= 3
    assert broken is None


def test_counts_follow_a_lead_through_its_life(console: Console, officer: Person) -> None:
    client = console.client(officer)
    assert gauges(console)[("open", "status", "new")] == 1
    act(client, console, "decide", act="attempt:no_answer")
    assert gauges(console)[("open", "status", "contacting")] == 1
    act(client, console, "decide", act="close:member:applied")
    counts = gauges(console)
    assert counts[("open", "status", "member")] == 1
    assert counts[("member", "all", "")] == 1
    assert counts[("contacted", "all", "")] == 1
    assert ("open", "status", "new") not in counts
    assert ("due", "all", "") not in counts


def test_erasure_leaves_nothing_of_the_person(console: Console, officer: Person) -> None:
    client = console.client(officer)
    act(client, console, "note", note="คุยดีมาก")
    act(client, console, "decide", act="close:member:applied")
    with transaction(console.engine) as session:
        assert subject.erase(session, "U" + "1" * 32, console.clock()) == 1
    with reading(console.engine) as session:
        for table in (Registration, LeadEvent, Notice):
            assert session.scalars(select(table)).all() == []
        assert verify(session)[1] is None
    assert gauges(console).get(("open", "status", "member")) is None
