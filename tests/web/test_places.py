"""Who sees which lead: every route of a lead × every role × inside and outside one's places."""

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from db import bulk_jobs, lead_work, registrations
from db.lead_tables import Registration
from db.session import reading, transaction
from db.staff import Role, Staff
from tests.web.conftest import Console, check, token
from tests.web.test_guard import MATRIX, routes
from tests.web.test_lists import references

REFERENCE = "S40-TEST-0001"
BANGKOK = "กรุงเทพมหานคร"
WITH_A_LEAD = sorted(
    endpoint
    for endpoint in MATRIX
    if endpoint.startswith(("staff.lead.", "staff.lead_acts.")) or endpoint == "staff.sheets.one"
)
PLACES = {
    "my province": (("อุดรธานี",), (), "อุดรธานี", None, True),
    "another province": (("ขอนแก่น",), (), "อุดรธานี", None, False),
    "my office": ((BANGKOK,), ("BKK03",), BANGKOK, "BKK03", True),
    "no office yet": ((BANGKOK,), ("BKK03",), BANGKOK, None, True),
    "another office": ((BANGKOK,), ("BKK03",), BANGKOK, "BKK07", False),
    "the province of all offices": ((BANGKOK,), (), BANGKOK, "BKK07", True),
    "an office elsewhere": (("อุดรธานี", BANGKOK), ("BKK03",), "อุดรธานี", None, True),
}
"""The provinces and offices of the officer, the province and office of the lead, whether seen."""
FORM = {
    "act": "close:member:applied",
    "note": "x",
    "canned": "thanks",
    "token": "a" * 32,
    "what": "contact",
    "why": "call",
    "reason": "not_now",
    "office": "BKK05",
    "version": "0",
}


def place(console: Console, reference: str, province: str, office: str | None) -> None:
    """A lead there."""
    console.lead(reference, province=province)
    with transaction(console.engine) as session:
        lead = session.scalars(select(Registration).where(Registration.reference == reference))
        lead.one().office = office


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("role", list(Role))
def test_each_route_of_a_lead_opens_inside_my_places_only(
    console: Console, role: Role, where: str
) -> None:
    provinces, offices, province, office, seen = PLACES[where]
    place(console, REFERENCE, province, office)
    client = console.client(console.person(role, *provinces, offices=offices))
    csrf = token(client, "/staff/account/")
    found = routes(console)
    for endpoint in WITH_A_LEAD:
        method, path = found[endpoint]
        data = {"csrf_token": csrf, **FORM} if method == "POST" else None
        with transaction(console.engine) as session:
            before = session.scalars(select(Registration)).one()
            before.office, before.version, before.status = office, 0, "new"
        answer = client.open(path, method=method, data=data)
        answer.close()
        allowed = role in MATRIX[endpoint] and (seen or role is Role.ADMIN)
        assert (answer.status_code != 404) == allowed, endpoint


@pytest.mark.parametrize("where", [name for name, place in PLACES.items() if not place[-1]])
@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR])
def test_what_lies_outside_is_in_no_list_search_count_queue_or_file(
    console: Console, role: Role, where: str
) -> None:
    provinces, offices, province, office, _seen = PLACES[where]
    place(console, REFERENCE, province, office)
    client = console.client(console.person(role, *provinces, offices=offices))
    csrf = token(client, "/staff/account/")
    for path in ("/staff/leads/", f"/staff/leads/?province={province}&office={office or ''}"):
        text = client.get(path).text
        assert references(text) == []
        assert '<span class="count">0</span>' in text
    for words in ("สมศรี", "0812345678", "1101700230705", REFERENCE):
        found = client.post("/staff/leads/search", data={"words": words, "csrf_token": csrf})
        assert references(found.text) == []
    client.post("/staff/next", data={"csrf_token": csrf})
    assert console.stored(REFERENCE).lease_by is None
    assert client.post("/staff/sheets.pdf", data={"csrf_token": csrf}).status_code != 200
    if role is Role.SUPERVISOR:
        assert REFERENCE not in client.get("/staff/bulk/").text
        assert REFERENCE not in client.get("/staff/export/").text


def test_a_lead_is_handed_to_an_office_and_leaves_the_others(console: Console) -> None:
    place(console, REFERENCE, BANGKOK, None)
    third = console.client(console.person(Role.OFFICER, BANGKOK, offices=["BKK03"]))
    shown = third.get(f"/staff/leads/{REFERENCE}/")
    check(shown.text)
    assert "ทุกสำนักงานในจังหวัดเห็น" in shown.text
    data = {"csrf_token": token(third, f"/staff/leads/{REFERENCE}/"), "version": "0"}
    path = f"/staff/leads/{REFERENCE}/hand-over"
    for wrong in ("P01", "", "BKK99"):
        assert third.post(path, data={**data, "office": wrong}).status_code == 409
    answer = third.post(path, data={**data, "office": "BKK05"})
    assert answer.location == "/staff/leads/"
    assert console.stored(REFERENCE).office == "BKK05"
    assert third.get(f"/staff/leads/{REFERENCE}/").status_code == 404
    fifth = console.client(console.person(Role.OFFICER, BANGKOK, offices=["BKK05"]))
    text = fifth.get(f"/staff/leads/{REFERENCE}/").text
    assert "สำนักงานประกันสังคมกรุงเทพมหานครพื้นที่ 5" in text
    assert references(fifth.get("/staff/leads/?office=BKK05").text) == [REFERENCE]
    assert references(fifth.get("/staff/leads/?office=BKK06").text) == []
    for path in ("/staff/dashboard/", f"/staff/dashboard/?province={BANGKOK}"):
        assert f"{BANGKOK}: 0" in third.get(path).text
        assert f"{BANGKOK}: 1" in fifth.get(path).text


def test_a_province_with_one_office_has_nothing_to_hand_over(console: Console) -> None:
    console.lead()
    client = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    assert "hand-over" not in client.get(f"/staff/leads/{REFERENCE}/").text


def invited(client: FlaskClient, **data: object) -> int:
    values = {"name": "ใหม่", "email": "new@sso.example", "role": "officer", **data}
    csrf = token(client, "/staff/people/")
    return client.post("/staff/people/", data={"csrf_token": csrf, **values}).status_code


def test_an_office_brings_its_province_and_its_name_along(console: Console) -> None:
    admin = console.client(console.person(Role.ADMIN))
    assert invited(admin) == 400
    assert invited(admin, offices="BKK03") == 200
    with reading(console.engine) as session:
        person = session.scalars(select(Staff).where(Staff.email == "new@sso.example")).one()
        assert (person.provinces, person.offices) == ((BANGKOK,), ("BKK03",))
        assert person.office == "สำนักงานประกันสังคมกรุงเทพมหานครพื้นที่ 3"
        number = person.id
    change = {"role": "auditor", "csrf_token": token(admin, "/staff/people/"), "offices": "BKK03"}
    admin.post(f"/staff/people/{number}/change", data=change)
    with reading(console.engine) as session:
        person = session.get_one(Staff, number)
        assert (person.provinces, person.offices) == ((), ())
    check(admin.get("/staff/people/").text)


def test_a_bulk_job_keeps_to_the_office_of_who_asked(console: Console) -> None:
    place(console, REFERENCE, BANGKOK, "BKK07")
    place(console, "S40-TEST-0002", BANGKOK, "BKK03")
    boss = console.person(Role.SUPERVISOR, BANGKOK, offices=["BKK03"])
    client = console.client(boss)
    data = {"action": "assign", "value_assign": str(boss.id)}
    client.post("/staff/bulk/", data={"csrf_token": token(client, "/staff/bulk/"), **data})
    with transaction(console.engine) as session:
        job = session.scalars(select(bulk_jobs.BulkJob)).one()
        assert (job.total, json.loads(job.offices)) == (1, ["BKK03"])
        bulk_jobs.step(session, console.clock(), lambda *_: None)
    assert console.stored(REFERENCE).assigned_to is None
    assert console.stored("S40-TEST-0002").assigned_to == boss.id


def test_a_lead_whose_person_moves_belongs_to_no_office_again(console: Console) -> None:
    place(console, REFERENCE, BANGKOK, "BKK07")
    with transaction(console.engine) as session:
        registrations.correct(
            session,
            user_id="U" + "1" * 32,
            reference=REFERENCE,
            changes={"province": "อุดรธานี"},
            now=console.clock(),
        )
    assert console.stored(REFERENCE).office is None


def assigned(console: Console, reference: str, staff: int) -> None:
    with transaction(console.engine) as session:
        lead = session.scalars(select(Registration).where(Registration.reference == reference))
        found = lead.one()
        act = lead_work.Act(staff, found.version, console.clock())
        lead_work.assign(session, found, act, staff)


def test_nobody_is_given_a_lead_they_cannot_see(console: Console) -> None:
    place(console, REFERENCE, BANGKOK, "BKK07")
    console.lead("S40-TEST-0002", province="ขอนแก่น")
    third = console.person(Role.OFFICER, BANGKOK, "อุดรธานี", offices=["BKK03"])
    for reference in (REFERENCE, "S40-TEST-0002"):
        with pytest.raises(lead_work.Refused, match="elsewhere"):
            assigned(console, reference, third.id)


def test_who_works_elsewhere_now_gives_the_leads_back(console: Console) -> None:
    console.lead("S40-TEST-0001", province="ขอนแก่น")
    console.lead("S40-TEST-0002", province="อุดรธานี")
    officer = console.person(Role.OFFICER, "ขอนแก่น", "อุดรธานี")
    for reference in ("S40-TEST-0001", "S40-TEST-0002"):
        assigned(console, reference, officer.id)
    admin = console.client(console.person(Role.ADMIN))
    path, csrf = f"/staff/people/{officer.id}/change", token(admin, "/staff/people/")
    admin.post(path, data={"csrf_token": csrf, "role": "officer", "provinces": "อุดรธานี"})
    assert console.stored("S40-TEST-0001").assigned_to is None
    assert console.stored("S40-TEST-0002").assigned_to == officer.id
    admin.post(path, data={"csrf_token": csrf, "role": "viewer", "provinces": "อุดรธานี"})
    assert console.stored("S40-TEST-0002").assigned_to is None


def test_a_person_who_moves_to_another_province_is_called_from_there(console: Console) -> None:
    console.lead(REFERENCE, province="ขอนแก่น")
    assigned(console, REFERENCE, console.person(Role.OFFICER, "ขอนแก่น").id)
    with transaction(console.engine) as session:
        registrations.correct(
            session,
            user_id="U" + "1" * 32,
            reference=REFERENCE,
            changes={"province": "อุดรธานี"},
            now=console.clock(),
        )
    lead = console.stored(REFERENCE)
    assert (lead.assigned_to, lead.status) == (None, "new")
    there = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    there.post("/staff/next", data={"csrf_token": token(there, "/staff/leads/")})
    assert console.stored(REFERENCE).lease_by is not None
