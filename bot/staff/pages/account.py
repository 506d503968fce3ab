"""My own account: language, password, recovery codes, where I am signed in."""

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_security.utils import check_and_update_authn_fresh

from bot.staff.context import audited, engine, me, now, rows
from bot.staff.guard import needs
from bot.staff.labels import LANGUAGES, language_cookie
from bot.staff.sessions import StaffSession, secure
from db import staff
from db.session import transaction
from db.staff import Role

page = Blueprint("account", __name__, url_prefix="/account")
A_YEAR_S = 31_536_000
FRESH = ("SECURITY_FRESHNESS", "SECURITY_FRESHNESS_GRACE_PERIOD")


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
        language_cookie(),
        chosen,
        max_age=A_YEAR_S,
        path="/",
        secure=secure(),
        samesite="Strict",
        httponly=True,
    )
    return answer


@page.post("/sessions/<name>/end")
@needs(*Role)
def end(name: str) -> ResponseReturnValue:
    """Sign one of my browsers out. Whoever sits at a browser left open must not: a fresh sign-in,
    or the password again.
    """
    windows = (current_app.config[name] for name in FRESH)
    if not check_and_update_authn_fresh(*windows):
        return redirect(url_for("security.verify", next=url_for("staff.account.index")), 303)
    mine = {one.id for one in staff.sessions_of(rows(), me().id, now())}
    if name not in mine:
        abort(404)
    with transaction(engine()) as changing:
        staff.end_session(changing, name)
        audited(changing, "session")
    return redirect(url_for("staff.account.index"), 303)
