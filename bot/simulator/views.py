"""The simulator as a small app of its own: LINE's endpoints, and the page that plays a phone."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response, request, send_from_directory

from bot.simulator import doings
from bot.simulator.api import LineApi
from bot.simulator.courier import Courier
from bot.simulator.http import Request
from bot.simulator.schema import Json
from bot.simulator.world import Chat, Person, World

STATIC = Path(__file__).parent / "static"
MAX_BODY_BYTES = 3 * 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


def create_simulator(world: World, courier: Courier) -> Flask:
    """The WSGI app, to be mounted somewhere below the bot's own."""
    app = Flask("simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    _serve_page(app)
    _serve_state(app, world, courier)
    _serve_line(app, LineApi(world))

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return app


def _serve_page(app: Flask) -> None:
    @app.get("/")
    def page() -> Response:
        return send_from_directory(STATIC, "index.html", max_age=0)

    @app.get("/static/<path:name>")
    def static_file(name: str) -> Response:
        return send_from_directory(STATIC, name, max_age=0)


def _serve_state(app: Flask, world: World, courier: Courier) -> None:
    @app.get("/api/state")
    def state() -> Response | tuple[str, int]:
        since = request.args.get("since", 0, type=int)
        with world.open():
            if since == world.version:
                return "", 204
            return _json(snapshot(world, since))

    @app.post("/api/do")
    def do() -> Response | tuple[Response, int]:
        # Only a page of this origin can send JSON without the browser asking first.
        action = request.get_json(silent=True) if request.is_json else None
        if not isinstance(action, dict):
            return _json({"error": "JSON is needed"}), 400
        try:
            with world.open():
                return _json(doings.do(world, courier, action))
        except doings.Odd as error:
            return _json({"error": str(error)}), 400

    @app.get("/menu/<menu_id>")
    def menu_image(menu_id: str) -> Response | tuple[str, int]:
        menu = world.menus.get(menu_id)
        if menu is None or not menu.pictured:
            return "", 404
        return Response(menu.picture(), content_type=menu.content_type)


def _serve_line(app: Flask, api: LineApi) -> None:
    @app.route("/line/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
    def line(path: str) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Request(
            request.method, f"/{path}", headers, request.get_data(), request.args.to_dict()
        )
        answer = api.answer(call)
        return Response(
            answer.content(), answer.status, answer.headers, content_type=answer.content_type
        )


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value), content_type="application/json")


def snapshot(world: World, since: int) -> Json:
    """What the page draws: everything that changed after version `since`."""
    return {
        "epoch": world.epoch,
        "version": world.version,
        "ownUrl": world.own_https() if world.own_url else "",
        "refusals": world.refusals,
        "quota": world.quota,
        "pushed": world.pushed,
        "people": [_person(world, p) for p in world.people.values() if p.changed > since],
        "chats": [_chat(world, chat, since) for chat in world.chats.values()],
        "menus": {menu.id: menu.request for menu in world.menus.values() if menu.pictured},
        "calls": [asdict(call) for call in world.calls if call.version > since],
    }


def _person(world: World, person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "face": person.face,
        "friend": person.friend,
        "blocked": person.blocked,
        "menu": world.menu_of(person),
    }


def _chat(world: World, chat: Chat, since: int) -> Json:
    return {
        "id": chat.id,
        "kind": chat.kind,
        "name": chat.name,
        "members": chat.members,
        "botIn": chat.bot_in,
        "loadingMs": max(0, int((chat.loading_until - world.clock()) * 1000)),
        "entries": [asdict(entry) for entry in chat.entries if entry.changed > since],
    }
