"""What the bot says, before LINE's JSON: a few frozen shapes that bot.line.render draws."""

from dataclasses import dataclass

from nlp.cards import Button, Card


@dataclass(frozen=True, slots=True)
class Say:
    """A text bubble (at most 5,000 UTF-16 units; ours stay below 350 characters)."""

    text: str


@dataclass(frozen=True, slots=True)
class Show:
    """One card, or several side by side (at most 12). `alt` is read aloud and shown in lists."""

    cards: tuple[Card, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture served by the bot itself. `path` starts with a slash."""

    path: str
    alt: str


Reply = Say | Show | Picture


@dataclass(frozen=True, slots=True)
class Replies:
    """All that is said to one event: at most 5 messages, and 13 quick replies below the last."""

    messages: tuple[Reply, ...] = ()
    quick: tuple[Button, ...] = ()
    large: bool = False
    """Easy reading: bigger letters on cards."""
