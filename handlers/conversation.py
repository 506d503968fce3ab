"""The state of one talk, as JSON between two events. An odd state loses nothing it need not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from handlers.steps.outcome import Value
from nlp.intents import Intent
from nlp.understanding import Entities, Topic

VERSION = 1
TOPIC_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Form:
    """Where a person is in a flow. The path is computed from the answers, never stored.

    serial: which form of this talk it is; buttons carry it, so that an old one can't write here.
    partial: what the last answer was understood to mean so far. tries: misses at this step.
    """

    flow: str
    serial: int
    at: str
    answers: Mapping[str, Value] = field(default_factory=dict)
    partial: Mapping[str, str] = field(default_factory=dict)
    asking: Mapping[str, str] = field(default_factory=dict)
    """The question that completes `partial`: its code, hints and choices."""
    tries: int = 0
    touched_on: str = ""
    consent_at: str = ""
    """When the consent was given, ISO; empty: not yet."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One talk. `pending`: a question of ours that a yes or no answers, e.g. ``claim:<code>``."""

    lang: str = "th"
    easy: bool = False
    form: Form | None = None
    side: Form | None = None
    """A short flow on top of the form (which option for me): the form waits below it."""
    forms: int = 0
    """How many forms were begun: the next one's serial."""
    pending: str = ""
    topic: Topic | None = None
    topic_at: datetime | None = None
    misses: int = 0
    """Questions not understood, one after the other."""
    last_reference: str = ""
    last_serial: int = 0
    campaign: str = ""
    wrong_codes: int = 0
    wrong_at: datetime | None = None
    nudge: bool = False
    """The person asked to be reminded of a half-made form."""
    help_asked: bool = False
    """The person was asked whether a volunteer may help; that is done once."""
    cared_at: datetime | None = None
    """When the person last spoke of not wanting to live: what follows is heard with care."""
    officer_until: datetime | None = None
    """An officer talks with the person until then: the bot keeps out of it."""

    def topic_on(self, now: datetime) -> Topic | None:
        """What the talk is about, unless that was too long ago."""
        if self.topic is None or self.topic_at is None or now - self.topic_at > TOPIC_LASTS:
            return None
        return self.topic

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; members with their default value are left out."""
        out: dict[str, Any] = {"version": VERSION}
        empty = Conversation()
        for f in fields(self):
            value = getattr(self, f.name)
            if value != getattr(empty, f.name):
                out[f.name] = _plain(value)
        return out

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Conversation":
        """Never raises: members it can't read keep their default."""
        found = raw if isinstance(raw, Mapping) else {}
        read = {name: reader(found.get(name)) for name, reader in _READERS.items()}
        return cls(**{name: value for name, value in read.items() if value is not None})


def _plain(value: Any) -> Any:
    if isinstance(value, Form):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Topic):
        return {"intent": value.intent.value, "entities": value.entities.to_json()}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    return value


def _text(raw: Any) -> str | None:
    return raw if isinstance(raw, str) else None


def _number(raw: Any) -> int | None:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None


def _flag(raw: Any) -> bool | None:
    return raw if isinstance(raw, bool) else None


def _moment(raw: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _value(raw: Any) -> Value | None:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Mapping):
        return {str(k): v for k, v in raw.items() if isinstance(v, str)}
    return None


def _form(raw: Any) -> Form | None:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("flow"), str):
        return None
    answers = raw.get("answers")
    partial, asking = _value(raw.get("partial")), _value(raw.get("asking"))
    found = answers.items() if isinstance(answers, Mapping) else ()
    return Form(
        flow=raw["flow"],
        serial=_number(raw.get("serial")) or 0,
        at=_text(raw.get("at")) or "",
        answers={str(k): value for k, v in found if (value := _value(v)) is not None},
        partial=partial if isinstance(partial, Mapping) else {},
        asking=asking if isinstance(asking, Mapping) else {},
        tries=_number(raw.get("tries")) or 0,
        touched_on=_text(raw.get("touched_on")) or "",
        consent_at=_text(raw.get("consent_at")) or "",
    )


_DATES = ("birth_date", "on")
_TUPLES = ("options", "schemes", "child_ages")


def _topic(raw: Any) -> Topic | None:
    try:
        known = {f.name for f in fields(Entities)}
        entities = {k: v for k, v in raw.get("entities", {}).items() if k in known}
        for name in _DATES:
            if name in entities:
                entities[name] = date.fromisoformat(entities[name])
        for name in _TUPLES:
            if name in entities:
                entities[name] = tuple(entities[name])
        return Topic(Intent(raw["intent"]), Entities(**entities))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


_READERS: dict[str, Callable[[Any], Any]] = {
    "lang": _text,
    "easy": _flag,
    "form": _form,
    "side": _form,
    "forms": _number,
    "pending": _text,
    "topic": _topic,
    "topic_at": _moment,
    "misses": _number,
    "last_reference": _text,
    "last_serial": _number,
    "campaign": _text,
    "wrong_codes": _number,
    "wrong_at": _moment,
    "nudge": _flag,
    "help_asked": _flag,
    "cared_at": _moment,
    "officer_until": _moment,
}
