"""What stands around every page: the menu of this role, the undo bar, the picture for the app."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from flask import Flask, request, session, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user
from markupsafe import Markup

from bot.staff.context import console, me, now
from bot.staff.demo import logins
from bot.staff.guard import allowed

ENTRIES = (
    ("staff.leads.index", _("รายชื่อ"), "l"),
    ("staff.requests.index", _("คนที่ขอคุย"), "t"),
    ("staff.dashboard.index", _("ภาพรวม"), "d"),
    ("staff.bulk.index", _("ทีละหลายราย"), "b"),
    ("staff.questions.index", _("คำถามที่ตอบไม่ได้"), "q"),
    ("staff.answers.index", _("คำตอบของบอท"), "w"),
    ("staff.people.index", _("บัญชีผู้ใช้"), "p"),
    ("staff.campaigns.index", _("รหัสและโปสเตอร์"), "c"),
    ("staff.board.index", _("เป้าหมาย"), "o"),
    ("staff.broadcast.index", _("ส่งข่าว"), "e"),
    ("staff.audit_log.index", _("บันทึกการใช้งาน"), "a"),
    ("staff.account.index", _("บัญชีของฉัน"), "m"),
)
"""Endpoint, name, key after `g`. Shown to those whom the guard lets in."""
BEHIND = {
    "staff.lead": "staff.leads",
    "staff.queue": "staff.leads",
    "staff.export": "staff.leads",
    "staff.wordings": "staff.answers",
    "staff.events": "staff.campaigns",
}
"""Pages that one comes to from an entry: it stays marked."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu."""

    url: str
    name: str
    key: str
    here: bool


def install(app: Flask) -> None:
    """Give the templates what stands around every page."""

    def menu() -> list[Item]:
        return [
            Item(url_for(endpoint), str(name), key, _here(endpoint))
            for endpoint, name, key in ENTRIES
            if me().kind in allowed(app, endpoint)
        ]

    app.jinja_env.globals.update(
        staff_menu=menu,
        staff_undo=undo,
        staff_demo=lambda: console().demo,
        staff_demo_logins=lambda: logins(app.config["SECRET_KEY"]) if console().demo else (),
        staff_qr=code_picture,
        form_token=lambda: secrets.token_hex(16),
    )


def undo() -> dict[str, Any] | None:
    """The last change of this browser, while it can be taken back."""
    if not current_user.is_authenticated or not session.get("undo"):
        return None
    told: dict[str, Any] = session["undo"]
    return told if datetime.fromisoformat(told["until"]) > now() else None


def code_picture(name: str, key: str, issuer: str) -> Markup:
    """The square that a phone's app scans, drawn into the page (no picture of another host)."""
    secret = key.replace("-", "").replace(" ", "")
    made = segno.make(f"otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}")
    drawn: str = made.svg_inline(scale=5, border=2, svgclass=None, lineclass=None, title="QR")
    return Markup(drawn)  # noqa: S704 - made by segno from what Flask-Security gave, no stranger's text


def _here(endpoint: str) -> bool:
    part = (request.endpoint or "").rpartition(".")[0]
    return BEHIND.get(part, part) == endpoint.rpartition(".")[0]
