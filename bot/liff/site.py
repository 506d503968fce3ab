"""What the routes of the form page share: who is here, their form, the words, and the headers."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote

from flask import Response, abort, current_app, g, render_template, request, url_for
from sqlalchemy import Engine

from bot.liff.login import Login
from bot.liff.standing import Forms, Standing
from bot.liff.visits import Visit, Visits, from_our_page
from bot.outreach.links import chat_link
from db import budget
from db.session import reading
from handlers.phrases import hotline, word

LINE_SCRIPT = "https://static.line-scdn.net/liff/edge/2/sdk.js"
LINE_CALLS = "https://api.line.me https://liffsdk.line-scdn.net"
PLAYED_SCRIPT = "/simulator/static/js/liff.js"
MAX_BODY = 64 * 1024
NAME = "nong_sisip_form_page"


@dataclass(frozen=True, slots=True)
class Site:
    """The page's parts. `played`: LINE is the simulator."""

    engine: Engine
    liff_id: str
    played: bool
    login: Login
    visits: Visits
    forms: Forms
    now: Callable[[], datetime]
    wake: Callable[[], None]

    @property
    def script(self) -> str:
        """LINE's script, which LINE asks to be loaded from there; none of it is kept here."""
        return PLAYED_SCRIPT if self.played else LINE_SCRIPT

    def chat(self, lang: str) -> str:
        """Back to the chat, with the words typed that ask the open question again."""
        if self.played:
            return "/simulator/"
        with reading(self.engine) as session:
            account = budget.basic_id(session)
        typed = quote(word("button", "resume", lang))
        return f"{chat_link(account, '')}?{typed}" if account else ""


def site() -> Site:
    """The parts of this application's page."""
    found: Site = current_app.extensions[NAME]
    return found


def admit() -> None:
    """Before every request: a change must come from our page; all but the sign-in needs a visit."""
    request.max_content_length = MAX_BODY
    g.visit = site().visits.of(request)
    entry = request.endpoint in ("liff.enter", "liff.session", "liff.static")
    if g.visit is None and not entry:
        abort(Response(page("note", note="over", link="enter"), 401))
    if request.method == "POST" and not from_our_page(request, None if entry else g.visit):
        abort(403)


def finish(response: Response) -> Response:
    """Headers of every answer; the visit goes on."""
    scripts, calls = "'self'", "'self'"
    if request.endpoint in ("liff.enter", "liff.session") and not site().played:
        scripts, calls = f"'self' {LINE_SCRIPT}", f"'self' {LINE_CALLS}"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {scripts}; connect-src {calls}; style-src 'self';"
        " img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    if request.endpoint != "liff.static":
        response.headers["Cache-Control"] = "no-store"
        visit = g.get("visit")
        if visit is not None and request.endpoint not in ("liff.enter", "liff.session"):
            site().visits.keep(response, visit)
    return response


def visitor() -> Visit:
    """Who is here; `admit` has made sure that somebody is."""
    found: Visit = g.visit
    return found


def standing() -> Standing:
    """Where the visitor's form stands."""
    return site().forms.standing(visitor().user, site().now())


def ask(key: str, **wish: object) -> None:
    """A change for the worker, unless this person has too many waiting."""
    if not site().forms.ask(visitor().user, key, site().now(), **wish):
        abort(Response(page("note", note="busy", link="form"), 429, {"Retry-After": "5"}))
    site().wake()


def see(endpoint: str, anchor: str | None = None) -> Response:
    """Go and look there: what was sent is not sent again by a reload."""
    address = url_for(f"liff.{endpoint}", _anchor=anchor)
    return Response(status=303, headers={"Location": address})


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def page(name: str, lang: str = "th", **values: object) -> str:
    """A page of ours, in the person's language."""

    def w(key: str, **hints: object) -> str:
        told = _words()[key]
        return told.get(lang, told["th"]).format(hotline=hotline(), **hints)

    def chats(group: str, key: str, **hints: str) -> str:
        return word(group, key, lang, **hints)

    visit = g.get("visit")
    return render_template(
        f"liff/{name}.html",
        lang=lang,
        w=w,
        chats=chats,
        csrf=visit.csrf if visit is not None else "",
        hotline=hotline(),
        **values,
    )
