"""A receipt's QR and calendar file over HTTP: ours are served, guesses are not."""

import io
from datetime import UTC, date, datetime

import pytest
import segno
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import create_engine

from bot import receipts
from bot.line.render import render
from bot.receipts import ReceiptLinks
from bot.tools import DatabaseTools
from nlp import understand
from tests.unit.handlers.fakes import STRAIGHT, new_chat

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
SECRET = "a secret key of the test, long enough"
REFERENCE = "S40-7K3M-9QX2"
DUE = date(2026, 11, 30)
LINKS = ReceiptLinks(SECRET)


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("bot")
    receipts.register(app, SECRET, lambda: NOW)
    return app.test_client()


def test_the_picture_is_the_qr_of_the_reference(client: FlaskClient) -> None:
    response = client.get(LINKS.picture(REFERENCE))
    assert response.status_code == 200
    assert response.mimetype == "image/png"
    wanted = [list(row) for row in segno.make_qr(REFERENCE, error="m").matrix_iter(border=4)]
    with Image.open(io.BytesIO(response.data)) as image:
        cell = image.width // len(wanted)
        grey = image.convert("L")
        middle = range(cell // 2, image.width, cell)
        assert [[int(grey.getpixel((x, y)) == 0) for x in middle] for y in middle] == wanted


def test_only_the_phone_keeps_the_picture_and_nobody_the_day(client: FlaskClient) -> None:
    cached = client.get(LINKS.picture(REFERENCE)).headers["Cache-Control"]
    assert "private" in cached
    assert "public" not in cached
    assert client.get(LINKS.calendar(REFERENCE, DUE)).headers["Cache-Control"] == "no-store"


def test_the_calendar_file_holds_one_whole_day(client: FlaskClient) -> None:
    response = client.get(LINKS.calendar(REFERENCE, DUE))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    raw = response.data
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    lines = raw.decode().replace("\r\n ", "").split("\r\n")
    assert lines.count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20261130" in lines
    assert "DTEND;VALUE=DATE:20261201" in lines
    assert "SUMMARY:เจ้าหน้าที่ประกันสังคมจะโทรหา" in lines
    assert any(line.startswith("DESCRIPTION:") and REFERENCE in line for line in lines)


@pytest.mark.parametrize("kind", ["picture", "calendar"])
def test_an_address_we_did_not_make_is_not_found(client: FlaskClient, kind: str) -> None:
    def made(links: ReceiptLinks) -> str:
        path = links.picture(REFERENCE) if kind == "picture" else links.calendar(REFERENCE, DUE)
        return path.partition("?")[0]

    path = made(LINKS)
    stem, dot, ending = path.rpartition(".")
    last = "0" if stem[-1] != "0" else "1"
    wrong = [
        made(ReceiptLinks(SECRET + "x")),
        path.replace("7K3M", "7K3N"),
        path.replace("20261130", "20261201") if kind == "calendar" else path.lower(),
        stem[:-1] + last + dot + ending,
        stem.rpartition("-")[0] + dot + ending,
        stem + "ก" + dot + ending,
        stem.rpartition("/")[0] + "/-." + ending,
    ]
    assert client.get(path).status_code == 200
    assert [client.get(one).status_code for one in wrong] == [404] * len(wrong)


def test_the_key_of_one_kind_does_not_open_the_other(client: FlaskClient) -> None:
    name = LINKS.picture(f"{REFERENCE}-20261130").rpartition("/")[2].removesuffix(".png")
    assert client.get(f"/calendar/{name}.ics").status_code == 404


def _tools(links: ReceiptLinks | None) -> DatabaseTools:
    return DatabaseTools(create_engine("sqlite://"), understand, "U1", NOW, receipts=links)


def test_what_the_conversation_is_given_is_served(client: FlaskClient) -> None:
    tools = _tools(LINKS)
    paths = [tools.receipt_picture(REFERENCE), tools.receipt_calendar(REFERENCE, DUE)]
    assert [client.get(path).status_code for path in paths] == [200, 200]


def test_without_a_key_there_is_no_address() -> None:
    tools = _tools(None)
    assert tools.receipt_picture(REFERENCE) == tools.receipt_calendar(REFERENCE, DUE) == ""


def test_the_receipt_shows_both_only_where_the_public_address_is_known() -> None:
    chat = new_chat()
    chat.say("สมัคร")
    for _, text in STRAIGHT:
        chat.say(text)
    replies = chat.say("[ส่งเลย]").replies
    card = render(replies, "https://bot.example")[0]["contents"]
    assert card["hero"]["url"].startswith("https://bot.example/pictures/qr/S40-")
    [button] = card["footer"]["contents"]
    assert button["action"]["uri"].startswith("https://bot.example/calendar/S40-")
    bare = render(replies, "")[0]["contents"]
    assert "hero" not in bare
    assert "footer" not in bare
