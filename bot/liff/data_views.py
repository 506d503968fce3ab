"""My data, on the page: what is held, who looked, a copy; withdrawing, stopping, erasing."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from bot.liff.site import ask, page, see, site, standing, visitor
from bot.mydata import as_file, everything
from db.session import reading
from handlers.phrases import long_date
from handlers.rights import MAX_LOOKS
from handlers.turn import BANGKOK


def add_to(liff: Blueprint) -> None:
    """The routes."""
    liff.add_url_rule("/data", "data", data)
    liff.add_url_rule("/data", "change", change, methods=["POST"])
    liff.add_url_rule("/copy", "copy", copy, methods=["POST"])


def data() -> ResponseReturnValue:
    """What is held, in outline, and what one may do about it."""
    return _data()


def copy() -> ResponseReturnValue:
    """All that is held, as a file. Asked for by a form of this visit, so no link can be stolen."""
    with reading(site().engine) as session:
        return as_file(everything(session, visitor().user))


def change() -> ResponseReturnValue:
    """Stop and delete the form, withdraw a registration, erase everything: each with a tick."""
    now, act = standing(), request.form.get("act", "")
    if request.form.get("sure") != "yes":
        return _data(note="be_sure"), 422
    serial = 0
    if act == "cancel" and now.is_open:
        wish, serial = "cancel", now.form.serial
    elif act == "erase":
        wish = "erase"
    elif act.removeprefix("withdraw:") in [lead.reference for lead in now.turn.tools.leads()]:
        wish = f"withdraw:{act.removeprefix('withdraw:')}"
    else:
        return see("data")
    key = site().forms.key(visitor().user, "data", wish, request.form.get("once", ""))
    ask(key, confirmed=wish, serial=serial)
    return see("data")


def _data(note: str = "") -> str:
    now = standing()
    lang, tools = now.turn.lang, now.turn.tools
    if now.deciding:
        return page("waiting", lang, note="changing", back="data")
    looks = [
        (long_date(look.at.astimezone(BANGKOK).date(), lang), look.office)
        for look in tools.accesses()[:MAX_LOOKS]
    ]
    return page(
        "data",
        lang,
        leads=tools.leads(),
        is_open=now.is_open,
        looks=looks,
        note=note,
        once=site().forms.key(visitor().user, str(site().now().timestamp())),
        back=site().chat(lang),
    )
