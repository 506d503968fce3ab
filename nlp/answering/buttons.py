"""References to buttons in content files, resolved to what a person taps.

``benefit_death`` asks a question, ``benefit_death?option=2`` asks it with an entity named,
``source:<question>`` opens its sources,
``do:<command>`` acts, ``tel:hotline`` calls, ``web:sso`` opens, ``pick:location`` picks.
A label of its own goes before: ``สมัครทางเลือก 2|Join option 2|register_start?option=2``.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from nlp.answering.content import ContentError, content
from nlp.answering.words import word
from nlp.cards import Button
from nlp.facts import book
from nlp.intents import Intent
from nlp.understanding import Entities

_NUMBERS = (
    *("option", "age", "months", "missed", "amount", "days", "children"),
    *("rest_days", "visits"),
)
_LISTS = ("options", "schemes")
_WORDS = ("province", "district", "tambon", "occupation", "benefit")


def entities_of(query: str) -> Entities:
    """The entities a button names after its ``?``; what is odd is left out."""
    known: dict[str, Any] = {}
    for key, value in parse_qsl(query):
        if key in _NUMBERS and value.isdecimal():
            known[key] = int(value)
        elif key == "in_hospital":
            known[key] = value == "true"
        elif key in _LISTS:
            known[key] = (*known.get(key, ()), int(value) if value.isdecimal() else value)
        elif key in _WORDS:
            known[key] = value
        elif key == "on" and (day := _day(value)):
            known[key] = day
    return Entities(**known)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


@cache
def button(reference: str, lang: str = "th") -> Button:
    """The button a reference stands for. Raises ContentError for an unknown one."""
    *own, reference = reference.split("|")
    if own:
        return replace(button(reference, lang), label=own[-1] if lang == "en" else own[0])
    kind, _, rest = reference.partition(":")
    if rest:
        return _special(kind, rest, reference, lang)
    name, _, query = reference.partition("?")
    try:
        target = content(Intent(name))
    except ValueError as error:
        raise ContentError(f"no such question: {reference}") from error
    label = target.label_en if lang == "en" and target.label_en else target.label
    if not query:
        return Button(label, data=f"ask:{name}", say=target.say if lang == "th" else label)
    key, _, value = query.partition("=")
    short = word(key, value, lang)
    say = f"{target.say} {short}" if lang == "th" else f"{label}: {short}"
    return Button(short, data=f"ask:{name}?{query}", say=say)


def buttons(references: Iterable[str], lang: str = "th") -> tuple[Button, ...]:
    """The buttons of a list of references."""
    return tuple(button(reference, lang) for reference in references)


def _asked(question: str, reference: str) -> str:
    """The question as it is, when there is such a one."""
    try:
        Intent(question.partition("?")[0])
    except ValueError as error:
        raise ContentError(f"no such question: {reference}") from error
    return question


def _special(kind: str, name: str, reference: str, lang: str) -> Button:
    match kind:
        case "do":
            label = word("do", name, lang)
            return Button(label, data=f"do:{name}", say=label)
        case "source":
            label = word("button", "source", lang)
            return Button(label, data=f"do:source={_asked(name, reference)}", say=label)
        case "tel":
            number = book().rows[f"contact.{name}"][-1].text()
            return Button(f"{word('button', 'call', lang)} {number}", uri=f"tel:{number}")
        case "web":
            address = book().rows["contact.web"][-1].text()
            return Button(word("button", "web", lang), uri=f"https://{address}")
        case "pick":
            return Button(word("button", name, lang), pick=name)
    raise ContentError(f"no such button: {reference}")
