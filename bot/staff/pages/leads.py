"""The list of leads: filters, order, search, pages by key."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import geothai
from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.staff import masks
from bot.staff.context import audited, day_of, engine, me, now, rows, scope
from bot.staff.guard import needs
from bot.staff.labels import _
from bot.staff.offices import choices_in
from db.lead_cells import cell
from db.lead_order import DUE, SORTS
from db.lead_search import COUNT_CAP, EQUAL, Filters, Scope, count, search, within
from db.lead_search import page as page_of
from db.lead_tables import OPEN, STATUSES, Registration
from db.registrations import AGE_BANDS
from db.rollups import thai_day
from db.session import transaction
from db.staff import Role, Staff, views_of

page = Blueprint("leads", __name__, url_prefix="/leads")
BANDS = frozenset(name for _top, name in AGE_BANDS)
RECENT = (1, 7, 30, 90)
"""Days, for lists that move on with the calendar."""
WORKERS = (Role.ADMIN, Role.SUPERVISOR, Role.OFFICER)


@dataclass(frozen=True, slots=True)
class Row:
    """A lead as a list shows it: enough to know it again, not enough to know the person."""

    lead: Registration
    url: str
    name: str
    holder: str
    late: str


@page.get("/")
@needs(*WORKERS)
def index() -> ResponseReturnValue:
    """The list."""
    filters = within(read_filters(request.args), scope())
    sort = request.args.get("sort", DUE)
    sort = sort if sort in SORTS else DUE
    if sort == DUE and not filters.status:
        filters = _only_open(filters)
    found = page_of(
        rows(), scope(), filters, sort=sort, after=request.args.get("after", ""), now=now()
    )
    number = count(rows(), scope(), filters, now())
    return render_template(
        "staff/leads.html",
        leads=as_rows(found.leads),
        filters=filters,
        chosen=chosen(filters),
        narrowed=bool(request.args),
        views=[
            (view, url_for("staff.leads.index", **json.loads(view.filters)))
            for view in views_of(rows(), me().id)
        ],
        here=request.full_path,
        sort=sort,
        sorts=SORTS,
        count=number,
        capped=number >= COUNT_CAP,
        next_url=_next_url(found.after),
        **lists(filters),
    )


@page.post("/search")
@needs(*WORKERS)
def find() -> ResponseReturnValue:
    """Search. By POST: what is searched for is personal and must not be in an address."""
    words = request.form.get("words", "").strip()[:100]
    found = search(rows(), scope(), words)
    shown = as_rows(found)
    with transaction(engine()) as session:
        audited(session, "search", detail=f"{len(found)}")
    return render_template("staff/search.html", words=words, leads=shown)


def read_filters(args: Mapping[str, str]) -> Filters:
    """The filters in an address; what makes no sense is left out."""
    plain = {name: args.get(name, "").strip()[:60] for name in EQUAL}
    status = args.get("status", "")
    option = args.get("option", "")
    if plain["age_band"] not in BANDS:
        plain["age_band"] = ""  # what nobody has would be looked for in all leads
    return Filters(
        **plain,
        status=status if status in (*STATUSES, "open") else "",
        option=option if option in {"1", "2", "3", "unsure"} else "",
        recent_days=_number(args, "recent_days", RECENT[-1]),
        waiting_days=_number(args, "waiting_days", 3650),
        waiting_workdays=_number(args, "waiting_workdays", 250),
        overdue=args.get("overdue") == "1",
        mine=me().id if args.get("mine") == "1" else 0,
        created_from=day_of(args.get("created_from", "")),
        created_to=day_of(args.get("created_to", "")),
    )


def chosen(filters: Filters) -> dict[str, str]:
    """The filters as an address carries them."""
    found = {key: str(value) for key, value in asdict(filters).items() if value}
    for name in ("overdue", "mine"):
        if name in found:
            found[name] = "1"
    return found


def kept(args: Mapping[str, str]) -> dict[str, Any]:
    """What of an address goes on to the next page."""
    return {key: value for key, value in args.items() if key not in ("after", "before")}


def as_rows(leads: list[Registration]) -> list[Row]:
    """The leads with masked names, who holds them and how late they are."""
    names = _names({lead.assigned_to for lead in leads if lead.assigned_to})
    today = thai_day(now())
    lists = url_for("staff.leads.index")
    late = {day: _late((today - day).days) for day in {one.due_on for one in leads if one.due_on}}
    return [
        Row(
            lead,
            f"{lists}{lead.reference}/",
            short_name(lead),
            names.get(lead.assigned_to or 0, ""),
            late[lead.due_on] if lead.due_on and lead.status in OPEN else "",
        )
        for lead in leads
    ]


def _late(days: int) -> str:
    return _("เกิน %(n)s วัน", n=days) if days > 0 else ""


def short_name(lead: Registration) -> str:
    """First name and the first letter of the last."""
    first = masks.short(cell(rows(), lead, "first_name"), 24)
    return f"{first} {masks.last_name(cell(rows(), lead, 'last_name'))}".strip()


def lists(filters: Filters) -> dict[str, Any]:
    """The choices of the place filters: what lies in what is chosen."""
    return {
        "provinces": provinces_in(scope()),
        "districts": _districts(filters.province),
        "tambons": _tambons(filters.province, filters.district),
        "offices": choices_in(provinces_in(scope())),
        "recent": RECENT,
        "statuses": STATUSES,
    }


def provinces_in(wanted: Scope) -> list[str]:
    """The provinces somebody may see, in the order of the alphabet."""
    return [one.name_th for one in geothai.provinces() if wanted.holds(one.name_th)]


def _districts(province: str) -> list[str]:
    return [
        one.name_th
        for found in geothai.provinces()
        if found.name_th == province
        for one in geothai.districts(found.code)
    ]


def _tambons(province: str, district: str) -> list[str]:
    return [
        one.name_th
        for found in geothai.provinces()
        if found.name_th == province
        for inner in geothai.districts(found.code)
        if inner.name_th == district
        for one in geothai.subdistricts(inner.code)
    ]


def _only_open(filters: Filters) -> Filters:
    return Filters(**{**asdict(filters), "status": "open"})


def _next_url(after: str) -> str:
    if not after:
        return ""
    return url_for("staff.leads.index", **kept(request.args), after=after)


def _names(numbers: set[int]) -> dict[int, str]:
    if not numbers:
        return {}
    found = rows().execute(select(Staff.id, Staff.name).where(Staff.id.in_(numbers)))
    return {row.id: row.name for row in found}


def _number(args: Mapping[str, str], name: str, most: int) -> int:
    text = args.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() else 0
