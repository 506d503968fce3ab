"""The public page and its open data: figures by province and district, no small cells."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Flask, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from bot.outreach.board import Board, Row, board
from bot.outreach.places import tree
from bot.outreach.suppress import STEP
from db.rollups import thai_day
from db.session import reading
from db.tallies import METRICS
from nlp.facts import short_date

FIELDS = ("name", *METRICS, "target", "target_due_on")
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
KEPT_S = 300
"""Seconds a browser or proxy may keep an answer: the figures are not news of the minute."""


def register(app: Flask, engine: Engine, now: Callable[[], datetime]) -> None:
    """Serve /open. It needs no session and sets no cookie."""
    page = Blueprint(
        "outreach",
        __name__,
        url_prefix="/open",
        template_folder="templates",
        static_folder="static",
    )

    def found() -> tuple[str, date, Board]:
        province, today = request.args.get("province", ""), thai_day(now())
        if province and province not in tree():
            abort(404)
        with reading(engine) as session:
            return province, today, board(session, province, today)

    @page.get("/")
    def index() -> ResponseReturnValue:
        province, today, told = found()
        return render_template(
            "outreach/public.html",
            province=province,
            board=told,
            metrics=METRICS,
            day=short_date(today),
            address=lambda row: url_for("outreach.index", province=row.name),
        )

    @page.get("/progress.json")
    def as_json() -> ResponseReturnValue:
        province, today, told = found()
        return {
            "date": today.isoformat(),
            "province": province or None,
            "rounded_down_to": STEP,
            "rows": [_plain(row) for row in (told.whole, *told.places)],
        }

    @page.get("/progress.csv")
    def as_csv() -> ResponseReturnValue:
        _province, _today, told = found()
        out = io.StringIO()
        writer = csv.DictWriter(out, FIELDS)
        writer.writeheader()
        writer.writerows(_plain(row) for row in (told.whole, *told.places))
        # With a mark at the beginning, so that spreadsheets read the Thai.
        return Response("\ufeff" + out.getvalue(), mimetype="text/csv")

    @page.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
        return response

    app.register_blueprint(page)


def _plain(row: Row) -> dict[str, Any]:
    """A row as data; a small figure is null (empty in CSV), not nought."""
    return {
        "name": row.name or "ทั้งประเทศ",
        **row.figures,
        "target": row.target,
        "target_due_on": row.due_on.isoformat() if row.due_on else None,
    }
