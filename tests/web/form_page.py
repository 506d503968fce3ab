"""The form page for tests: the app, LINE played over HTTP, a worker run by hand, and browsers."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.clock import ms_of
from bot.config import read_config
from bot.deciding import HandlersDecider
from bot.effects import apply
from bot.simulator import login
from bot.simulator.courier import Courier
from bot.simulator.views import create_simulator
from bot.simulator.world import Person, World
from bot.turns import new_state, take_turn
from db import conversations, inbox
from db.inbox import NewEvent
from db.session import reading, transaction
from handlers.conversation import Conversation
from tests.unit.handlers.fakes import STRAIGHT, understand

FORM = "/liff/form"


@dataclass
class FormPage:
    """What is under test. `pushed`: the messages that the worker would have sent."""

    app: Any
    engine: Engine
    world: World
    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    pushed: list[dict[str, Any]] = field(default_factory=list)

    def person(self, name: str) -> Person:
        return self.world.add_person(name, "🙂")

    def browser(self, person: Person) -> FlaskClient:
        """A phone on which this person has opened the page in LINE."""
        client: FlaskClient = self.app.test_client()
        answer = sign_in(client, login.id_token(self.world, person))
        assert answer.status_code == 303, answer.text
        return client

    def work(self) -> None:
        """The worker handles what waits, as it does: decide, then write all in one transaction."""
        decider = HandlersDecider(self.engine, understand, lambda: "", "https://liff.line.me/1-x/")
        now = ms_of(self.at)
        for person in self.world.people.values():
            while True:
                with reading(self.engine) as session:
                    waiting = inbox.pending(session, [person.id], 8)
                    state = conversations.load(session, [person.id]).get(person.id)
                if not waiting:
                    break
                turn = take_turn(decider, state or new_state(person.id, 0, now), waiting, now, 0)
                assert not turn.failed
                with transaction(self.engine) as session:
                    for event, effects in turn.wishes:
                        apply(session, turn.talk, event, effects)
                    conversations.save(session, [turn.state], now)
                    inbox.finish(session, turn.done, turn.dead, now)
                for row in turn.rows:
                    self.pushed += orjson.loads(row.body)["messages"]

    def say(self, person: Person, text: str) -> str:
        """A text in the chat; what the bot answers, as JSON."""
        self.pushed.clear()
        self.at += timedelta(seconds=1)
        event = {
            "type": "message",
            "webhookEventId": f"chat-{ms_of(self.at)}",
            "timestamp": ms_of(self.at),
            "source": {"type": "user", "userId": person.id},
            "replyToken": "t",
            "message": {"type": "text", "id": "1", "text": text},
        }
        new = NewEvent(str(event["webhookEventId"]), person.id, ms_of(self.at), orjson.dumps(event))
        with transaction(self.engine) as session:
            inbox.store(session, [new], ms_of(self.at))
        self.work()
        return orjson.dumps(self.pushed).decode()

    def talk(self, person: Person) -> Conversation:
        """The talk as the worker left it."""
        with reading(self.engine) as session:
            state = conversations.load(session, [person.id]).get(person.id)
        return Conversation.from_json(orjson.loads(state.state) if state else {})


def sign_in(client: FlaskClient, token: str) -> TestResponse:
    return client.post("/liff/session", data={"id_token": token})


def hidden(client: FlaskClient, path: str = FORM) -> dict[str, str]:
    """The hidden fields of the page's form."""
    text = client.get(path).text
    found = re.findall(r'name="(csrf_token|serial|once|nth)" value="([^"]*)"', text)
    return dict(found)


def save(client: FlaskClient, act: str = "save", **answers: str) -> TestResponse:
    """Fill in and press a button. `phone="081…"` types, `card_option="thai"` taps."""
    keys = hidden(client)
    named = {key.replace("_option", ".option"): text for key, text in answers.items()}
    return client.post(FORM, data={**keys, **named, "act": act})


OWN = {
    "name": "นางอรพรรณ ทองแท้",
    "phone": "0897654321",
    "id_number": "1101700230708",
    "address": "ต.หมากแข้ง อ.เมือง จ.อุดรธานี",
}
"""Nobody's whom the questions name as an example."""
TAPPED = {"consent": "self", "schemes": "none", "card": "thai", "option": "2"}


def straight(*, until: str = "") -> dict[str, str]:
    """The answers of one person as the page sends them: tapped or typed."""
    found: dict[str, str] = {}
    for step, text in STRAIGHT:
        if step == until:
            break
        found[f"{step}_option" if step in TAPPED else step] = TAPPED.get(step, OWN.get(step, text))
    if "contact_time" in found:
        found["contact_time_option"] = "evening"
        del found["contact_time"]
    return found


@contextmanager
def line_played(secret: str, token: str) -> Iterator[tuple[World, str]]:
    """LINE's Login endpoint on loopback, with its address."""
    world = World(secret, token, own_url="http://127.0.0.1")
    app = create_simulator(world, Courier(world, "http://127.0.0.1:9/callback"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield world, f"http://127.0.0.1:{server.server_port}/line"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving(engine: Engine, folder: Path, liff_id: str = "") -> Iterator[FormPage]:
    """The app on this engine, with LINE behind it."""
    with line_played("s" * 32, "t" * 32) as (world, address):
        settings = {"LINE_API_BASE_URL": address, "LIFF_ID": liff_id}
        config = read_config(settings, folder)
        page = FormPage(None, engine, world)
        page.app = create_app(config, engine, wake=lambda: None, now=lambda: page.at)
        page.app.config["TESTING"] = True
        yield page
