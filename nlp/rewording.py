"""Words of an answer changed by staff: what may be changed, and the page with the new words.

A rewording holds the fingerprint of the file's words it was written against. When a release brings
other words or other facts, it no longer fits and the file's words are told again.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from string import Formatter

from nlp.answering.compose import MAX_BUBBLES
from nlp.answering.content import Content, Variant
from nlp.answering.typed_numbers import typed_numbers
from nlp.facts import Confidence, book, facts_on
from nlp.intents import Intent

STYLES = ("text", "easy", "en")
DOUBTS = (
    "ยังไม่", "เท่าที่", "น่าจะ", "กติกาที่รู้ถึง", "กติกาเดิม", "not confirmed", "known until",
)  # fmt: skip
"""A fact that is not confirmed is told with one of these."""
_LINK = re.compile(r"https?:|www\.|\S+@\S+|\b[\w-]+\.(com|net|org|th|me|ly|io|app|link)\b", re.I)
_THAI_LETTER = re.compile("[\u0e00-\u0e7f]")
_THAI_NAMES = re.compile(r"ม\.40")


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: page, case, last day of the older law (None: today's), style."""

    page: Intent
    variant: str
    until: date | None
    style: str


@dataclass(frozen=True, slots=True)
class Rewording:
    """Other words for a place, instead of the file's words with that fingerprint."""

    place: Place
    instead_of: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why words can't be told; `code` names it, `what` shows it."""

    code: str
    what: str = ""


def places(page: Content, intent: Intent) -> Iterator[tuple[Place, Variant]]:
    """Every place of a page that has words."""
    for variant, until, found in page.every():
        for style in STYLES:
            if getattr(found, style):
                yield Place(intent, variant, until, style), found


def words_at(page: Content, place: Place) -> tuple[str, ...]:
    """The words that stand there; none: there is no such place."""
    variants = page.variants if place.until is None else dict(page.until).get(place.until, {})
    found = variants.get(place.variant)
    words: tuple[str, ...] = getattr(found, place.style) if found is not None else ()
    return words


def fingerprint(words: tuple[str, ...]) -> str:
    """Tells whether words are still the same."""
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


def fits(page: Content, rewording: Rewording) -> bool:
    """Whether it was written for the words the page has, and can be told with its facts."""
    now = words_at(page, rewording.place)
    return (
        bool(now)
        and fingerprint(now) == rewording.instead_of
        and not any(_slot_faults(now, rewording.words))
    )


def reworded(page: Content, rewordings: Iterable[Rewording]) -> Content:
    """The page with other words at their places; those that no longer fit are left out."""
    made = page
    for one in rewordings:
        if fits(page, one):
            made = _laid_over(made, one)
    return made


def faults(page: Content, place: Place, words: tuple[str, ...]) -> list[Fault]:
    """What is wrong with new words, by themselves; `nlp.trial` tells how they come out."""
    if not any(word.strip() for word in words):
        return [Fault("empty")]
    return [
        *_slot_faults(words_at(page, place), words),
        *([Fault("many", str(MAX_BUBBLES))] if len(words) > MAX_BUBBLES else []),
        *_wording_faults(words, place.style),
        *_doubt_faults(page, place, words),
    ]


def slots(words: Iterable[str]) -> frozenset[str]:
    """The names in braces. Raises ValueError for braces that hold no name."""
    found = set()
    for text in words:
        for literal, name, spec, conversion in Formatter().parse(text):
            if "{" in literal or "}" in literal or spec or conversion or name == "":
                raise ValueError(text)
            if name is not None:
                found.add(name)
    return frozenset(found)


def _slot_faults(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Fault]:
    """A dropped fact would take its warning with it, so exactly the same ones must stand."""
    known = slots(old)
    try:
        used = slots(new)
    except ValueError:
        yield Fault("braces")
        return
    yield from (Fault("slot_missing", f"{{{name}}}") for name in sorted(known - used))
    yield from (Fault("slot_unknown", f"{{{name}}}") for name in sorted(used - known))


def _wording_faults(words: tuple[str, ...], style: str) -> Iterator[Fault]:
    together = "\n".join(words)
    yield from (Fault("number", found) for found in typed_numbers(together))
    yield from (Fault("link", match[0]) for match in _LINK.finditer(_bare(together)))
    hidden = {s for s in together if s != "\n" and unicodedata.category(s) in ("Cc", "Cf", "Co")}
    yield from (Fault("sign", f"U+{ord(sign):04X}") for sign in sorted(hidden))
    if style == "en":
        thai = _THAI_LETTER.search(_THAI_NAMES.sub("", _bare(together)))
        if thai:
            yield Fault("thai")
        return
    if "ค่ะ" not in together and "คะ" not in together:
        yield Fault("polite")
    if "ครับ" in together:
        yield Fault("he")


def _doubt_faults(page: Content, place: Place, words: tuple[str, ...]) -> Iterator[Fault]:
    """What is not confirmed, under any law these words are for, must sound like it."""
    try:
        names = {name.removeprefix("facts.") for name in slots(words)}
    except ValueError:
        return
    old = words_at(page, place)
    for day in book().starts:
        told = page.variant(place.variant, day)
        if told is None or getattr(told, place.style) != old:
            continue
        unsure = any(f.confidence is Confidence.C for f in facts_on(day) if f.key in names)
        if unsure and not any(doubt in "\n".join(words) for doubt in DOUBTS):
            yield Fault("doubt")
            return


def _bare(text: str) -> str:
    return re.sub(r"\{[^}]*\}", "", text)


def _laid_over(page: Content, one: Rewording) -> Content:
    place = one.place

    def changed(variants: dict[str, Variant]) -> dict[str, Variant]:
        return {**variants, place.variant: _with(variants[place.variant], place.style, one.words)}

    if place.until is None:
        return replace(page, variants=changed(page.variants))
    until = tuple((day, changed(v) if day == place.until else v) for day, v in page.until)
    return replace(page, until=until)


def _with(old: Variant, style: str, words: tuple[str, ...]) -> Variant:
    match style:
        case "easy":
            return replace(old, easy=words)
        case "en":
            return replace(old, en=words)
    return replace(old, text=words)
