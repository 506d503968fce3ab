"""The first page after signing in: where this role begins."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from bot.staff.context import me
from bot.staff.guard import needs
from db.staff import Role

page = Blueprint("home", __name__)
START = {
    Role.OFFICER: "staff.leads.index",
    Role.SUPERVISOR: "staff.leads.index",
    Role.ADMIN: "staff.leads.index",
    Role.AUDITOR: "staff.audit_log.index",
    Role.VIEWER: "staff.dashboard.index",
    Role.EDITOR: "staff.questions.index",
}


@page.get("/")
@needs(*Role)
def index() -> ResponseReturnValue:
    """Send everyone to their own beginning."""
    return redirect(url_for(START[me().kind]))
