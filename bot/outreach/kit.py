"""A volunteer's papers, opened from the chat: the poster as a picture, and a thank-you.

An address is signed, so that nobody makes the bot draw, and serves only as long as somebody has the
code. It holds the code, which is on every poster, and nothing else.
"""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Flask, Response, abort, current_app
from sqlalchemy import Engine

from bot.outreach.poster import placard_of, poster_png, thanks_png
from bot.receipts import ReceiptLinks, unlisted
from db import budget, campaigns, volunteers
from db.rollups import thai_day
from db.session import reading

page = Blueprint("kit", __name__)
KIND = "kit"


def register(app: Flask, engine: Engine, secret_key: str, now: Callable[[], datetime]) -> None:
    """Serve the papers."""
    app.extensions["nong_sisip_kit"] = (ReceiptLinks(secret_key), engine, now)
    app.register_blueprint(page)


@page.get("/kit/<any(poster, thanks):paper>/<name>.png")
def picture(paper: str, name: str) -> Response:
    """The paper of the volunteer who has this code; 404 for anything else."""
    links, engine, now = current_app.extensions["nong_sisip_kit"]
    today = thai_day(now())
    with reading(engine) as session:
        found = campaigns.find(session, links.opened(KIND, name), today)
        account = budget.basic_id(session)
        code = found.code if found is not None else ""
        if found is None or volunteers.joined_at(session, code) is None:
            abort(404)
        if paper == "thanks":
            drawn = thanks_png(
                volunteers.name_given(session, code) or found.name, found.place, today
            )
        elif account:
            drawn = poster_png(placard_of(found), account, today)
        else:
            abort(503)
    response = Response(drawn, mimetype="image/png")
    response.cache_control.private = True
    response.cache_control.max_age = 3600
    return unlisted(response)
