"""GET /pictures/savings-<option>-<years>-<extra>.png: the savings charts that answers show.

They name nobody and hold no secret, so the address is plain; it is bounded, drawn once and kept.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, abort, current_app, request

from nlp.calculators import OLD_AGE_OPTIONS
from nlp.chart import MAX_YEARS, Fonts, chart_png
from nlp.facts import facts_on

_BANGKOK = ZoneInfo("Asia/Bangkok")
_FONTS = Path(__file__).parent / "line" / "fonts"
FONTS = Fonts(_FONTS / "Sarabun-Regular.ttf", _FONTS / "Sarabun-Bold.ttf")
KEPT_FOR = timedelta(days=1)
"""The law may change overnight; a chart must not outlive it for long."""

pictures = Blueprint("pictures", __name__)


def register(app: Flask, now: Callable[[], datetime]) -> None:
    """Serve the charts."""
    app.extensions["nong_sisip_pictures"] = now
    app.register_blueprint(pictures)


@pictures.get("/pictures/savings-<int:option>-<int:years>-<int:extra>.png")
def savings(option: int, years: int, extra: int) -> Response:
    """A chart; 404 for one that no answer shows."""
    today = current_app.extensions["nong_sisip_pictures"]().astimezone(_BANGKOK).date()
    most = facts_on(today)["extra_savings.max"]
    if option not in OLD_AGE_OPTIONS or not 1 <= years <= MAX_YEARS or extra > most:
        abort(404)
    response = Response(_drawn(option, years, extra, today), mimetype="image/png")
    response.cache_control.public = True
    response.cache_control.max_age = int(KEPT_FOR.total_seconds())
    response.add_etag()
    response.make_conditional(request)
    return response


@lru_cache(maxsize=256)
def _drawn(option: int, years: int, extra: int, today: date) -> bytes:
    return chart_png(option, years, extra, today=today, fonts=FONTS)
