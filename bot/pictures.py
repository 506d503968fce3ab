"""The savings charts that answers show, at addresses that nobody can guess.

An address holds option, years, extra savings and the day whose law was drawn, and a keyed hash of
them. So what it shows never changes and may be kept for good, and a stranger can't make the bot
draw. It names nobody.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

from handlers.replies import Replies, Reply, Show
from nlp.cards import Card
from nlp.chart import Fonts, chart_png

_FONTS = Path(__file__).parent / "line" / "fonts"
FONTS = Fonts(_FONTS / "Sarabun-Regular.ttf", _FONTS / "Sarabun-Bold.ttf")
KEPT_FOR = timedelta(days=365)
_PLAIN = re.compile(r"^/pictures/(savings-\d+-\d+-\d+)\.png$")
_NAME = re.compile(r"^savings-(\d+)-(\d+)-(\d+)-(\d{4}-\d\d-\d\d)$", re.ASCII)
_HASH_LETTERS = 32

pictures = Blueprint("pictures", __name__)


class ChartLinks:
    """Makes the addresses and tells ours from others, by a key drawn from SECRET_KEY."""

    def __init__(self, secret_key: str) -> None:
        self._key = hmac.digest(secret_key.encode(), b"nong-sisip charts", hashlib.sha256)

    def signed(self, replies: Replies, day: date) -> Replies:
        """The replies with the charts on their cards at addresses of our own making."""
        messages = tuple(self._message(message, day) for message in replies.messages)
        return replace(replies, messages=messages)

    def opened(self, name: str) -> str:
        """What was signed; empty unless it was signed by us."""
        plain = name.rpartition("-")[0]
        genuine = hmac.compare_digest(self._sealed(plain).encode(), name.encode())
        return plain if genuine else ""

    def _message(self, message: Reply, day: date) -> Reply:
        if not isinstance(message, Show) or not any(card.image for card in message.cards):
            return message
        return replace(message, cards=tuple(self._card(card, day) for card in message.cards))

    def _card(self, card: Card, day: date) -> Card:
        chart = _PLAIN.match(card.image)
        if chart is None:
            return card
        return replace(card, image=f"/pictures/{self._sealed(f'{chart[1]}-{day}')}.png")

    def _sealed(self, plain: str) -> str:
        made = hmac.new(self._key, plain.encode(), hashlib.sha256).hexdigest()
        return f"{plain}-{made[:_HASH_LETTERS]}"


def register(app: Flask, secret_key: str) -> None:
    """Serve the charts."""
    app.extensions["nong_sisip_charts"] = ChartLinks(secret_key)
    app.register_blueprint(pictures)


@pictures.get("/pictures/<name>.png")
def savings(name: str) -> Response:
    """A chart; 404 for an address that we did not make."""
    opened: Callable[[str], str] = current_app.extensions["nong_sisip_charts"].opened
    chart = _NAME.match(opened(name))
    if chart is None:
        abort(404)
    option, years, extra = (int(number) for number in chart.groups()[:3])
    drawn = _drawn(option, years, extra, datetime.fromisoformat(chart[4]).date())
    response = Response(drawn, mimetype="image/png")
    response.cache_control.public = True
    response.cache_control.max_age = int(KEPT_FOR.total_seconds())
    response.cache_control.immutable = True
    response.add_etag()
    response.make_conditional(request)
    return response


@lru_cache(maxsize=256)
def _drawn(option: int, years: int, extra: int, day: date) -> bytes:
    return chart_png(option, years, extra, today=day, fonts=FONTS)
