"""The savings charts over HTTP: at addresses nobody can guess, drawn once, kept by browsers."""

import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from bot import pictures
from handlers.replies import Replies, Say, Show
from nlp.answers import answer
from nlp.chart import HEIGHT, WIDTH
from nlp.intents import Intent
from nlp.understanding import Entities

TODAY = date(2026, 11, 25)
SECRET_KEY = "only for tests: 0123456789"
MAX_BYTES = 200_000


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("bot")
    pictures.register(app, SECRET_KEY)
    return app.test_client()


def charts(months: int = 240, *, key: str = SECRET_KEY) -> list[str]:
    """The addresses of the charts on the cards of an old-age answer."""
    told = answer(Intent.BENEFIT_OLD_AGE, Entities(months=months, amount=10**6), today=TODAY)
    said = Replies((Say("เงินชราภาพ"), Show(told.cards, "เงินชราภาพ")))
    signed = pictures.ChartLinks(key).signed(said, TODAY)
    assert signed.messages[0] == said.messages[0]
    shown = signed.messages[1]
    assert isinstance(shown, Show)
    return [card.image for card in shown.cards]


@pytest.mark.parametrize("months", [1, 240, 600])
def test_the_charts_that_answers_show_are_served(client: FlaskClient, months: int) -> None:
    paths = charts(months)
    assert len(paths) == 2
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200
        assert len(response.data) <= MAX_BYTES
        with Image.open(io.BytesIO(response.data)) as image:
            assert image.size == (WIDTH, HEIGHT)


def test_a_chart_is_kept_for_good_and_not_sent_twice(client: FlaskClient) -> None:
    path = charts()[0]
    first = client.get(path)
    kept = first.headers["Cache-Control"]
    assert all(word in kept for word in ("public", "immutable", "max-age="))
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_nobody_can_make_up_the_address_of_a_chart(client: FlaskClient) -> None:
    path = charts()[0]
    guesses = [
        path.replace("-20-", "-21-"),
        path.replace(str(TODAY), "2026-11-24"),
        path[:-8] + ("0000" if path[-8:-4] != "0000" else "1111") + ".png",
        path.rpartition("-")[0] + ".png",
        "/pictures/savings-3-20-500.png",
        "/pictures/-.png",
        "/pictures/ก.png",
        charts(key="another secret key 0123")[0],
    ]
    assert [client.get(guess).status_code for guess in guesses] == [404] * len(guesses)
