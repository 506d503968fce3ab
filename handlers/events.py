"""What comes in: every LINE event, and the bot's own, as a closed union of frozen dataclasses.

`parse` never raises: what it does not know becomes `Unknown`, so that a strange event can't hurt
its neighbours. Source: LINE's webhook reference. Our own events are raw objects of the same form,
told by their `type`: ``staff`` and ``reminder`` have `kind` and `values` (texts by name), ``form``
has `answers` ([[step, text], …]), `submit`, `confirmed` and `serial`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every event has. `chat` is where an answer goes: a user, group or room id.

    at: when it happened (aware UTC). standby: another module answers, so the bot stays silent.
    """

    event_id: str
    at: datetime
    chat_kind: str = "user"
    chat: str = ""
    user: str = ""
    standby: bool = False
    redelivered: bool = False
    can_reply: bool = False


@dataclass(frozen=True, slots=True)
class TextMessage:
    envelope: Envelope
    message_id: str
    text: str
    mentions_bot: bool = False
    mentions_all: bool = False


@dataclass(frozen=True, slots=True)
class StickerMessage:
    envelope: Envelope
    message_id: str
    keywords: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class MediaMessage:
    """An image, video, audio or file. It is never fetched (pictures of ID cards are not wanted)."""

    envelope: Envelope
    message_id: str
    kind: str
    first_of_set: bool = True


@dataclass(frozen=True, slots=True)
class LocationMessage:
    envelope: Envelope
    message_id: str
    latitude: float
    longitude: float
    address: str = ""


@dataclass(frozen=True, slots=True)
class Postback:
    """`picked`: what a date picker gave, ISO; empty otherwise."""

    envelope: Envelope
    data: str
    picked: str = ""


@dataclass(frozen=True, slots=True)
class Follow:
    envelope: Envelope
    unblocked: bool = False


@dataclass(frozen=True, slots=True)
class Unfollow:
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Unsend:
    envelope: Envelope
    message_id: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A group text that was edited: the new text, under the id of the original."""

    envelope: Envelope
    message_id: str
    text: str
    mentions_bot: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """The bot itself joined a group or room."""

    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Left:
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class MembersJoined:
    envelope: Envelope
    count: int = 1


@dataclass(frozen=True, slots=True)
class MembersLeft:
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Beacon:
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class AccountLinked:
    envelope: Envelope
    ok: bool


@dataclass(frozen=True, slots=True)
class VideoWatched:
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class StaffMessage:
    """Ours: an officer writes, or the status of a lead changed. `kind` picks the words."""

    envelope: Envelope
    kind: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reminder:
    """Ours: a timed nudge has come due (half-made form, payment day, expiry)."""

    envelope: Envelope
    kind: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormSaved:
    """Ours: the form page inside LINE stored answers; `answers` are (step, raw text) in order.

    confirmed: a question of ours that was answered with yes on the page, as in
    Conversation.pending. serial: the form that the page showed; 0: whichever is open.
    """

    envelope: Envelope
    answers: tuple[tuple[str, str], ...] = ()
    submit: bool = False
    confirmed: str = ""
    serial: int = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """A kind we don't know, or one that needs nothing (module, membership, delivery…)."""

    envelope: Envelope
    kind: str
    raw: Mapping[str, Any] = field(default_factory=dict)


Inbound = (
    TextMessage
    | StickerMessage
    | MediaMessage
    | LocationMessage
    | Postback
    | Follow
    | Unfollow
    | Unsend
    | Edited
    | Joined
    | Left
    | MembersJoined
    | MembersLeft
    | Beacon
    | AccountLinked
    | VideoWatched
    | StaffMessage
    | Reminder
    | FormSaved
    | Unknown
)


_CHATS = {"user": "userId", "group": "groupId", "room": "roomId"}
_NEVER = datetime.fromtimestamp(0, UTC)


def parse(raw: Mapping[str, Any]) -> Inbound:
    """Any JSON object as an event; what is missing gets its empty value."""
    envelope = _envelope(raw)
    kind = _text(raw, "type")
    if kind in ("message", "messageEdited"):
        return _message(envelope, _object(raw, "message"), edited=kind == "messageEdited")
    make = _KINDS.get(kind)
    return make(envelope, raw) if make else Unknown(envelope, kind, raw)


def _envelope(raw: Mapping[str, Any]) -> Envelope:
    source = _object(raw, "source")
    chat_kind = _text(source, "type")
    delivery = _object(raw, "deliveryContext")
    return Envelope(
        event_id=_text(raw, "webhookEventId"),
        at=_moment(raw.get("timestamp")),
        chat_kind=chat_kind if chat_kind in _CHATS else "user",
        chat=_text(source, _CHATS.get(chat_kind, "userId")),
        user=_text(source, "userId"),
        standby=raw.get("mode") == "standby",
        redelivered=delivery.get("isRedelivery") is True,
        can_reply=bool(_text(raw, "replyToken")),
    )


def _message(envelope: Envelope, message: Mapping[str, Any], *, edited: bool) -> Inbound:
    message_id, kind = _text(message, "id"), _text(message, "type")
    mentionees = _list(_object(message, "mention"), "mentionees")
    mentions = [m for m in mentionees if isinstance(m, Mapping)]
    to_bot = any(m.get("isSelf") is True for m in mentions)
    if edited:
        return Edited(envelope, message_id, _text(message, "text"), to_bot)
    if kind == "text":
        to_all = any(m.get("type") == "all" for m in mentions)
        return TextMessage(envelope, message_id, _text(message, "text"), to_bot, to_all)
    if kind == "sticker":
        words = tuple(w for w in _list(message, "keywords") if isinstance(w, str))
        return StickerMessage(envelope, message_id, words, _text(message, "text"))
    if kind in ("image", "video", "audio", "file"):
        first = _object(message, "imageSet").get("index", 1) == 1
        return MediaMessage(envelope, message_id, kind, first)
    if kind == "location":
        place = (_degrees(message, "latitude"), _degrees(message, "longitude"))
        return LocationMessage(envelope, message_id, *place, address=_text(message, "address"))
    return Unknown(envelope, f"message/{kind}", message)


def _postback(envelope: Envelope, raw: Mapping[str, Any]) -> Inbound:
    postback = _object(raw, "postback")
    params = _object(postback, "params")
    picked = _text(params, "date") or _text(params, "datetime") or _text(params, "time")
    return Postback(envelope, _text(postback, "data"), picked)


def _form_saved(envelope: Envelope, raw: Mapping[str, Any]) -> Inbound:
    pairs = [p for p in _list(raw, "answers") if isinstance(p, list) and len(p) == 2]
    answers = tuple((a, b) for a, b in pairs if isinstance(a, str) and isinstance(b, str))
    serial = raw.get("serial")
    return FormSaved(
        envelope,
        answers,
        submit=raw.get("submit") is True,
        confirmed=_text(raw, "confirmed"),
        serial=serial if isinstance(serial, int) else 0,
    )


def _values(raw: Mapping[str, Any]) -> dict[str, str]:
    return {str(k): v for k, v in _object(raw, "values").items() if isinstance(v, str)}


_KINDS: dict[str, Callable[[Envelope, Mapping[str, Any]], Inbound]] = {
    "postback": _postback,
    "follow": lambda e, raw: Follow(e, _object(raw, "follow").get("isUnblocked") is True),
    "unfollow": lambda e, raw: Unfollow(e),
    "unsend": lambda e, raw: Unsend(e, _text(_object(raw, "unsend"), "messageId")),
    "join": lambda e, raw: Joined(e),
    "leave": lambda e, raw: Left(e),
    "memberJoined": lambda e, raw: MembersJoined(
        e, len(_list(_object(raw, "joined"), "members")) or 1
    ),
    "memberLeft": lambda e, raw: MembersLeft(e),
    "beacon": lambda e, raw: Beacon(e),
    "accountLink": lambda e, raw: AccountLinked(e, _object(raw, "link").get("result") == "ok"),
    "videoPlayComplete": lambda e, raw: VideoWatched(e),
    "staff": lambda e, raw: StaffMessage(e, _text(raw, "kind"), _values(raw)),
    "reminder": lambda e, raw: Reminder(e, _text(raw, "kind"), _values(raw)),
    "form": _form_saved,
}


def _object(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(raw: Mapping[str, Any], name: str) -> list[Any]:
    value = raw.get(name)
    return value if isinstance(value, list) else []


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def _degrees(raw: Mapping[str, Any], name: str) -> float:
    value = raw.get(name)
    return float(value) if isinstance(value, int | float) and abs(value) <= 180 else 0.0


def _moment(raw: Any) -> datetime:
    try:
        return datetime.fromtimestamp(raw / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return _NEVER
