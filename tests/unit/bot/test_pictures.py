"""The savings charts over HTTP: drawn once, kept by browsers, bounded."""

import io
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from bot import pictures
from nlp.answers import answer
from nlp.chart import HEIGHT, WIDTH
from nlp.intents import Intent
from nlp.understanding import Entities

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("bot")
    pictures.register(app, lambda: NOW)
    return app.test_client()


def test_the_charts_that_answers_show_are_served(client: FlaskClient) -> None:
    told = answer(
        Intent.BENEFIT_OLD_AGE, Entities(months=240, amount=10**6), today=date(2026, 11, 25)
    )
    paths = [card.image for card in told.cards]
    assert len(paths) == 2
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200
        with Image.open(io.BytesIO(response.data)) as image:
            assert image.size == (WIDTH, HEIGHT)


def test_a_chart_is_kept_and_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/pictures/savings-3-20-500.png")
    assert "public" in first.headers["Cache-Control"]
    assert "max-age=" in first.headers["Cache-Control"]
    assert len(first.data) <= 200_000
    again = client.get(
        "/pictures/savings-3-20-500.png", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["1-20-0", "3-0-0", "3-99-0", "3-20-99999", "3-20--5", "x-1-1"])
def test_a_chart_no_answer_shows_is_not_drawn(client: FlaskClient, name: str) -> None:
    assert client.get(f"/pictures/savings-{name}.png").status_code == 404
