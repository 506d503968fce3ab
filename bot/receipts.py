"""A receipt's QR picture and its calendar file, at addresses that nobody can guess.

An address holds the reference (and the day of the call) and a keyed hash of both: what it shows
was told to the person already, nothing is looked up, no name or number is in it. Without the hash
a stranger could not even make the bot draw.
"""

import hashlib
import hmac
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import segno
from flask import Blueprint, Flask, Response, abort, current_app

from handlers.phrases import say

_SHAPE = re.compile(r"^S40-[0-9A-Z]{4}-[0-9A-Z]{4}$")
_HASH_LETTERS = 32
_FOLDED_AT = 73
"""A line of a calendar file has at most 75 bytes (RFC 5545 §3.1)."""
KEPT_FOR = timedelta(days=1)

receipts = Blueprint("receipts", __name__)


class ReceiptLinks:
    """Makes the addresses and tells ours from others, by a key drawn from SECRET_KEY."""

    def __init__(self, secret_key: str) -> None:
        self._key = hmac.digest(secret_key.encode(), b"nong-sisip receipts", hashlib.sha256)

    def picture(self, reference: str) -> str:
        """The path of the QR picture."""
        return f"/pictures/qr/{self._signed('qr', reference)}.png"

    def calendar(self, reference: str, due: date) -> str:
        """The path of the calendar file; LINE opens it in the phone's own browser."""
        name = self._signed("calendar", f"{reference}-{due:%Y%m%d}")
        return f"/calendar/{name}.ics?openExternalBrowser=1"

    def paper(self, paper: str, code: str) -> str:
        """The path of a volunteer's paper (`bot.outreach.kit`)."""
        return f"/kit/{paper}/{self._signed('kit', code)}.png?openExternalBrowser=1"

    def opened(self, kind: str, name: str) -> str:
        """What was signed; empty unless it was signed by us for this kind."""
        plain = name.rpartition("-")[0]
        genuine = hmac.compare_digest(self._signed(kind, plain).encode(), name.encode())
        return plain if genuine else ""

    def _signed(self, kind: str, plain: str) -> str:
        made = hmac.new(self._key, f"{kind}|{plain}".encode(), hashlib.sha256).hexdigest()
        return f"{plain}-{made[:_HASH_LETTERS]}"


def register(app: Flask, secret_key: str, now: Callable[[], datetime]) -> None:
    """Serve both."""
    app.extensions["nong_sisip_receipts"] = (ReceiptLinks(secret_key), now)
    app.register_blueprint(receipts)


@receipts.get("/pictures/qr/<name>.png")
def picture(name: str) -> Response:
    """The reference as a QR, to show at the office; 404 for an address we did not make."""
    links, _ = current_app.extensions["nong_sisip_receipts"]
    reference = links.opened("qr", name)
    if not _SHAPE.match(reference):
        abort(404)
    drawn = io.BytesIO()
    segno.make_qr(reference, error="m").save(drawn, kind="png", scale=16, border=4)
    response = Response(drawn.getvalue(), mimetype="image/png")
    response.cache_control.private = True
    response.cache_control.max_age = int(KEPT_FOR.total_seconds())
    return unlisted(response)


@receipts.get("/calendar/<name>.ics")
def calendar(name: str) -> Response:
    """The day of the call for the phone's calendar; 404 for an address we did not make."""
    links, now = current_app.extensions["nong_sisip_receipts"]
    reference, _, day = links.opened("calendar", name).rpartition("-")
    if not _SHAPE.match(reference):
        abort(404)
    due = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date()
    response = Response(event(reference, due, now()), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{reference}.ics"'
    response.headers["Cache-Control"] = "no-store"
    return unlisted(response)


def event(reference: str, due: date, now: datetime) -> bytes:
    """One event of a whole day, with no one's name in it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Nong Sisip//Section 40//TH",
        "BEGIN:VEVENT",
        f"UID:{reference}@nong-sisip",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(say('calendar_title', 'th'))}",
        f"DESCRIPTION:{_escaped(say('calendar_note', 'th', reference=reference))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines).encode()


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", r"\n")


def _folded(line: str) -> str:
    """The line in parts short enough, none of which cuts a letter."""
    parts, size = [""], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _FOLDED_AT:
            parts.append("")
            size = 0
        parts[-1] += letter
        size += width
    return "\r\n ".join(parts)


def unlisted(response: Response) -> Response:
    """Not for search engines, and not told to the next site."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
