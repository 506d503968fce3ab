"""What the conversation says beside answers and steps: words.toml, in the person's language."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from handlers.steps.dates import BUDDHIST, MONTHS
from nlp.cards import Button
from nlp.facts import facts_on

Table = dict[str, dict[str, dict[str, str]]]


@cache
def _words() -> Table:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def has(group: str, key: str) -> bool:
    """Whether words.toml has these words."""
    return key in _words()[group]


def word(group: str, key: str, lang: str, **hints: str) -> str:
    """The words of a key, filled; Thai where there is no other language."""
    told = _words()[group][key]
    return filled(told.get(lang, told["th"]), **hints)


def say(key: str, lang: str, **hints: str) -> str:
    """A sentence of the conversation."""
    return word("say", key, lang, **hints)


def filled(template: str, **hints: str) -> str:
    """A template with its hints; {hotline} comes from the facts."""
    return template.format_map({"hotline": hotline(), **hints})


def hotline() -> str:
    """The hotline's number."""
    return facts_on(date.max).fact("contact.hotline").text()


def button(key: str, lang: str, data: str = "", **hints: str) -> Button:
    """A button of words.toml; without `data` it does the command of its own name."""
    label = word("button", key, lang, **hints)
    return Button(label, data=data or f"do:{key}", say=label)


@cache
def _labels() -> dict[str, str]:
    return {label: key for key, table in _words()["button"].items() for label in table.values()}


def label_of(text: str) -> str:
    """The button whose label was typed instead of tapped; empty: none."""
    return _labels().get(text, "")


def call(lang: str) -> Button:
    """Calls the hotline."""
    return Button(word("button", "hotline", lang), uri=f"tel:{hotline()}")


def long_date(day: date, lang: str) -> str:
    """25 พฤศจิกายน 2569, or 25 November 2026."""
    if lang == "en":
        return f"{day.day} {day:%B} {day.year}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + BUDDHIST}"
