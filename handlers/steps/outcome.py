"""What a parser may say: a value, `More` (understood in part) or `Invalid` (why not)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

Value = str | Mapping[str, str]
"""What is stored for a step; always JSON."""
CUT = "|"
"""Marks the place in the rest of a message where a sure answer was taken out."""


def without(said: str, found: re.Match[str]) -> str:
    """The rest of a message after this answer was taken out of it."""
    return f"{said[: found.start()]} {CUT} {said[found.end() :]}".strip()


@dataclass(frozen=True, slots=True)
class Heard:
    """What a parser may know besides the text. `partial`: what it understood of the last try."""

    today: date
    answers: Mapping[str, Value] = field(default_factory=dict)
    partial: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value offered as a button. `text` is what the button sends: the same parser reads it."""

    label: str
    text: str


class Invalid(Exception):
    """Not understood, or not acceptable: `code` picks the words, `hints` fill them."""

    def __init__(self, code: str, **hints: str) -> None:
        super().__init__(code)
        self.code = code
        self.hints = hints


class More(Exception):
    """Understood in part. `code` picks the question that completes it; `partial` is kept for it."""

    def __init__(
        self,
        code: str,
        partial: Mapping[str, str],
        choices: tuple[Choice, ...] = (),
        **hints: str,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.partial = dict(partial)
        self.choices = choices
        self.hints = hints


@dataclass(frozen=True, slots=True)
class Parser:
    """`read` with the codes it can raise, so that a test can ask for the words of each."""

    read: Callable[[str, Heard], Value]
    invalid: tuple[str, ...]
    more: tuple[str, ...] = ()
    take: Callable[[str], tuple[str, str] | None] | None = None
    """Cuts a sure answer out of a longer message: (its text, the rest)."""
