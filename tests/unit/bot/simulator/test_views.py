"""The simulator's app: the page, what it may ask for, and webhooks that reach a bot signed."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.serving import BaseWSGIServer, make_server

from bot.line.signature import valid
from bot.simulator.courier import Courier
from bot.simulator.login import CLIENT_ID
from bot.simulator.views import create_simulator
from bot.simulator.world import World

SECRET = "secret-of-the-channel"


class Bot:
    """A bot that notes what it gets and answers with the next of `statuses`."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.got: list[tuple[bool, list[dict[str, Any]]]] = []
        self.arrived = threading.Semaphore(0)

    def app(self) -> Flask:
        app = Flask("bot")

        @app.post("/callback")
        def callback() -> Response:
            body = request.get_data()
            signed = valid([SECRET], body, request.headers.get("x-line-signature"))
            self.got.append((signed, json.loads(body)["events"]))
            self.arrived.release()
            return Response("", self.statuses.pop(0) if self.statuses else 200)

        return app

    def wait(self) -> list[dict[str, Any]]:
        assert self.arrived.acquire(timeout=10)
        return self.got[-1][1]


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def server(bot: Bot) -> Iterator[BaseWSGIServer]:
    made = make_server("127.0.0.1", 0, bot.app(), threaded=True)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def world() -> World:
    made = World(SECRET, "token")
    made.add_person("สมศรี", "🙂")
    return made


@pytest.fixture
def page(world: World, server: BaseWSGIServer) -> FlaskClient:
    courier = Courier(world, f"http://127.0.0.1:{server.server_port}/callback")
    return create_simulator(world, courier).test_client()


def says(page: FlaskClient, world: World, **action: Any) -> int:
    person = next(iter(world.people))
    body = {"kind": "text", "text": "สวัสดี", "chat": person, "person": person, **action}
    return page.post("/api/do", json=body).status_code


def test_what_is_typed_reaches_the_bot_signed(page: FlaskClient, world: World, bot: Bot) -> None:
    assert says(page, world) == 200
    assert bot.wait()[0]["message"]["text"] == "สวัสดี"
    assert bot.got[-1][0]


def test_a_forged_webhook_has_a_wrong_signature(page: FlaskClient, world: World, bot: Bot) -> None:
    says(page, world, forged=True)
    bot.wait()
    assert not bot.got[-1][0]


def test_a_webhook_that_failed_comes_again_as_the_same_event(
    page: FlaskClient, world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.simulator.courier.REDELIVER_AFTER_S", (0.05,))
    bot.statuses = [500]
    says(page, world)
    first, second = bot.wait()[0], bot.wait()[0]
    assert second["webhookEventId"] == first["webhookEventId"]
    assert second["replyToken"] == first["replyToken"]
    assert second["deliveryContext"] == {"isRedelivery": True}


def test_who_blocked_can_write_nothing(page: FlaskClient, world: World, bot: Bot) -> None:
    says(page, world, kind="unfollow")
    bot.wait()
    assert says(page, world) == 400
    assert says(page, world, kind="follow") == 200
    assert bot.wait()[0]["follow"]["isUnblocked"]


def test_the_page_is_told_only_what_changed(page: FlaskClient, world: World, bot: Bot) -> None:
    first = page.get("/api/state").get_json()
    assert page.get(f"/api/state?since={first['version']}").status_code == 204
    says(page, world)
    second = page.get(f"/api/state?since={first['version']}").get_json()
    assert [e["message"]["text"] for e in second["chats"][0]["entries"]] == ["สวัสดี"]
    bot.wait()


@pytest.mark.parametrize(
    "action",
    [{"kind": "nonsense"}, {"kind": "text"}, {"kind": "location", "latitude": "x"}, {}],
)
def test_an_odd_wish_is_refused(page: FlaskClient, world: World, action: dict[str, str]) -> None:
    person = next(iter(world.people))
    assert (
        page.post("/api/do", json={"chat": person, "person": person, **action}).status_code == 400
    )
    assert page.post("/api/do", json={"kind": "text", "chat": "x"}).status_code == 400


def test_another_sites_form_can_do_nothing(page: FlaskClient) -> None:
    assert page.post("/api/do", data="{}", content_type="text/plain").status_code == 400


def test_every_file_of_the_page_is_there_and_nothing_is_inline(page: FlaskClient) -> None:
    with page.get("/") as first:
        html = first.get_data(as_text=True)
        policy = first.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    files = [part for part in html.split('"') if part.startswith("static/")]
    for file in files:
        with page.get(f"/{file}") as found:
            assert found.status_code == 200
    assert len(files) >= 6
    assert "style=" not in html
    assert "onclick" not in html


def test_line_is_answered_below_the_same_roof(page: FlaskClient, world: World) -> None:
    bearer = {"authorization": "Bearer token"}
    assert page.get("/line/v2/bot/info", headers=bearer).get_json()["userId"] == world.bot_id
    assert page.get("/line/v2/bot/info").status_code == 401
    assert page.get("/line/v2/bot/nonsense", headers=bearer).status_code == 404


def test_line_login_tells_the_bot_who_opened_its_page(page: FlaskClient, world: World) -> None:
    person = next(iter(world.people))
    wish = {"kind": "idToken", "chat": person, "person": person}
    token = page.post("/api/do", json=wish).get_json()["token"]
    form = {"id_token": token, "client_id": CLIENT_ID}
    assert page.post("/line/oauth2/v2.1/verify", data=form).get_json()["sub"] == person
    spoilt = page.post("/line/oauth2/v2.1/verify", data=form | {"client_id": "other"})
    assert (spoilt.status_code, spoilt.get_json()["error"]) == (400, "invalid_request")
