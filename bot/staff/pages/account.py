"""My own account: language, password, recovery codes, where I am signed in."""

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.staff.context import audited, engine, me, now, rows
from bot.staff.guard import needs
from bot.staff.labels import LANGUAGE_COOKIE, LANGUAGES
from bot.staff.sessions import StaffSession
from db import staff
from db.session import transaction
from db.staff import Role

page = Blueprint("account", __name__, url_prefix="/account")
A_YEAR_S = 31_536_000


@page.get("/")
@needs(*Role)
def index() -> ResponseReturnValue:
    """Who I am here, and my sessions."""
    here = staff.session_hash(session.cookie) if isinstance(session, StaffSession) else ""
    return render_template(
        "staff/account.html",
        sessions=staff.sessions_of(rows(), me().id, now()),
        here=here,
        codes_left=len(me().mf_recovery_codes),
    )


@page.post("/language")
@needs(*Role)
def language() -> ResponseReturnValue:
    """Thai or English."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    with transaction(engine()) as changing:
        person = changing.get(staff.Staff, me().id)
        if person is not None:
            person.language = chosen
    answer = redirect(url_for("staff.account.index"), 303)
    answer.set_cookie(
        LANGUAGE_COOKIE, chosen, max_age=A_YEAR_S, path="/staff", samesite="Strict", httponly=True
    )
    return answer


@page.post("/sessions/<name>/end")
@needs(*Role)
def end(name: str) -> ResponseReturnValue:
    """Sign one of my browsers out."""
    mine = {one.id for one in staff.sessions_of(rows(), me().id, now())}
    if name not in mine:
        abort(404)
    with transaction(engine()) as changing:
        staff.end_session(changing, name)
        audited(changing, "session")
    return redirect(url_for("staff.account.index"), 303)
