"""Every page is well made, empty and full; people are invited; figures fit the leads."""

import re
from collections.abc import Callable
from datetime import datetime

import geothai
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from bot.staff import charts
from db import campaigns, demo, event_queue, model_releases, questions
from db.rollups import thai_day
from db.session import reading, transaction
from db.staff import Role, sessions_of
from tests import counts, pages
from tests.web.conftest import PASSWORD, Console, check, sign_in, token

PAGES = (*pages.PAGES, "/staff/mf-recovery-codes")


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("full", [False, True])
def test_every_page_is_well_made(
    console: Console,
    page: Callable[[FlaskClient, str], str],
    language: str,
    *,
    full: bool,
) -> None:
    client = console.client(console.person(Role.ADMIN))
    client.post(
        "/staff/account/language",
        data={"language": language, "csrf_token": token(client, "/staff/account/")},
    )
    if full:
        demo.make(console.engine, 60, console.clock())
        with transaction(console.engine) as session:
            questions.note(session, "q/1", "ราคายางวันนี้", "refused", console.clock())
    with transaction(console.engine) as session:
        code = an_event(session, console.clock())
    for path in (*PAGES, *(path.format(code=code) for path in pages.OF_A_CODE)):
        text = page(client, path)
        assert f'<html lang="{language}">' in text


def an_event(session: Session, now: datetime) -> str:
    """The code of an event of today in Udon Thani, with one who waits."""
    made = campaigns.create(
        session,
        kind="event",
        name="งานวัดทดสอบ",
        province="อุดรธานี",
        district="เมืองอุดรธานี",
        starts_on=thai_day(now),
        now=now,
    )
    event_queue.check_in(session, made.code, "U" + "7" * 32, now)
    return made.code


def test_the_counts_fit_the_leads_they_are_made_of(console: Console) -> None:
    demo.make(console.engine, 300, console.clock())
    with reading(console.engine) as session:
        assert counts.filed(console.engine) == counts.recounted(session)


def test_an_invited_person_sets_a_password_once_and_a_phone(console: Console) -> None:
    admin = console.client(console.person(Role.ADMIN))
    shown = admin.post(
        "/staff/people/",
        data={
            "csrf_token": token(admin, "/staff/people/"),
            "name": "ใหม่",
            "email": "new@sso.example",
            "role": "officer",
            "provinces": "อุดรธานี",
        },
    )
    check(shown.text)
    assert '<span class="dim sub">new@sso.example</span>' in shown.text
    link = shown.text.split('class="secret">http://localhost')[1].split("<")[0]
    fresh = console.app.test_client()
    data = {"password": PASSWORD, "password_confirm": PASSWORD}
    csrf = token(fresh, link)
    assert fresh.post(link, data={"csrf_token": csrf, **data}).status_code == 302
    again = console.app.test_client().get(link, follow_redirects=True)
    assert again.request.path != link
    csrf = token(fresh, "/staff/login")
    answer = fresh.post(
        "/staff/login",
        data={"email": "new@sso.example", "password": PASSWORD, "csrf_token": csrf},
    )
    assert "/staff/tf-setup" in answer.location


def test_nobody_changes_their_own_rights(console: Console) -> None:
    admin, _other = console.person(Role.ADMIN), console.person(Role.ADMIN)
    client = console.client(admin)
    csrf = token(client, "/staff/people/")
    for action, data in (("change", {"role": "editor"}), ("active", {"active": "0"})):
        answer = client.post(
            f"/staff/people/{admin.id}/{action}", data={"csrf_token": csrf, **data}
        )
        assert answer.status_code == 400, action


def test_switching_somebody_off_ends_sessions_and_frees_leads(console: Console) -> None:
    console.lead()
    officer = console.person(Role.OFFICER, "อุดรธานี")
    theirs = console.client(officer)
    theirs.post(
        "/staff/leads/S40-TEST-0001/assign",
        data={"csrf_token": token(theirs, "/staff/leads/"), "to": "me", "version": "0"},
    )
    assert console.stored("S40-TEST-0001").assigned_to == officer.id
    admin = console.client(console.person(Role.ADMIN))
    admin.post(
        f"/staff/people/{officer.id}/active",
        data={"csrf_token": token(admin, "/staff/people/"), "active": "0"},
    )
    with reading(console.engine) as session:
        assert sessions_of(session, officer.id, console.clock()) == []
    assert theirs.get("/staff/leads/").status_code == 302
    assert console.stored("S40-TEST-0001").assigned_to is None
    assert sign_in(console.app.test_client(), officer).status_code == 200


def test_a_viewer_sees_figures_of_their_provinces_and_no_way_to_a_lead(console: Console) -> None:
    console.lead(province="อุดรธานี")
    console.lead("S40-TEST-0002", province="ยะลา", option=3)
    client = console.client(console.person(Role.VIEWER, "อุดรธานี"))
    text = client.get("/staff/dashboard/").text
    assert "/staff/leads" not in text
    assert "อุดรธานี: 1" in text
    assert "ยะลา: 0" in text
    table = client.get("/staff/dashboard/figures.csv").text
    assert "ยะลา" not in table
    outside = client.get("/staff/dashboard/?province=ยะลา").text
    assert "ยะลา: 0" in outside


def test_the_map_has_every_province_once() -> None:
    names = [tile.name for tile in charts.tiles({}, {})]
    assert sorted(names) == sorted(one.name_th for one in geothai.provinces())


def test_a_labelled_question_leaves_the_list(console: Console) -> None:
    with transaction(console.engine) as session:
        questions.note(session, "q/1:x", "ราคายางวันนี้", "refused", console.clock())
    client = console.client(console.person(Role.EDITOR))
    assert "ราคายางวันนี้" in client.get("/staff/questions/").text
    data = {
        "csrf_token": token(client, "/staff/questions/"),
        "label": "out_of_scope",
        "question": "q/1:x",
    }
    assert client.post("/staff/questions/label", data=data).status_code == 303
    assert "ราคายางวันนี้" not in client.get("/staff/questions/").text


def test_questions_that_are_alike_are_labelled_together(console: Console) -> None:
    with transaction(console.engine) as session:
        for number, words in enumerate(("ราคายางวันนี้เท่าไหร่", "ราคายางวันนี้เท่าไร", "จำนำข้าวที่ไหน")):
            questions.note(session, f"q/{number}", words, "unknown", console.clock())
    client = console.client(console.person(Role.EDITOR))
    shown = client.get("/staff/questions/").text
    assert shown.count("<details>") == 1
    form = next(one for one in shown.split("<form") if one.count('name="question"') == 2)
    assert set(re.findall(r'name="question" value="([^"]+)"', form)) == {"q/0", "q/1"}


def test_a_training_is_wished_for_once_shown_with_its_marks_and_taken_back(
    console: Console,
) -> None:
    with transaction(console.engine) as session:
        questions.note(session, "q/1", "ราคายางวันนี้", "unknown", console.clock())
        session.get_one(questions.UnansweredQuestion, "q/1").label = "out_of_scope"
    client = console.client(console.person(Role.EDITOR))
    data = {"csrf_token": token(client, "/staff/questions/")}
    for _ in range(2):
        assert client.post("/staff/questions/learn", data=data).status_code == 303
    with transaction(console.engine) as session:
        (one,) = model_releases.newest(session)
        number = model_releases.start(session, "own", 1, console.clock())
        assert number == one.id
        pair = {"lines": 10, "right": [0.9, 0.953], "wrong": [0.1, 0.0]}
        marks = {"learnt": 1, "test": pair, "kept": pair}
        model_releases.end(session, one.id, "released", marks, b"a model", console.clock())
    shown = client.get("/staff/questions/").text
    assert "95.3 %" in shown
    assert "ใช้แล้ว" in shown
    assert client.post(f"/staff/questions/trainings/{number}/back", data=data).status_code == 303
    assert "เลิกใช้แล้ว" in client.get("/staff/questions/").text
