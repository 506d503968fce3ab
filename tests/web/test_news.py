"""News in the console: counted before it is written, approved by a second person, watched."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from db import budget, reminders
from db.broadcast_tables import Broadcast
from db.rollups import thai_day
from db.session import transaction
from db.staff import Role
from tests.web.conftest import Console, token

Page = Callable[[FlaskClient, str], str]


def write(client: FlaskClient, **given: str) -> int:
    csrf = token(client, "/staff/news/new")
    data = {"csrf_token": csrf, "words": "เดือนนี้จ่ายได้ถึงสิ้นเดือนนะคะ", "province": "อุดรธานี", **given}
    return client.post("/staff/news/new", data=data).status_code


def act(client: FlaskClient, what: str) -> int:
    csrf = token(client, "/staff/news/new")
    return client.post(f"/staff/news/1/{what}", data={"csrf_token": csrf}).status_code


def state(console: Console) -> str:
    with transaction(console.engine) as session:
        return session.scalars(select(Broadcast.state)).one()


def test_one_writes_another_approves(console: Console, page: Page) -> None:
    console.lead()
    first = console.client(console.person(Role.SUPERVISOR, "อุดรธานี"))
    second = console.client(console.person(Role.SUPERVISOR, "อุดรธานี"))
    assert "1 คน" in page(first, "/staff/news/new?province=อุดรธานี")
    assert write(first) == 303
    assert "จ่ายได้ถึงสิ้นเดือน" in page(first, "/staff/news/1/")
    assert act(first, "approve") == 409
    assert state(console) == "draft"
    assert act(second, "approve") == 303
    assert state(console) == "gathering"
    assert act(second, "approve") == 409
    assert act(first, "stop") == 303
    assert state(console) == "stopped"
    assert act(first, "resume") == 303
    assert state(console) == "gathering"
    page(first, "/staff/news/1/")
    page(first, "/staff/news/")


def test_news_stays_within_my_provinces(console: Console) -> None:
    mine = console.client(console.person(Role.SUPERVISOR, "อุดรธานี"))
    assert write(mine, province="ขอนแก่น") == 422
    assert write(mine, province="") == 422
    assert write(mine) == 303
    other = console.client(console.person(Role.SUPERVISOR, "ขอนแก่น"))
    assert other.get("/staff/news/1/").status_code == 404
    assert act(other, "approve") == 404
    assert "จ่ายได้ถึง" not in other.get("/staff/news/").text


@pytest.mark.parametrize("words", ["", "ก" * 1001])
def test_news_has_words_and_not_too_many(console: Console, words: str) -> None:
    client = console.client(console.person(Role.ADMIN))
    assert write(client, words=words) == 422


def test_the_month_is_a_picture_with_a_forecast(console: Console, page: Page) -> None:
    with transaction(console.engine) as session:
        for back in range(10):
            day = thai_day(console.clock()) - timedelta(days=9 - back)
            budget.note_quota(session, day, 100 * (back + 1), 1000)
    shown = page(console.client(console.person(Role.ADMIN)), "/staff/news/")
    assert "1,000 / 1,000" in shown
    assert "1,500" in shown
    assert "จะไม่พอ" in shown


def test_a_change_of_the_law_is_drafted_from_the_facts_and_once(
    console: Console, page: Page
) -> None:
    console.clock.at = datetime(2025, 12, 20, 3, 0, tzinfo=UTC)
    with transaction(console.engine) as session:
        reminders.remind(session, "U1", "pay", console.clock(), {"day": "5"})
    local = console.client(console.person(Role.SUPERVISOR, "อุดรธานี"))
    assert "ตัวเลขของกฎหมาย" not in page(local, "/staff/news/")
    client = console.client(console.person(Role.ADMIN))
    assert "<strong>200</strong>" in page(client, "/staff/news/")
    for address, status in (("2026-01-01", 303), ("2026-01-01", 303), ("2026-01-02", 404)):
        csrf = token(client, "/staff/news/")
        sent = client.post(f"/staff/news/law/{address}", data={"csrf_token": csrf})
        assert sent.status_code == status
    assert state(console) == "draft"
    shown = page(client, "/staff/news/1/")
    assert "จาก 50 เป็น 200 " in shown
    assert "ไม่รับข่าว ค่ะ" not in shown
    page(client, "/staff/news/")
    assert local.get("/staff/news/1/").status_code == 404
    csrf = token(local, "/staff/news/new")
    assert local.post("/staff/news/law/2026-01-01", data={"csrf_token": csrf}).status_code == 404
