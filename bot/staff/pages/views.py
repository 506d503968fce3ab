"""Saved views: a list's filters under a name."""

import json
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.staff.context import engine, me
from bot.staff.guard import needs
from bot.staff.pages.leads import WORKERS, chosen, read_filters
from db.lead_order import SORTS
from db.session import transaction
from db.staff import SavedView, views_of

page = Blueprint("views", __name__, url_prefix="/views")
MOST_VIEWS = 20


@page.post("/")
@needs(*WORKERS)
def save() -> ResponseReturnValue:
    """Keep the filters of the list under a name."""
    name = request.form.get("name", "").strip()[:60]
    kept: dict[str, Any] = chosen(read_filters(request.form))
    if request.form.get("sort") in SORTS:
        kept["sort"] = request.form["sort"]
    if name:
        with transaction(engine()) as session:
            if len(views_of(session, me().id)) < MOST_VIEWS:
                filters = json.dumps(kept, ensure_ascii=False)
                session.add(SavedView(staff=me().id, name=name, filters=filters))
    return redirect(url_for("staff.leads.index", **kept), 303)


@page.post("/<int:number>/delete")
@needs(*WORKERS)
def delete(number: int) -> ResponseReturnValue:
    """Forget a view of mine."""
    with transaction(engine()) as session:
        view = session.get(SavedView, number)
        if view is None or view.staff != me().id:
            abort(404)
        session.delete(view)
    return redirect(url_for("staff.leads.index"), 303)
