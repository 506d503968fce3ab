"""The target board: how far every place is, and the upload of targets. Figures only."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.outreach import target_file
from bot.outreach.board import Row, board
from bot.outreach.places import UnknownPlace, place
from bot.staff import charts
from bot.staff.context import audited, engine, me, now, rows, scope
from bot.staff.guard import needs
from bot.staff.labels import _, label
from bot.staff.links import link
from bot.staff.pages.leads import provinces_in
from db import targets
from db.rollups import thai_day
from db.session import transaction
from db.staff import Role
from db.tallies import BETWEEN, METRICS, chain, place_key

page = Blueprint("board", __name__, url_prefix="/board")
LOOKERS = (Role.ADMIN, Role.SUPERVISOR, Role.OFFICER, Role.VIEWER)
SETTERS = (Role.ADMIN, Role.SUPERVISOR)
LEVELS = ("province", "district", "tambon")
PREVIEWED = 50


@page.get("/")
@needs(*LOOKERS)
def index() -> ResponseReturnValue:
    """The board of the place in the address; of all my provinces without one."""
    key, today, mine = _place(), thai_day(now()), scope()
    found = board(rows(), key, today)
    seen = [row for row in found.places if key or mine.holds(row.name)]
    top = max((number or 0 for _day, number in found.weeks), default=0)
    return render_template(
        "staff/board.html",
        board=found,
        whole=found.whole if key or mine.provinces is None else None,
        places=[(row, _url(row.key)) for row in seen],
        codes=[(row, "") for row in found.codes],
        crumbs=[(one.rpartition(BETWEEN)[2], _url(one)) for one in reversed(chain(key))],
        level=LEVELS[len(chain(key))] if len(chain(key)) < len(LEVELS) else "",
        metrics=[(metric, label("outreach", metric)) for metric in METRICS],
        tiles=() if key else _tiles(seen),
        top=max(top, 1),
        may_set=me().kind in SETTERS,
        today=today,
    )


@page.get("/targets")
@needs(*SETTERS)
def targets_form() -> ResponseReturnValue:
    """Where a file of targets is sent."""
    return _upload_page([], 200)


@page.post("/targets")
@needs(*SETTERS)
def check() -> ResponseReturnValue:
    """Check a file and show what it would do; nothing is loaded yet."""
    sent = request.files.get("file")
    raw = sent.read(target_file.MOST_BYTES + 1) if sent is not None else b""
    if len(raw) > target_file.MOST_BYTES:
        return _upload_page([target_file.Wrong(0, "too_big", "")], 422)
    wanted, wrong = target_file.read(raw, scope().holds, thai_day(now()))
    if wrong:
        return _upload_page(wrong, 422)
    with transaction(engine()) as session:
        token = targets.keep_upload(session, wanted, me().id, now())
    return render_template(
        "staff/targets_check.html",
        token=token,
        count=len(wanted),
        people=sum(one.target for one in wanted),
        rows=[(one.key.split(BETWEEN), one) for one in wanted[:PREVIEWED]],
        old=targets.of(rows(), [one.key for one in wanted[:PREVIEWED]]),
    )


@page.post("/targets/load")
@needs(*SETTERS)
def load() -> ResponseReturnValue:
    """Load a file that was checked and seen; all of it or nothing."""
    with transaction(engine()) as session:
        token = request.form.get("token", "")
        wanted = targets.take_upload(session, token, me().id, now())
        if wanted:
            targets.load(session, wanted)
            audited(session, "targets", detail=str(len(wanted)))
    if not wanted:
        flash(_("ไฟล์นี้หมดเวลาแล้ว ส่งใหม่อีกครั้ง"), "error")
        return redirect(url_for("staff.board.targets_form"), 303)
    flash(_("ตั้งเป้าหมายแล้ว %(n)s พื้นที่", n=f"{len(wanted):,}"), "done")
    return redirect(url_for("staff.board.index"), 303)


def _place() -> str:
    """The key of the place in the address, if it is one of mine."""
    named = {level: request.args.get(level, "") for level in LEVELS}
    if not named["province"]:
        return ""
    try:
        found = place(**named)
    except UnknownPlace:
        abort(404)
    if not scope().holds(found.province):
        abort(404)
    return place_key(found.province, found.district, found.tambon)


def _url(key: str) -> str:
    return link("staff.board.index", dict(zip(LEVELS, key.split(BETWEEN), strict=False)))


def _tiles(found: list[Row]) -> list[charts.Tile]:
    numbers = {row.name: row.figures["submitted"] or 0 for row in found}
    return charts.tiles(numbers, {name: _url(name) for name in provinces_in(scope())})


def _upload_page(wrong: list[target_file.Wrong], status: int) -> ResponseReturnValue:
    text = render_template(
        "staff/targets.html",
        wrong=wrong[:PREVIEWED],
        more=max(len(wrong) - PREVIEWED, 0),
        columns=target_file.COLUMNS,
        due=target_file.year_end(thai_day(now())),
    )
    return text, status
