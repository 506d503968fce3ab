"""Campaigns: codes for places, groups, volunteers and events; their papers and their figures."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask import session as flask_session
from flask.typing import ResponseReturnValue

from bot.outreach.links import chat_link
from bot.outreach.places import Place, UnknownPlace, place, tree
from bot.outreach.poster import cards_pdf, placard_of, poster_png, posters_pdf
from bot.staff.context import audited, day_of, engine, me, now, rows, scope
from bot.staff.guard import needs
from bot.staff.labels import _, label
from bot.staff.pages.leads import provinces_in
from db import budget, campaigns, tallies, volunteers
from db.campaigns import KINDS, Campaign
from db.rollups import thai_day
from db.session import transaction
from db.staff import Role
from handlers.display import grouped

page = Blueprint("campaigns", __name__, url_prefix="/campaigns")
MAKERS = (Role.ADMIN, Role.SUPERVISOR, Role.OFFICER)
INVITED_FOR = timedelta(days=7)
INVITATION_LETTERS = 20
MOST_VILLAGES = 300
PAGE_ROWS = 300
"""Codes on a page of the list, and posters in one file: more is a file nobody can send."""
PDF = "application/pdf"


@page.get("/")
@needs(*MAKERS)
def index() -> ResponseReturnValue:
    """A page of the campaigns of my provinces, with their figures."""
    number, (found, more) = _page_number(), _mine()
    figures = tallies.of(rows(), [one.code for one in found])
    return render_template(
        "staff/campaigns.html",
        campaigns=[(one, figures.get(one.code, tallies.Figures())) for one in found],
        number=number,
        next_url=_at_page(number + 1) if more else "",
        previous_url=_at_page(number - 1) if number > 1 else "",
        grouped=grouped,
        here=url_for("staff.campaigns.index"),
        kinds={kind: label("campaign_kind", kind) for kind in KINDS},
        province=_province(),
        provinces=provinces_in(scope()),
        today=thai_day(now()),
    )


@page.get("/new")
@needs(*MAKERS)
def new() -> ResponseReturnValue:
    """The form of a new campaign."""
    return _form({}, [])


@page.post("/new")
@needs(*MAKERS)
def create() -> ResponseReturnValue:
    """Make one campaign, or one for each village of a list; all of them or none."""
    given = {name: value.strip() for name, value in request.form.items()}
    told, errors = _read(given)
    if told is None:
        return _form(given, errors)
    with transaction(engine()) as session:
        made = [
            campaigns.create(session, **told, **one, created_by=me().id, now=now())
            for one in _each(given)
        ]
        codes = [one.code for one in made]
        audited(session, "campaign", detail=f"{len(codes)} {told['kind']}")
    if len(codes) == 1:
        return redirect(url_for("staff.campaigns.show", code=codes[0]), 303)
    return redirect(
        url_for("staff.campaigns.index", province=told["province"], district=told["district"]), 303
    )


@page.get("/<code>/")
@needs(*MAKERS)
def show(code: str) -> ResponseReturnValue:
    """One campaign: its figures, its papers."""
    found = wanted(code)
    figures = tallies.of(rows(), [found.code]).get(found.code, tallies.Figures())
    account = budget.basic_id(rows())
    return render_template(
        "staff/campaign.html",
        campaign=found,
        figures=figures,
        code=grouped(found.code),
        link=chat_link(account, found.code) if account else "",
        today=thai_day(now()),
        joined_at=volunteers.joined_at(rows(), found.code),
        invitation=flask_session.pop("invitation", "") if found.kind in volunteers.KINDS else "",
    )


@page.post("/<code>/volunteer")
@needs(*MAKERS)
def volunteer(code: str) -> ResponseReturnValue:
    """Invite the volunteer or organiser of this code by a one-time text, or end their rights."""
    found, act = wanted(code), request.form.get("act", "")
    if found.kind not in volunteers.KINDS or act not in ("invite", "end"):
        abort(400)
    secret = campaigns.letters(INVITATION_LETTERS)
    with transaction(engine()) as session:
        if act == "end":
            volunteers.end(session, found.code)
        else:
            volunteers.invite(session, found.code, secret, now() + INVITED_FOR)
        audited(session, f"volunteer_{act}", detail=found.code)
    if act == "invite":
        # Shown once on the next page; what is kept of it is a hash.
        flask_session["invitation"] = grouped(secret)
    return redirect(url_for("staff.campaigns.show", code=found.code), 303)


@page.get("/<code>/poster.pdf")
@needs(*MAKERS)
def poster(code: str) -> ResponseReturnValue:
    """The A4 poster."""
    return _paper([wanted(code)], "poster")


@page.get("/<code>/card.pdf")
@needs(*MAKERS)
def card(code: str) -> ResponseReturnValue:
    """The card for a wallet."""
    return _paper([wanted(code)], "card")


@page.get("/<code>/poster.png")
@needs(*MAKERS)
def picture(code: str) -> ResponseReturnValue:
    """The poster as a picture to share."""
    found, account = wanted(code), _account()
    png = poster_png(placard_of(found), account, thai_day(now()))
    return _file(png, "image/png", f"poster-{found.code}.png")


@page.get("/posters.pdf")
@needs(*MAKERS)
def posters() -> ResponseReturnValue:
    """The posters of the running campaigns on this page of a district's list, in one file."""
    district, today = request.args.get("district", ""), thai_day(now())
    found = [
        one
        for one in _mine()[0]
        if one.district == district and (one.ends_on is None or one.ends_on >= today)
    ]
    if not district or not found:
        return redirect(url_for("staff.campaigns.index"))
    return _paper(found, "poster")


def _read(given: dict[str, str]) -> tuple[dict[str, Any] | None, list[str]]:
    """What every campaign of the form shares, or what is wrong with it."""
    errors: list[str] = []
    where = Place("")
    try:
        where = place(given.get("province", ""), given.get("district", ""), given.get("tambon", ""))
    except UnknownPlace as unknown:
        errors.append(_("ไม่พบพื้นที่: %(name)s", name=unknown.name or _("ยังไม่ได้เลือก")))
    if where.province and not scope().holds(where.province):
        errors.append(_("จังหวัดนี้อยู่นอกพื้นที่ของคุณ"))
    if given.get("kind") not in KINDS:
        errors.append(_("เลือกชนิดของกิจกรรม"))
    starts, ends = day_of(given.get("starts_on", "")), day_of(given.get("ends_on", ""))
    if starts is None or (given.get("ends_on") and (ends is None or ends < starts)):
        errors.append(_("วันเริ่มและวันสิ้นสุดไม่ถูกต้อง"))
    target = given.get("target") or "0"
    if not target.isascii() or not target.isdigit() or int(target) > 10_000_000:
        errors.append(_("เป้าหมายต้องเป็นตัวเลข"))
    errors += _wrong_names(given)
    if errors:
        return None, errors
    return {
        "kind": given["kind"],
        "province": where.province,
        "district": where.district,
        "tambon": where.tambon,
        "target": int(target),
        "starts_on": starts,
        "ends_on": ends,
    }, []


def _wrong_names(given: dict[str, str]) -> list[str]:
    names = [one["name"] for one in _each(given)]
    if not names or not all(names):
        return [_("ใส่ชื่อกิจกรรม หรือรายชื่อหมู่บ้าน")]
    if len(names) > MOST_VILLAGES:
        return [_("ครั้งละไม่เกิน %(n)s หมู่บ้าน", n=MOST_VILLAGES)]
    if any(len(name) > 80 for name in names):
        return [_("ชื่อยาวเกิน 80 ตัวอักษร")]
    if len(set(names)) < len(names):
        return [_("มีชื่อหมู่บ้านซ้ำกันในรายชื่อ")]
    return []


def _each(given: dict[str, str]) -> Sequence[dict[str, Any]]:
    """Name and village of each campaign of the form: one, or one a line of the list."""
    lines = csv.reader(io.StringIO(given.get("villages", "")))
    villages = [line[0].strip() for line in lines if line and line[0].strip()]
    if villages:
        return [{"name": village, "village": village} for village in villages]
    return [{"name": given.get("name", ""), "village": given.get("village", "")[:80]}]


def _form(given: dict[str, str], errors: list[str]) -> ResponseReturnValue:
    places = tree()
    provinces = provinces_in(scope())
    chosen = given.get("province") or request.args.get("province", "")
    if not chosen and len(provinces) == 1:
        chosen = provinces[0]
    district = given.get("district") or request.args.get("district", "")
    districts = places.get(chosen, {})
    given = {"starts_on": thai_day(now()).isoformat(), "kind": "village", **given}
    text = render_template(
        "staff/campaign_new.html",
        given={**given, "province": chosen, "district": district},
        errors=errors,
        kinds=KINDS,
        provinces=provinces,
        districts=list(districts),
        tambons=districts.get(district, ()),
    )
    return text, 422 if errors else 200


def _page_number() -> int:
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if re.fullmatch("[0-9]{1,4}", asked) else 1


def _at_page(number: int) -> str:
    district = request.args.get("district", "")
    return url_for("staff.campaigns.index", province=_province(), district=district, page=number)


def _mine() -> tuple[list[Campaign], bool]:
    """The campaigns on the page that is asked for, and whether more follow."""
    chosen, district = _province(), request.args.get("district", "")
    mine = scope().provinces
    if chosen:
        mine = (chosen,) if mine is None or chosen in mine else ()
    provinces = tuple(mine) if mine is not None else None
    skip = (_page_number() - 1) * PAGE_ROWS
    found = campaigns.by_province(rows(), provinces, district, limit=PAGE_ROWS + 1, skip=skip)
    return found[:PAGE_ROWS], len(found) > PAGE_ROWS


def _province() -> str:
    return request.args.get("province", "")


def wanted(code: str) -> Campaign:
    found = rows().get(Campaign, code)
    if found is None or not scope().holds(found.province):
        abort(404)
    return found


def _account() -> str:
    """The account a QR opens. Without it nothing is printed: a wrong QR would be on every wall."""
    found = budget.basic_id(rows())
    return found or abort(503, _("ยังไม่รู้ชื่อบัญชี LINE ลองใหม่ในอีกสักครู่"))


def _paper(found: Sequence[Campaign], kind: str) -> Response:
    draw = posters_pdf if kind == "poster" else cards_pdf
    made = draw((placard_of(one) for one in found), _account(), thai_day(now()))
    name = found[0].code if len(found) == 1 else f"{len(found)}"
    return _file(made, PDF, f"{kind}-{name}.pdf")


def _file(made: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(made, mimetype=kind, headers=headers)
