"""The public figures: no session, no small cells, the same numbers as page, CSV and JSON."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from bot.outreach import public
from db import tallies
from db.session import transaction
from tests.web.conftest import Console, check


@pytest.fixture
def client(console: Console) -> FlaskClient:
    app = Flask("public")
    public.register(app, console.engine, lambda: datetime(2026, 11, 25, 3, tzinfo=UTC))
    _fill(console.engine, "เมืองอุดรธานี", 120)
    _fill(console.engine, "กุมภวาปี", 3)
    _fill(console.engine, "หนองหาน", 9)
    return app.test_client()


def _fill(engine: Engine, district: str, number: int) -> None:
    flow = ("submitted", tallies.PLACE, date(2026, 11, 20), "อุดรธานี", f"{district}|x")
    with transaction(engine) as session:
        tallies.add_leads(session, {flow: number})


def test_page_json_and_csv_tell_the_same(client: FlaskClient) -> None:
    page = client.get("/open/?province=อุดรธานี")
    check(page.text)
    assert "Set-Cookie" not in page.headers
    assert "public" in page.headers["Cache-Control"]
    told = client.get("/open/progress.json?province=อุดรธานี").get_json()
    rows = {row["name"]: row["submitted"] for row in told["rows"]}
    assert rows == {"อุดรธานี": 130, "เมืองอุดรธานี": 120, "กุมภวาปี": None, "หนองหาน": 5}
    text = client.get("/open/progress.csv?province=อุดรธานี").data.decode("utf-8-sig")
    lines = {row["name"]: row["submitted"] for row in csv.DictReader(io.StringIO(text))}
    assert lines == {name: "" if n is None else str(n) for name, n in rows.items()}
    assert "130" in page.text
    assert "120" in page.text


def test_the_country_lists_provinces(client: FlaskClient) -> None:
    check(client.get("/open/").text)
    told = client.get("/open/progress.json").get_json()
    assert [row["name"] for row in told["rows"]] == ["ทั้งประเทศ", "อุดรธานี"]


def test_an_unknown_province_is_not_there(client: FlaskClient) -> None:
    for path in ("/open/", "/open/progress.json", "/open/progress.csv"):
        assert client.get(f"{path}?province=x").status_code == 404
