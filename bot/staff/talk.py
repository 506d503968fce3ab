"""The conversation beside the form: what was said lately, as far as it is still kept.

Long numbers are hidden, since people type their ID number and phone into the chat.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import utc
from bot.staff import masks
from db.inbox import InboxEvent
from db.outbox import SENT, UNSURE, WAITING, OutboxRow
from db.session import keys

SHOWN = 40
_LONG_NUMBER = re.compile(r"[0-9๐-๙](?:[ \-.]?[0-9๐-๙]){7,}")


@dataclass(frozen=True, slots=True)
class Line:
    """One bubble: who spoke (`person`, `bot`, `staff`), when, what; how it went for ours."""

    who: str
    at: datetime
    text: str
    state: str = ""


def of(session: Session, user: str) -> list[Line]:
    """The last bubbles of the talk with a LINE account, oldest first."""
    if not user:
        return []
    lines = [*_said(session, user), *_answered(session, user)]
    return sorted(lines, key=lambda line: line.at)[-SHOWN:]


def hide_numbers(text: str) -> str:
    """The text without numbers long enough to be a phone or an ID."""
    return _LONG_NUMBER.sub(masks.HIDDEN * 6, text)


def _said(session: Session, user: str) -> Iterator[Line]:
    rows = session.scalars(
        select(InboxEvent)
        .where(InboxEvent.talk == user, InboxEvent.payload.is_not(None))
        .order_by(InboxEvent.happened_ms.desc())
        .limit(SHOWN)
    )
    for row in rows:
        event = _opened(session, row.payload, f"inbox|payload|{row.event_id}")
        text = _words(event)
        if text:
            yield Line("person", utc(row.happened_ms), hide_numbers(text))


def _answered(session: Session, user: str) -> Iterator[Line]:
    rows = session.scalars(
        select(OutboxRow)
        .where(OutboxRow.talk == user, OutboxRow.kind == "message", OutboxRow.body.is_not(None))
        .order_by(OutboxRow.created_ms.desc())
        .limit(SHOWN)
    )
    for row in rows:
        body = _opened(session, row.body, f"outbox|body|{row.id}")
        who = "staff" if row.event_id.startswith("staff-m") else "bot"
        for message in body.get("messages", []):
            text = str(message.get("text") or message.get("altText") or "")
            if text:
                yield Line(who, utc(row.created_ms), hide_numbers(text), _state(row.status))


def _state(status: int) -> str:
    if status <= WAITING + 1:
        return "waiting"
    return {SENT: "sent", UNSURE: "unsure"}.get(status, "failed")


def _words(event: Mapping[str, Any]) -> str:
    message = event.get("message")
    if event.get("type") == "message" and isinstance(message, dict):
        kind = str(message.get("type", ""))
        return str(message.get("text", "")) if kind == "text" else f"[{kind}]"
    postback = event.get("postback")
    if event.get("type") == "postback" and isinstance(postback, dict):
        return f"[{postback.get('displayText') or 'ปุ่ม'}]"
    return ""


def _opened(session: Session, sealed: bytes | None, place: str) -> dict[str, Any]:
    try:
        found = json.loads(keys(session).open_or_empty(sealed, place) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
