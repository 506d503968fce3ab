"""Lists, saved views, bulk jobs, exports and sheets: what goes to whom, and what is logged."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import openpyxl
import pyotp
import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.staff.pages import bulk
from bot.staff.spreadsheet import safe
from db.audit import AuditRow
from db.bulk_jobs import BulkJob
from db.session import reading, transaction
from db.staff import Role, Staff
from tests.web.conftest import Console, Person, check, token
from tests.web.test_lead import again


@pytest.fixture
def supervisor(console: Console) -> Person:
    return console.person(Role.SUPERVISOR, "อุดรธานี", "ขอนแก่น")


def fresh_code(console: Console, person: Person) -> str:
    """The next code of the phone app: the one that signed in is used up."""
    with transaction(console.engine) as session:
        row = session.get(Staff, person.id)
        assert row is not None
        row.last_totp_step = None
    return pyotp.TOTP(person.totp_secret).now()


def take(client: FlaskClient, console: Console, person: Person, **data: str) -> TestResponse:
    values = {"kind": "csv", "reason": "report", "code": fresh_code(console, person), **data}
    return client.post(
        "/staff/export/", data={"csrf_token": token(client, "/staff/export/"), **values}
    )


def work_off(console: Console) -> None:
    for _ in range(50):
        with transaction(console.engine) as session:
            if bulk.work(session, console.clock()) == 0:
                return
    raise AssertionError("the job does not end")


def references(text: str) -> list[str]:
    return [part[:13] for part in text.split('class="ref" href="/staff/leads/')[1:]]


def test_filters_narrow_and_pages_go_on_where_the_last_one_ended(
    console: Console, supervisor: Person
) -> None:
    for number in range(60):
        place = "ขอนแก่น" if number % 3 == 0 else "อุดรธานี"
        console.lead(f"S40-TEST-{number:04d}", province=place, option=1 + number % 3)
    client = console.client(supervisor)
    both = references(client.get("/staff/leads/?province=ขอนแก่น&option=1&sort=newest").text)
    assert len(both) == 20
    first = client.get("/staff/leads/?sort=newest")
    check(first.text)
    assert len(references(first.text)) == 50
    key = first.text.split("after=")[1].split('"')[0].split("&")[0]
    second = references(client.get(f"/staff/leads/?sort=newest&after={key}").text)
    assert len(second) == 10
    assert not set(second) & set(references(first.text))


def test_a_view_is_saved_shown_and_only_mine_to_delete(
    console: Console, supervisor: Person
) -> None:
    client = console.client(supervisor)
    csrf = token(client, "/staff/leads/")
    data = {"csrf_token": csrf, "name": "ของขอนแก่น", "province": "ขอนแก่น", "status": "new"}
    client.post("/staff/views/", data=data)
    assert "ของขอนแก่น" in client.get("/staff/leads/").text
    other = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    assert "ของขอนแก่น" not in other.get("/staff/leads/").text
    theirs = other.post("/staff/views/1/delete", data={"csrf_token": token(other, "/staff/leads/")})
    assert theirs.status_code == 404
    client.post("/staff/views/1/delete", data={"csrf_token": csrf})
    assert "ของขอนแก่น" not in client.get("/staff/leads/").text


def test_a_saved_view_of_the_last_days_moves_on_with_the_calendar(
    console: Console, supervisor: Person
) -> None:
    console.lead("S40-TEST-0001")
    console.clock.on(days=5)
    console.lead("S40-TEST-0002")
    client = console.client(supervisor)
    data = {"csrf_token": token(client, "/staff/leads/"), "name": "สัปดาห์นี้", "recent_days": "7"}
    client.post("/staff/views/", data={**data, "sort": "newest"})

    def shown() -> list[str]:
        page = again(console, supervisor).get("/staff/leads/").text
        (address,) = re.findall(r'href="([^"]+)">สัปดาห์นี้', page)
        return references(again(console, supervisor).get(unescape(address)).text)

    assert shown() == ["S40-TEST-0002", "S40-TEST-0001"]
    console.clock.on(days=1, hours=13)
    assert shown() == ["S40-TEST-0002", "S40-TEST-0001"]
    console.clock.on(hours=1)
    assert shown() == ["S40-TEST-0002"], "the seventh day is over at Thai midnight"


def test_waiting_is_counted_in_thai_working_days(console: Console, supervisor: Person) -> None:
    monday = console.clock.at.replace(month=12, day=21)
    for number, days in enumerate((-5, -4, -3, 0)):
        console.clock.at = monday + timedelta(days=days)
        console.lead(f"S40-TEST-{number:04d}")
    console.clock.at = monday
    client = console.client(supervisor)

    def waiting(days: int) -> list[str]:
        path = f"/staff/leads/?waiting_workdays={days}&sort=oldest"
        return references(client.get(path).text)

    assert len(waiting(0)) == 4
    assert waiting(1) == ["S40-TEST-0000", "S40-TEST-0001"]
    assert waiting(2) == ["S40-TEST-0000"]
    assert waiting(3) == []


def test_a_bulk_job_does_what_matches_and_only_within_my_provinces(
    console: Console, supervisor: Person
) -> None:
    officer = console.person(Role.OFFICER, "อุดรธานี")
    for number in range(55):
        console.lead(f"S40-TEST-{number:04d}", province="อุดรธานี")
    console.lead("S40-TEST-0090", province="ยะลา")
    console.lead("S40-TEST-0091", province="อุดรธานี", option=3)
    client = console.client(supervisor)
    csrf = token(client, "/staff/bulk/?option=2")
    data = {"csrf_token": csrf, "option": "2", "action": "assign", "value_assign": str(officer.id)}
    assert client.post("/staff/bulk/", data=data).status_code == 303
    work_off(console)
    assert console.stored("S40-TEST-0000").assigned_to == officer.id
    assert console.stored("S40-TEST-0054").assigned_to == officer.id
    assert console.stored("S40-TEST-0090").assigned_to is None
    assert console.stored("S40-TEST-0091").assigned_to is None
    with reading(console.engine) as session:
        (job,) = session.scalars(select(BulkJob))
        assert (job.done, job.refused, job.total, job.state) == (55, 0, 55, "done")
    check(client.get("/staff/bulk/").text)


def test_a_bulk_job_can_not_reach_officers_or_ends_that_are_not_allowed(
    console: Console, supervisor: Person
) -> None:
    stranger = console.person(Role.OFFICER, "ยะลา")
    client = console.client(supervisor)
    csrf = token(client, "/staff/bulk/")
    for data in (
        {"action": "assign", "value_assign": str(stranger.id)},
        {"action": "close", "value_close": "member:applied"},
        {"action": "erase"},
    ):
        answer = client.post("/staff/bulk/", data={"csrf_token": csrf, **data})
        assert answer.status_code == 400, data


def test_an_export_needs_a_fresh_code_and_a_reason(console: Console, supervisor: Person) -> None:
    console.lead()
    client = console.client(supervisor)
    assert take(client, console, supervisor, code="000000").status_code == 403
    assert take(client, console, supervisor, reason="").status_code == 400
    assert take(client, console, supervisor).status_code == 200


def test_codes_of_an_export_can_not_be_guessed(console: Console, supervisor: Person) -> None:
    client = console.client(supervisor)
    seen = [take(client, console, supervisor, code="000000").status_code for _ in range(7)]
    assert seen[-1] == 429


def test_a_csv_is_text_for_a_spreadsheet_and_carries_its_taker(
    console: Console, supervisor: Person
) -> None:
    console.lead("S40-TEST-0002", first_name="=HYPERLINK(1)", last_name="＋1", address="@x")
    console.lead("S40-TEST-0003", province="ยะลา")
    client = console.client(supervisor)
    answer = take(client, console, supervisor, private="1")
    assert answer.text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(answer.text[1:])))
    assert [row["reference"] for row in rows] == ["S40-TEST-0002"]
    (row,) = rows
    shown = (row["first_name"], row["last_name"], row["address"])
    assert shown == (
        "'=HYPERLINK(1)",
        "'＋1",
        "'@x",
    )
    assert (row["phone"], row["id_number"]) == ("081-234-5678", "1-1017-00230-70-5")
    assert row["exported_by"].startswith(supervisor.email)
    with reading(console.engine) as session:
        logged = session.scalars(select(AuditRow).where(AuditRow.action == "export")).all()
    assert [entry.reference for entry in logged] == ["", "S40-TEST-0002", ""]
    assert logged[-1].detail == "1 rows done"


def test_without_asking_an_export_holds_nothing_private(
    console: Console, supervisor: Person
) -> None:
    console.lead()
    text = take(console.client(supervisor), console, supervisor).text
    assert "S40-TEST-0001" in text
    assert not [one for one in ("สมศรี", "345678", "0230", "หมู่ 3") if one in text]


def test_a_workbook_opens_and_runs_nothing(console: Console, supervisor: Person) -> None:
    console.lead("S40-TEST-0002", first_name="=1+1")
    answer = take(console.client(supervisor), console, supervisor, kind="xlsx", private="1")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["first_name"] == "'=1+1"
    assert row["phone"] == "081-234-5678"
    answer.close()


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "－1", "\0=1"])
def test_no_cell_starts_like_a_formula(text: str) -> None:
    assert safe(text).startswith("'")
    assert "\0" not in safe(text)


def test_a_sheet_can_be_read_back_and_is_logged(console: Console) -> None:
    console.lead()
    client = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    csrf = token(client, "/staff/leads/")
    answer = client.post("/staff/leads/S40-TEST-0001/sheet.pdf", data={"csrf_token": csrf})
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) == 1
    page = document[0]
    text_page = page.get_textpage()
    text = text_page.get_text_bounded()
    for part in (text_page, page, document):
        part.close()
    assert "S40-TEST-0001" in text
    assert "1-1017-00230-70-5" in text
    assert "5 ม.ค. 2522" in text.replace("\u0e4d\u0e32", "\u0e33")
    with reading(console.engine) as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "print")).one()
    assert row.reference == "S40-TEST-0001"


def test_a_bundle_of_sheets_has_a_page_a_lead(console: Console, supervisor: Person) -> None:
    for number in range(3):
        console.lead(f"S40-TEST-000{number}")
    client = console.client(supervisor)
    answer = client.post("/staff/sheets.pdf", data={"csrf_token": token(client, "/staff/leads/")})
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) == 3
    document.close()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "x"])
@pytest.mark.parametrize(
    "page", ["/staff/leads/?created_from={}&created_to={}", "/staff/audit/?since={}&until={}"]
)
def test_a_day_that_nobody_means_is_left_out(console: Console, page: str, day: str) -> None:
    client = console.client(console.person(Role.ADMIN))
    assert client.get(page.format(day, day)).status_code == 200
