"""Campaigns in the console: made one by one or by a list, printed, shut outside one's provinces."""

import io
from collections.abc import Callable

import pypdfium2
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from db import budget, touches
from db.campaigns import Campaign, normalise
from db.session import transaction
from db.staff import Role
from tests.web.conftest import Console, token

Page = Callable[[FlaskClient, str], str]
GIVEN = {
    "province": "อุดรธานี",
    "district": "เมืองอุดรธานี",
    "tambon": "หมากแข้ง",
    "kind": "village",
    "name": "บ้านหนองบัว",
    "starts_on": "2026-11-01",
    "target": "40",
}


@pytest.fixture
def client(console: Console) -> FlaskClient:
    with transaction(console.engine) as session:
        budget.note_account(session, "@999test", console.clock())
    return console.client(console.person(Role.OFFICER, "อุดรธานี"))


def make(client: FlaskClient, **changed: str) -> tuple[int, str]:
    csrf = token(client, "/staff/campaigns/new?province=อุดรธานี")
    answer = client.post("/staff/campaigns/new", data={**GIVEN, **changed, "csrf_token": csrf})
    return answer.status_code, answer.text


def made(console: Console) -> list[Campaign]:
    with transaction(console.engine) as session:
        found = list(session.scalars(select(Campaign).order_by(Campaign.name)))
        session.expunge_all()
    return found


def test_an_officer_makes_a_code_and_prints_it(
    console: Console, client: FlaskClient, page: Page
) -> None:
    assert make(client)[0] == 303
    (campaign,) = made(console)
    assert normalise(campaign.code) == campaign.code
    with transaction(console.engine) as session:
        touches.touch(session, "U1", campaign.code, console.clock())
    assert "บ้านหนองบัว" in page(client, "/staff/campaigns/")
    shown = page(client, f"/staff/campaigns/{campaign.code}/")
    assert "%40999test" in shown
    for paper in ("poster.pdf", "card.pdf"):
        answer = client.get(f"/staff/campaigns/{campaign.code}/{paper}")
        assert len(pypdfium2.PdfDocument(answer.data)) == 1
    picture = client.get(f"/staff/campaigns/{campaign.code}/poster.png")
    assert Image.open(io.BytesIO(picture.data)).width == 1080


def test_a_list_of_villages_makes_a_code_each_and_one_file(
    console: Console, client: FlaskClient
) -> None:
    villages = "บ้านหนองบัว\nบ้านโนนสูง,หมู่ 4\n\nบ้านดอน"
    assert make(client, name="", villages=villages)[0] == 303
    assert [one.village for one in made(console)] == ["บ้านดอน", "บ้านหนองบัว", "บ้านโนนสูง"]
    answer = client.get("/staff/campaigns/posters.pdf?province=อุดรธานี&district=เมืองอุดรธานี")
    assert len(pypdfium2.PdfDocument(answer.data)) == 3


def test_what_does_not_fit_on_a_page_is_on_the_next_and_so_are_its_posters(
    client: FlaskClient, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.staff.pages.campaigns.PAGE_ROWS", 2)
    assert make(client, name="", villages="บ้านหนองบัว\nบ้านโนนสูง\nบ้านดอน")[0] == 303
    of_district = "province=อุดรธานี&district=เมืองอุดรธานี"
    first, second = (page(client, f"/staff/campaigns/?{of_district}&page={n}") for n in (1, 2))
    for village in ("บ้านหนองบัว", "บ้านโนนสูง", "บ้านดอน"):
        assert (village in first) is not (village in second)
    assert "page=2" in first
    assert "page=1" in second
    assert "page=3" not in second
    sizes = []
    for number in (1, 2):
        answer = client.get(f"/staff/campaigns/posters.pdf?{of_district}&page={number}")
        sizes.append(len(pypdfium2.PdfDocument(answer.data)))
    assert sizes == [2, 1]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"tambon": "ไม่มีจริง"}, "ไม่พบพื้นที่"),
        ({"province": "ขอนแก่น", "district": "", "tambon": ""}, "นอกพื้นที่"),
        ({"ends_on": "2026-10-01"}, "วันเริ่ม"),
        ({"kind": "x"}, "ชนิด"),
        ({"name": ""}, "ใส่ชื่อ"),
        ({"target": "หลายคน"}, "ตัวเลข"),
        ({"villages": "บ้านดอน\nบ้านดอน"}, "ซ้ำ"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_made(
    console: Console, client: FlaskClient, changed: dict[str, str], told: str
) -> None:
    status, text = make(client, **changed)
    assert status == 422
    assert told in text
    assert made(console) == []


def test_a_campaign_outside_my_provinces_does_not_exist(
    console: Console, client: FlaskClient
) -> None:
    make(client)
    (campaign,) = made(console)
    other = console.client(console.person(Role.OFFICER, "ขอนแก่น"))
    for paper in ("", "poster.pdf", "card.pdf", "poster.png"):
        assert other.get(f"/staff/campaigns/{campaign.code}/{paper}").status_code == 404
    assert "บ้านหนองบัว" not in other.get("/staff/campaigns/?province=อุดรธานี").text


def test_nothing_is_printed_before_the_account_is_known(console: Console) -> None:
    client = console.client(console.person(Role.ADMIN))
    make(client)
    (campaign,) = made(console)
    assert client.get(f"/staff/campaigns/{campaign.code}/poster.pdf").status_code == 503
    assert "oaMessage" not in client.get(f"/staff/campaigns/{campaign.code}/").text
