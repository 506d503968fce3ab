"""What comes in: every LINE event, and the bot's own, as a closed union of frozen dataclasses.

`parse` never raises: what it does not know becomes `Unknown`, so that a strange event can't hurt its
neighbours. Source: LINE's webhook reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    """Ours: an officer writes to the person, or the status of a lead changed. `kind` picks the words."""

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
    """Ours: the form page inside LINE stored answers; `answers` are (step, raw text) in order."""

    envelope: Envelope
    answers: tuple[tuple[str, str], ...] = ()
    submit: bool = False


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
