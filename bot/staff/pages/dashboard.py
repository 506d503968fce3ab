"""The whole as pictures: funnel, waiting, overdue, map, splits, over time. All from roll-ups."""

import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.staff import charts
from bot.staff.context import audited, engine, me, now, rows, scope
from bot.staff.guard import needs
from bot.staff.labels import _, label
from bot.staff.links import link
from bot.staff.pages.leads import WORKERS, provinces_in
from bot.staff.spreadsheet import safe
from db import figures
from db.figure_questions import Period
from db.lead_search import Scope
from db.rollups import BY, thai_day
from db.session import transaction
from db.staff import Role

page = Blueprint("dashboard", __name__, url_prefix="/dashboard")
LOOKERS = (Role.ADMIN, Role.SUPERVISOR, Role.OFFICER, Role.VIEWER)
PERIODS = (7, 30, 90, 365)
SPLITS = ("option", "channel", "occupation", "age_band", "campaign")
SHOWN = 10


@page.get("/")
@needs(*LOOKERS)
def index() -> ResponseReturnValue:
    """The pictures."""
    period, place = _period(), _place()
    session = rows()
    course, before = figures.courses(session, place, period, period.before)
    both = Period(period.before.first, period.last)
    each_day = figures.by_day(session, place, "submitted", both)
    places = figures.places(session, place, "submitted", period, thai_day(now()))
    parted = figures.by_values(session, place, "submitted", SPLITS, period)
    return render_template(
        "staff/dashboard.html",
        days=period.days,
        periods=PERIODS,
        province=request.args.get("province", ""),
        provinces=provinces_in(scope()),
        funnel=_funnel(period, course.flows),
        before=before.flows,
        waiting=course.waiting,
        waiting_before=before.waiting,
        overdue=charts.bars(
            [(name, n, _list(province=name, overdue="1")) for name, n in _first(places.late)]
        ),
        standing=_standing(places.standing),
        lines=charts.lines(each_day[period.days :], each_day[: period.days]),
        tiles=charts.tiles(
            places.arrived,
            {name: _list(province=name, **_since(period)) for name in places.arrived},
        ),
        splits=[(split, _split(split, found, period)) for split, found in parted.items()],
        download=url_for("staff.dashboard.table", **_kept()),
    )


@page.get("/figures.csv")
@needs(*LOOKERS)
def table() -> ResponseReturnValue:
    """The same figures as a table for a spreadsheet. Figures only, so no second code is asked."""
    period, place = _period(), _place()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["metric", "split", "value", "from", "to", "number"])
    for metric in figures.FLOWS:
        for split in ("all", *BY):
            for value, n in figures.by_value(rows(), place, metric, split, period).items():
                writer.writerow([metric, split, safe(value), period.first, period.last, n])
        for province, n in figures.by_province(rows(), place, metric, period).items():
            writer.writerow([metric, "province", province, period.first, period.last, n])
    with transaction(engine()) as session:
        audited(session, "export", detail=f"figures {period.first} {period.last}")
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="figures-{period.last}.csv"'
    return answer


def _period() -> Period:
    asked = request.args.get("days", "")
    days = int(asked) if asked.isdigit() and int(asked) in PERIODS else 30
    today = thai_day(now())
    return Period(today - timedelta(days=days - 1), today)


def _place() -> Scope:
    """My provinces, or one of them."""
    wanted = request.args.get("province", "")
    mine = scope()
    return Scope((wanted,), mine.offices) if wanted and mine.holds(wanted) else mine


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in ("days", "province") if name in request.args}


def _list(**filters: str) -> str:
    """The list behind a figure, for those who may see lists."""
    if "dashboard_place" not in g:  # asked once a page, which has more than a hundred links
        place = request.args.get("province", "")
        g.dashboard_works = me().kind in WORKERS
        g.dashboard_place = {"province": place} if place else {}
    if not g.dashboard_works:
        return ""
    return link("staff.leads.index", {"sort": "newest", **g.dashboard_place, **filters})


def _since(period: Period) -> dict[str, str]:
    return {"created_from": str(period.first), "created_to": str(period.last)}


def _funnel(period: Period, flows: Mapping[str, int]) -> list[charts.Bar]:
    """From the first message to the member, as far as each step is counted."""
    steps = (
        ("talks", _("ทักเข้ามา"), ""),
        ("forms", _("เริ่มลงทะเบียน"), ""),
        ("submitted", _("ลงทะเบียนเสร็จ"), _list(**_since(period))),
        ("contacted", _("ได้คุยกับเจ้าหน้าที่"), _list(status="open", **_since(period))),
        ("member", _("ยื่นสมัครแล้ว"), _list(status="member", **_since(period))),
    )
    told = [(name, flows.get(metric, 0), url) for metric, name, url in steps]
    return charts.bars([row for row in told if row[1]])


def _first(found: Mapping[str, int]) -> list[tuple[str, int]]:
    return list(found.items())[:SHOWN]


def _standing(found: Mapping[str, int]) -> list[charts.Bar]:
    return charts.bars(
        [
            (label("status", status), number, _list(status=status))
            for status, number in sorted(found.items(), key=lambda pair: -pair[1])
        ]
    )


def _split(split: str, found: Mapping[str, int], period: Period) -> list[charts.Bar]:
    return charts.bars(
        [
            (
                label(split, value or ("unsure" if split == "option" else "")) or _("ไม่ระบุ"),
                number,
                _list(**{split: value or "unsure"}, **_since(period))
                if value or split == "option"
                else "",
            )
            for value, number in _first(found)
        ]
    )
