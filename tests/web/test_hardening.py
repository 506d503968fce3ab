"""What else a console must not do: change by looking, reach what others made, keep old hashes."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask_security.utils import get_hmac
from sqlalchemy import select

from bot.staff import masks
from bot.staff.setup import ARGON2
from db import broadcasts, bulk_jobs
from db.audit import AuditRow
from db.bulk_jobs import Wish
from db.campaigns import Campaign
from db.lead_search import Filters, Scope
from db.models import metadata
from db.requests import StaffRequest
from db.session import reading, transaction
from db.staff import Role, SavedView, Staff, sessions_of
from tests.web.conftest import PASSWORD, Console, sign_in, token
from tests.web.test_guard import routes

HERE, THERE = "อุดรธานี", "ยะลา"
CODE = "23456787"
FORM = {"note": "x", "version": "0", "number": "1", "act": "invite", "text": "x"}
KEPT_BY_LOOKING = {"audit", "staff_sessions"}
LOOKING_LENDS = {"registrations": {"lease_by", "lease_until"}}
"""An opened lead is lent to who opened it, so that two don't call the same person."""


def stored(console: Console) -> dict[str, list[tuple[Any, ...]]]:
    """All that is in the database, but for what looking leaves behind."""
    found = {}
    with reading(console.engine) as session:
        for table in metadata.sorted_tables:
            if table.name not in KEPT_BY_LOOKING:
                lent = LOOKING_LENDS.get(table.name, set())
                columns = [column for column in table.columns if column.name not in lent]
                found[table.name] = [tuple(row) for row in session.execute(select(*columns))]
    return found


def event(console: Console, province: str) -> None:
    """An event with a code."""
    with transaction(console.engine) as session:
        session.add(
            Campaign(
                code=CODE,
                kind="event",
                name="งานทดสอบ",
                province=province,
                starts_on=date(2026, 1, 1),
                created_at=console.clock(),
            )
        )


def test_nothing_is_changed_by_an_address_that_is_only_opened(console: Console) -> None:
    console.lead()
    event(console, HERE)
    client = console.client(console.person(Role.ADMIN))
    client.get("/staff/leads/")
    before = stored(console)
    for endpoint, (method, path) in routes(console).items():
        if method == "GET" and endpoint != "security.logout":
            client.get(path.replace("none", CODE)).close()
            assert stored(console) == before, endpoint


def made_there(console: Console) -> dict[str, str]:
    """One of everything, made by somebody of another province: its addresses, by name."""
    console.lead("S40-TEST-0009", province=THERE, user_id="U" + "9" * 32)
    event(console, THERE)
    other = console.person(Role.SUPERVISOR, THERE)
    console.client(other)
    with transaction(console.engine) as session:
        view = SavedView(staff=other.id, name="x", filters="{}")
        asked = StaffRequest(id="r9", user="U" + "9" * 32, why="x", asked_at=console.clock())
        session.add_all([view, asked])
        wish = Wish("message", "thanks", Filters(), Scope((THERE,)))
        bulk_jobs.ask(session, wish, other.id, 1, console.clock())
        news = broadcasts.draft(session, "ข่าว", {"province": THERE}, other.id, console.clock())
        session.flush()
        job = session.scalars(select(bulk_jobs.BulkJob.id)).one()
        login = sessions_of(session, other.id, console.clock())[0].id
        return {
            "GET lead": "/staff/leads/S40-TEST-0009/",
            "POST lead": "/staff/leads/S40-TEST-0009/note",
            "POST view": f"/staff/views/{view.id}/delete",
            "POST job": f"/staff/bulk/{job}/stop",
            "POST session": f"/staff/account/sessions/{login}/end",
            "GET news": f"/staff/news/{news.id}/",
            "POST news": f"/staff/news/{news.id}/approve",
            "GET campaign": f"/staff/campaigns/{CODE}/",
            "GET poster": f"/staff/campaigns/{CODE}/poster.pdf",
            "POST volunteer": f"/staff/campaigns/{CODE}/volunteer",
            "GET event": f"/staff/campaigns/{CODE}/queue/",
            "POST event": f"/staff/campaigns/{CODE}/queue/",
            "GET request": "/staff/requests/r9/talk",
            "POST request": "/staff/requests/r9/answer",
        }


def test_what_others_made_elsewhere_is_not_found_by_its_number(console: Console) -> None:
    addresses = made_there(console)
    client = console.client(console.person(Role.SUPERVISOR, HERE))
    csrf = token(client, "/staff/account/")
    before = stored(console)
    for name, path in addresses.items():
        method = name.partition(" ")[0]
        data = {"csrf_token": csrf, **FORM} if method == "POST" else None
        assert client.open(path, method=method, data=data).status_code == 404, name
    assert stored(console) == before
    theirs = console.client(console.person(Role.SUPERVISOR, THERE))
    assert theirs.get(addresses["GET lead"]).status_code == 200
    assert theirs.get(addresses["GET event"]).status_code == 200
    assert theirs.get(addresses["GET news"]).status_code == 200


def test_a_hash_of_weaker_days_is_made_anew_at_sign_in(console: Console) -> None:
    person = console.person(Role.OFFICER, HERE)
    context = console.app.extensions["security"].pwd_context
    with console.app.app_context():
        weak = context.copy(argon2__memory_cost=8_192).hash(get_hmac(PASSWORD))
    with transaction(console.engine) as session:
        session.get_one(Staff, person.id).password = weak
    assert "m=8192" in weak
    console.client(person)
    with reading(console.engine) as session:
        assert f"m={ARGON2['argon2__memory_cost']}," in session.get_one(Staff, person.id).password


def test_ending_a_session_asks_who_sits_there(console: Console) -> None:
    person = console.person(Role.OFFICER, HERE)
    other = console.client(person)
    with transaction(console.engine) as session:
        session.get_one(Staff, person.id).last_totp_step = None
        target = sessions_of(session, person.id, console.clock())[0].id
    mine = console.client(person)
    console.app.config["SECURITY_FRESHNESS"] = timedelta(microseconds=1)
    data = {"csrf_token": token(mine, "/staff/account/")}
    answer = mine.post(f"/staff/account/sessions/{target}/end", data=data)
    assert answer.location.startswith("/staff/verify")
    assert other.get("/staff/leads/").status_code == 200
    data = {"csrf_token": token(mine, answer.location), "password": PASSWORD}
    assert mine.post(answer.location, data=data).location.endswith("/staff/account/")
    console.app.config["SECURITY_FRESHNESS"] = timedelta(minutes=15)
    data = {"csrf_token": token(mine, "/staff/account/")}
    mine.post(f"/staff/account/sessions/{target}/end", data=data)
    assert other.get("/staff/leads/").status_code == 302


def test_a_new_phone_is_set_up_only_by_an_administrator_and_logged(console: Console) -> None:
    officer = console.person(Role.OFFICER, HERE)
    admin = console.client(console.person(Role.ADMIN))
    csrf = token(admin, "/staff/people/")
    admin.post(f"/staff/people/{officer.id}/renew", data={"csrf_token": csrf})
    with reading(console.engine) as session:
        row = session.get_one(Staff, officer.id)
        assert (row.tf_totp_secret, row.recovery_codes_json) == (None, "[]")
        logged = session.scalars(select(AuditRow.detail).where(AuditRow.action == "person"))
        assert f"renew {officer.email}" in list(logged)
    assert sign_in(console.app.test_client(), officer).status_code == 200


@pytest.mark.parametrize("mark", ["่้", "\u0300" * 40, "👩‍👩‍👧‍👦"])
def test_long_names_are_cut_between_letters(mark: str) -> None:
    name = f"ก{mark}" * 100
    cut = masks.short(name, 11)
    assert cut.removesuffix("…") in {f"ก{mark}" * 5, f"ก{mark}" * 10}


def test_an_auditor_reads_the_log_and_no_lead(console: Console) -> None:
    console.lead()
    client = console.client(console.person(Role.AUDITOR))
    assert client.get("/staff/audit/").status_code == 200
    for path in ("/staff/leads/", "/staff/leads/S40-TEST-0001/", "/staff/dashboard/"):
        assert client.get(path).status_code == 404, path
