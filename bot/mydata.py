"""GET /my-data/<secret>: a copy of all that is held on a person, by the short-lived link they
got.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, abort, current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.clock import utc
from db import (
    conversations,
    event_queue,
    help_wishes,
    inbox,
    links,
    outbox,
    people,
    reminders,
    subject,
    touches,
    volunteers,
)
from db.session import reading

mydata = Blueprint("mydata", __name__)


def register(app: Flask, engine: Engine, now: Callable[[], datetime]) -> None:
    """Serve the copy."""
    app.extensions["nong_sisip_mydata"] = (engine, now)
    app.register_blueprint(mydata)


@mydata.get("/my-data/<secret>")
def copy(secret: str) -> Response:
    """The file; 404 for a link that is wrong or has run out."""
    engine, now = current_app.extensions["nong_sisip_mydata"]
    with reading(engine) as session:
        user = links.user_behind(session, secret, now())
        if user is None:
            abort(404)
        held = everything(session, user)
    return as_file(held)


def as_file(held: dict[str, Any]) -> Response:
    """The copy as a file that nobody else keeps."""
    response = Response(
        json.dumps(held, ensure_ascii=False, indent=2, default=str), mimetype="application/json"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def everything(session: Session, user: str) -> dict[str, Any]:
    """Registrations, how they came, what they asked for, the talk, the messages still kept."""
    state = conversations.load(session, [user]).get(user)
    return {
        **subject.export_subject(session, user),
        "came_by_codes": [
            {"code": code, "at": at.isoformat()} for code, at in touches.came_by(session, user)
        ],
        "event_numbers": [
            {"code": code, "number": number}
            for code, number in event_queue.of_person(session, user)
        ],
        "volunteer_of_codes": [
            {"code": code, "name_on_thanks": volunteers.name_given(session, code)}
            for code in volunteers.codes_of(session, user)
        ],
        "volunteer_may_see_first_name": help_wishes.of_person(session, user),
        "wants_news": people.wants_news(session, user),
        "reminders": [
            {"kind": kind, "at": at.isoformat()} for kind, at in reminders.waiting(session, user)
        ],
        "talk": orjson.loads(state.state) if state is not None and state.state else {},
        "you_wrote": [
            {"at": utc(at_ms).isoformat(), "event": orjson.loads(payload)}
            for at_ms, payload in inbox.kept(session, user)
        ],
        "you_were_told": [
            {"at": utc(at_ms).isoformat(), "messages": orjson.loads(body).get("messages", [])}
            for at_ms, body in outbox.kept(session, user)
        ],
    }
