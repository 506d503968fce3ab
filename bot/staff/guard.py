"""The guard of /staff: refuses everyone and everything that is not named, before any page runs."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import InternalServerError

from bot.staff.context import audited, engine, now
from db import throttle
from db.session import reading, transaction
from db.staff import Role

OPEN = frozenset(
    {
        "staff.static",
        "security.login",
        "security.two_factor_setup",
        "security.two_factor_token_validation",
        "security.mf_recovery",
        "security.reset_password",
    }
)
"""What a stranger may reach."""
NOT_AGAIN = frozenset({"security.two_factor_setup", "security.two_factor_token_validation"})
"""Only on the way in: a stolen session must not be able to set up a phone of its own."""
SIGNED_IN = frozenset(
    {
        "security.logout",
        "security.change_password",
        "security.mf_recovery_codes",
        "security.verify",
    }
)
"""What everyone may do who is signed in; pages of our own say so by `needs`."""
GUESSED = {
    "security.login": "password",
    "security.two_factor_token_validation": "code",
    "security.mf_recovery": "recovery",
    "security.reset_password": "reset",
    "security.change_password": "change",
    "security.verify": "change",
    "staff.export.take": "code",
}
"""Where secrets can be guessed, and what is guessed there."""
HASHING = frozenset({"password", "reset", "change", "recovery"})
AT_A_TIME = threading.Semaphore(2)
"""So many passwords are hashed at once: a flood of them must leave the processor to the bot."""
PATIENCE_S = 5
CODE_WINDOW_S = 30
READ = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
View = TypeVar("View", bound=Callable[..., Any])


def needs(*roles: Role) -> Callable[[View], View]:
    """Only these roles may open the page."""

    def mark(view: View) -> View:
        view.roles = frozenset(roles)  # type: ignore[attr-defined]  # read by the guard
        return view

    return mark


def allowed(app: Flask, endpoint: str) -> frozenset[Role]:
    """Who may open this endpoint once signed in; nobody, if it says nothing."""
    if endpoint in SIGNED_IN:
        return frozenset(Role)
    return getattr(app.view_functions.get(endpoint), "roles", frozenset())


def code_is_right(code: str) -> bool:
    """A fresh code of the phone app, before something weighty. Each counts once."""
    totp = current_app.extensions["security"].totp_factory
    secret = current_user.tf_totp_secret
    return bool(secret) and bool(
        totp.verify_totp(code.replace(" ", ""), secret, current_user, window=CODE_WINDOW_S)
    )


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Put the guard before every request to the console, and its headers on every answer."""

    @app.before_request
    def check() -> ResponseReturnValue | None:
        if not _ours():
            return None
        if request.method not in READ:
            _same_site()
            csrf.protect()
        return _throttled() or _admitted(app) or _in_turn()

    @app.teardown_request
    def next_one(_error: BaseException | None) -> None:
        if g.pop("hashing", False):
            AT_A_TIME.release()

    @app.after_request
    def finish(response: Response) -> Response:
        if not _ours():
            return response
        _count_guess(response)
        _note_refusal(response)
        _strict(response)
        return response

    _errors(app)


def _errors(app: Flask) -> None:
    @app.errorhandler(CSRFError)
    def stale(error: CSRFError) -> ResponseReturnValue:
        if not _ours():
            return error.description, 400
        return render_template("staff/stale.html"), 400

    @app.errorhandler(InternalServerError)
    def failed(_error: InternalServerError) -> ResponseReturnValue:
        failure = g.get("failure", "")
        if not _ours():
            return f"error {failure}\n", 500, {"Content-Type": "text/plain"}
        # What broke may be the session or the language: nothing of them is asked here.
        page = app.jinja_env.get_template("staff/failed.html")
        return page.render(failure=failure), 500


def _strict(response: Response) -> None:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.endpoint != "staff.static":
        response.headers["Cache-Control"] = "no-store"
    if request.endpoint == "security.logout":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'


def _ours() -> bool:
    return request.path == "/staff" or request.path.startswith("/staff/")


def _same_site() -> None:
    """A change must come from our own pages: besides the token, the browser says so itself."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def _admitted(app: Flask) -> ResponseReturnValue | None:
    endpoint = request.endpoint or ""
    if endpoint in OPEN and not (endpoint in NOT_AGAIN and current_user.is_authenticated):
        return None
    if not current_user.is_authenticated:
        if request.method in READ:
            return redirect(url_for("security.login"))
        return abort(401)
    if not endpoint:
        return None  # nothing there: the 404, or the redirect to the same address with a slash
    if current_user.kind not in allowed(app, endpoint):
        return abort(404)
    return None


def _guess() -> tuple[str, str] | None:
    """The account whose secret is being tried, and from where."""
    what = GUESSED.get(request.endpoint or "")
    if what is None or request.method != "POST":
        return None
    who = request.form.get("email", "") or session.get("tf_user_id", "") or ""
    if not who and current_user.is_authenticated:
        who = current_user.fs_uniquifier
    return f"{what}:{who}", request.remote_addr or ""


def _throttled() -> ResponseReturnValue | None:
    guess = g.guess = _guess()
    if guess is None:
        return None
    with reading(engine()) as rows:
        wait = throttle.wait(rows, *guess, now=now())
    if wait <= timedelta():
        return None
    return _wait(int(wait.total_seconds()) + 1)


def _in_turn() -> ResponseReturnValue | None:
    """Wait until a password may be hashed, but not long."""
    guess = g.guess
    if guess is None or guess[0].partition(":")[0] not in HASHING:
        return None
    g.hashing = AT_A_TIME.acquire(timeout=PATIENCE_S)
    return None if g.hashing else _wait(PATIENCE_S)


def _wait(seconds: int) -> ResponseReturnValue:
    g.refused_unread = True
    page = render_template("staff/wait.html", seconds=seconds)
    return page, 429, {"Retry-After": str(seconds)}


def _note_refusal(response: Response) -> None:
    """Somebody who is signed in asked for what is not theirs, or is not there."""
    if response.status_code == 404 and current_user.is_authenticated and request.endpoint:
        with transaction(engine()) as rows:
            audited(rows, "refused", detail=request.endpoint)


def _count_guess(response: Response) -> None:
    guess = g.get("guess")
    if guess is None or g.get("refused_unread"):
        return
    if response.status_code >= 400 and not g.get("guess_failed"):
        return
    # Pages of Flask-Security show themselves again after a wrong guess, and redirect after a
    # good one.
    ours = (request.endpoint or "").startswith("staff.")
    good = not g.get("guess_failed") and (ours or response.status_code in {301, 302, 303})
    with transaction(engine()) as rows:
        if good:
            throttle.succeeded(rows, *guess)
        else:
            throttle.failed(rows, *guess, now=now())
        if current_user.is_authenticated and good:
            audited(
                rows, "sign_in" if request.endpoint != "security.change_password" else "password"
            )
        elif not good:
            audited(rows, "refused", detail=request.endpoint or "")
