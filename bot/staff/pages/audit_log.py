"""The audit log: who did what with whose data. For auditors and admins."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.staff.context import day_of, rows
from bot.staff.guard import needs
from bot.staff.pages.leads import kept
from db import audit
from db.audit import AuditRow
from db.staff import Role, Staff

page = Blueprint("audit_log", __name__, url_prefix="/audit")
SHOWN = 100


@page.get("/")
@needs(Role.ADMIN, Role.AUDITOR)
def index() -> ResponseReturnValue:
    """The newest rows, by lead, person, act or day."""
    wanted = {name: request.args.get(name, "").strip()[:40] for name in ("reference", "action")}
    staff, before = request.args.get("staff", ""), request.args.get("before", "")
    chosen = select(AuditRow).order_by(AuditRow.id.desc()).limit(SHOWN + 1)
    for name, value in wanted.items():
        if value:
            chosen = chosen.where(getattr(AuditRow, name) == value)
    if staff.isdigit():
        chosen = chosen.where(AuditRow.staff == int(staff))
    if before.isdigit():
        chosen = chosen.where(AuditRow.id < int(before))
    days = {name: day_of(request.args.get(name, "")) for name in ("since", "until")}
    chosen = chosen.where(*audit.between(rows(), days["since"], days["until"]))
    found = list(rows().scalars(chosen))
    more = len(found) > SHOWN
    return render_template(
        "staff/audit.html",
        found=found[:SHOWN],
        wanted=wanted,
        staff=staff,
        days=days,
        people=rows().execute(select(Staff.id, Staff.name).order_by(Staff.name)).all(),
        next_url=url_for("staff.audit_log.index", **kept(request.args), before=found[SHOWN - 1].id)
        if more
        else "",
    )
