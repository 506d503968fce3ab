"""The content files, one TOML a question, checked when read: an editor's slip is named at once."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from nlp.facts import Confidence, book
from nlp.intents import Intent

FOLDER = Path(__file__).parent.parent / "content"
DIMENSIONS = ("option", "scheme", "benefit", "case", "particular")
"""The tables of variants: [option.2], [scheme.s39], [benefit.death], [case.too_old],
[particular.fee]."""

_WORDS = {"text", "easy", "en"}
_VARIANT = _WORDS | {"next", "sources", "card", "confidence"}
_FILE = _VARIANT | {"label", "label_en", "say", "next_after", "until", *DIMENSIONS}
_CARD = {"title", "subtitle", "rows", "note", "colour", "image", "buttons"}


class ContentError(ValueError):
    """A content file is not as it must be; the message names file and place."""


@dataclass(frozen=True, slots=True)
class CardText:
    """A card before its facts are filled in; `buttons` are references, see buttons.py."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    subtitle: str = ""
    note: str = ""
    colour: str = ""
    image: str = ""
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """The words for one case of a question: a bubble a text."""

    text: tuple[str, ...]
    easy: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    cards: tuple[CardText, ...] = ()
    confidence: Confidence = Confidence.A


@dataclass(frozen=True, slots=True)
class Content:
    """A content file. `variants` holds "base" and e.g. "option.2"."""

    name: str
    label: str
    label_en: str
    say: str
    next_after: tuple[str, ...]
    """Quick replies of the variants that name none: the person has already said which case."""
    variants: dict[str, Variant]
    until: tuple[tuple[date, dict[str, Variant]], ...]
    """Words for older law, each with the last day it holds for."""

    def variant(self, key: str, day: date) -> Variant | None:
        """The words for a case under the law of a day."""
        for last, variants in self.until:
            if day <= last and key in variants:
                return variants[key]
        return self.variants.get(key)

    def every(self) -> list[tuple[str, date | None, Variant]]:
        """All variants, with the last day of the old ones."""
        out: list[tuple[str, date | None, Variant]] = [
            (key, None, v) for key, v in self.variants.items()
        ]
        for last, variants in self.until:
            out += [(key, last, v) for key, v in variants.items()]
        return out


Pages = Callable[[Intent], Content]


@cache
def content(intent: Intent) -> Content:
    """The content of a question, read once."""
    return load(FOLDER / f"{intent.value}.toml")


def load(path: Path) -> Content:
    """Read and check a content file. Raises ContentError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{path.name}: {error}") from error
    return parse(path.name, raw)


def parse(name: str, raw: dict[str, Any]) -> Content:
    """Check what a file holds and make it Content."""
    _refuse_unknown(name, raw, _FILE)
    for key in ("label", "say", "text", "next"):
        if not raw.get(key):
            raise ContentError(f"{name}: {key} is missing")
    until = tuple(
        (date.fromisoformat(day), _variants(f"{name} until {day}", table))
        for day, table in sorted(raw.get("until", {}).items())
    )
    return Content(
        name=name,
        label=raw["label"],
        label_en=raw.get("label_en", ""),
        say=raw["say"],
        next_after=tuple(raw.get("next_after", raw["next"])),
        variants=_variants(name, raw),
        until=until,
    )


def _variants(name: str, table: dict[str, Any]) -> dict[str, Variant]:
    variants = {}
    if "text" in table:
        base = {key: value for key, value in table.items() if key in _VARIANT}
        variants["base"] = _variant(name, base)
    for dimension in DIMENSIONS:
        for case, words in table.get(dimension, {}).items():
            variants[f"{dimension}.{case}"] = _variant(f"{name} [{dimension}.{case}]", words)
    return variants


def _variant(place: str, table: dict[str, Any]) -> Variant:
    _refuse_unknown(place, table, _VARIANT)
    if "text" not in table:
        raise ContentError(f"{place}: text is missing")
    for key in _WORDS & set(table):
        bubbles = table[key]
        if not isinstance(bubbles, list) or not all(isinstance(b, str) and b for b in bubbles):
            raise ContentError(f"{place}: {key} must be a list of texts, one a bubble")
    sources = tuple(table.get("sources", ()))
    missing = [key for key in sources if key not in book().sources]
    if missing:
        raise ContentError(f"{place}: sources not in facts.toml: {missing}")
    return Variant(
        text=tuple(table["text"]),
        easy=tuple(table.get("easy", ())),
        en=tuple(table.get("en", ())),
        next=tuple(table.get("next", ())),
        sources=sources,
        cards=tuple(_card(place, card) for card in table.get("card", ())),
        confidence=Confidence(table.get("confidence", "A")),
    )


def _card(place: str, table: dict[str, Any]) -> CardText:
    _refuse_unknown(f"{place} card", table, _CARD)
    return CardText(
        title=table["title"],
        rows=tuple(tuple(row) for row in table.get("rows", ())),
        subtitle=table.get("subtitle", ""),
        note=table.get("note", ""),
        colour=table.get("colour", ""),
        image=table.get("image", ""),
        buttons=tuple(table.get("buttons", ())),
    )


def _refuse_unknown(place: str, table: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise ContentError(f"{place}: unknown keys {unknown}")
