"""The routes below /liff: sign-in through LINE, the form, the receipt.

The worker stays the only writer of a talk: what is changed here enters by the inbox.
"""

from collections.abc import Callable
from datetime import datetime

import orjson
from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict

from bot.config import Config
from bot.liff import data_views
from bot.liff.fields import fields, rows
from bot.liff.login import LineAway, Login, Refused
from bot.liff.posted import Data, Posted, read
from bot.liff.site import (
    NAME,
    Site,
    admit,
    ask,
    finish,
    page,
    see,
    site,
    standing,
    visitor,
)
from bot.liff.standing import Forms, Standing
from bot.liff.visits import Visits
from db.inbox import DEAD, DONE, PENDING
from handlers.flow import REVIEW, path
from handlers.phrases import long_date
from handlers.registration import REGISTRATION
from handlers.review import office
from handlers.tools import LeadSummary

__all__ = ["register"]

liff = Blueprint(
    "liff", __name__, url_prefix="/liff", template_folder="templates", static_folder="static"
)


def register(
    app: Flask,
    engine: Engine,
    config: Config,
    *,
    now: Callable[[], datetime],
    wake: Callable[[], None],
) -> None:
    """Serve the page, if LINE knows of one."""
    if not config.liff_id:
        return
    app.extensions[NAME] = Site(
        engine=engine,
        liff_id=config.liff_id,
        played=config.demo,
        login=Login(config.line_api_url, config.liff_id),
        visits=Visits(config.secret_key, secure=not config.demo, now=now),
        forms=Forms(engine, config.secret_key),
        now=now,
        wake=wake,
    )
    app.register_blueprint(liff)


liff.before_request(admit)
liff.after_request(finish)
data_views.add_to(liff)


@liff.get("/")
def enter() -> str:
    """Where LINE opens the page: its script tells who is there."""
    return page("enter", script=site().script, liff_id=site().liff_id, wrong="")


@liff.post("/session")
def session() -> ResponseReturnValue:
    """The ID token, which LINE itself must confirm, begins a visit."""
    try:
        user = site().login.user(request.form.get("id_token", ""), site().now())
    except Refused:
        return _not_in("sign_in_failed"), 403
    except LineAway:
        return _not_in("line_away"), 503
    answer = see("form")
    site().visits.begin(answer, user)
    return answer


def _not_in(wrong: str) -> str:
    return page("enter", script="", liff_id="", wrong=wrong)


@liff.get("/form")
def form() -> ResponseReturnValue:
    """The form where it stands, or what became of it."""
    now = standing()
    if now.deciding:
        return page("waiting", now.turn.lang, note="sending", back="form")
    sent = _last_sent(now)
    if sent is not None and "new" not in request.args:
        return _receipt(now, sent)
    return _form(now, None, MultiDict())


@liff.post("/form")
def answer() -> ResponseReturnValue:
    """Save what was changed; send, if that was wished and nothing is open."""
    now = standing()
    if now.deciding or request.form.get("serial") != str(now.form.serial):
        return see("form")
    posted = read(request.form, now.turn, now.form)
    wish = request.form.get("act", "save")
    if posted.answers:
        said = orjson.dumps(posted.answers).decode()
        key = site().forms.key(visitor().user, request.form.get("once", ""), said)
        ask(key, answers=posted.answers, serial=now.form.serial)
    ended = REGISTRATION.ended(path(REGISTRATION, posted.form.answers, now.turn.today).answers)
    if ended:
        return page("ended", now.turn.lang, key=ended, back=site().chat(now.turn.lang))
    after = now.with_form(posted.form)
    if wish == "submit":
        return _submitted(after, posted)
    if posted.refused:
        return _form(after, posted, request.form), 422
    if request.headers.get("X-Part") or wish == "lists":
        return _form(standing(), posted, request.form)
    open_step = path(REGISTRATION, posted.form.answers, now.turn.today).first_open
    return see("form", f"s-{open_step}")


def _submitted(now: Standing, posted: Posted) -> ResponseReturnValue:
    """Sends exactly what was reviewed: a change in the same breath is shown once more first."""
    if posted.refused or now.form.at != REVIEW:
        return _form(now, posted, request.form, missing=True), 422
    if posted.answers:
        return _form(now, posted, request.form, note="changed_first")
    key = site().forms.sending_key(visitor().user, now)
    if site().forms.sent(visitor().user, now) is None:
        ask(key, answers=[], submit=True, serial=now.form.serial)
    return see("form")


@liff.post("/likely")
def likely() -> ResponseReturnValue:
    """Somebody like this is registered already: send all the same, or drop it."""
    now = standing()
    if now.talk.pending == "likely" and not now.deciding:
        wish = "likely" if request.form.get("act") == "send" else "cancel"
        key = site().forms.key(visitor().user, wish, site().forms.sending_key(visitor().user, now))
        ask(key, confirmed=wish, serial=now.form.serial)
    return see("form")


@liff.get("/saved")
def saved() -> ResponseReturnValue:
    """How many changes the worker has not handled yet; the page asks now and then."""
    return {"waiting": standing().waiting}


def _form(
    now: Standing, posted: Posted | None, data: Data, *, note: str = "", missing: bool = False
) -> str:
    turn = now.turn
    nth = int(data.get("nth", "0")) if data.get("nth", "0").isdigit() else 0
    drawn = fields(turn, now.form, posted, data, nth)
    complete = now.form.at == REVIEW
    tried = site().forms.sent(visitor().user, now) if complete else None
    return page(
        "form",
        turn.lang,
        fields=drawn,
        open_steps=[f.id for f in drawn if missing and not f.kept and not f.error],
        serial=now.form.serial,
        once=site().forms.key(visitor().user, str(site().now().timestamp()), str(nth)),
        nth=nth + bool(posted and posted.refused),
        done=sum(bool(one.kept) for one in drawn),
        of=len(drawn),
        agreed=bool(now.form.consent_at),
        review=rows(turn, now.form) if complete else [],
        waiting=now.waiting,
        note=note,
        trouble=_trouble(now, tried),
        back=site().chat(turn.lang),
    )


def _trouble(now: Standing, tried: int | None) -> str:
    """The form was sent and is still here: why."""
    if tried == DONE:
        return "likely" if now.talk.pending == "likely" else "same"
    return {DEAD: "stuck", PENDING: "sending"}.get(tried, "") if tried is not None else ""


def _last_sent(now: Standing) -> LeadSummary | None:
    """The registration that the last form became, if no other form was begun since."""
    if now.is_open or not now.talk.last_reference:
        return None
    leads = now.turn.tools.leads()
    return next((one for one in leads if one.reference == now.talk.last_reference), None)


def _receipt(now: Standing, lead: LeadSummary) -> str:
    lang = now.turn.lang
    return page(
        "receipt",
        lang,
        lead=lead,
        office=office(lead.province, lang),
        due=long_date(lead.due_on, lang) if lead.due_on else "",
        back=site().chat(lang),
    )
