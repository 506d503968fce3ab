"""The numbers of the law as dated data: `facts_on(day)` gives those in force on a day."""

import itertools
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from nlp.cards import Source

PATH = Path(__file__).parent / "content" / "facts.toml"
STALE_AFTER = timedelta(days=180)

# fmt: off
_MONTHS = {
    "th": ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
           "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun",
           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
UNITS = frozenset((
    "baht", "baht_per_month", "baht_per_day", "days", "months", "years", "times", "persons",
    "hours", "millions", "date", "year", "phone", "web", "digits",
))
# fmt: on
_BUDDHIST = 543
_URL_SIGNS = ":/?#&=%+,;@~!$'()*"
_NAME = re.compile(r"\{facts\.([a-z0-9_.]+)\}")

Value = int | str | date


class Confidence(StrEnum):
    """How sure a fact is: A two sources agree, B one source, C not confirmed."""

    A = "A"
    B = "B"
    C = "C"


class FactsError(ValueError):
    """facts.toml is not as it must be; the message names the place."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of the law in one period."""

    key: str
    value: Value
    unit: str
    confidence: Confidence
    sources: tuple[str, ...]
    effective_from: date | None
    effective_to: date | None
    checked_on: date

    @property
    def is_law(self) -> bool:
        """False for phone numbers and addresses: they need no date, and calling is the check."""
        return not self.key.startswith("contact.")

    def text(self, lang: str = "th") -> str:
        """The value as people read it: thousands with commas, dates short."""
        if isinstance(self.value, date):
            return short_date(self.value, lang)
        if isinstance(self.value, str):
            return self.value
        if self.unit == "year":
            return str(self.value if lang == "th" else self.value - _BUDDHIST)
        return f"{self.value:,}"


class Numbers(Protocol):
    """What a calculation needs of the law: whole numbers by key."""

    def __getitem__(self, key: str) -> int: ...


class Facts:
    """All facts in force in one period; `facts["sickness.paid"]` is the number."""

    def __init__(self, facts: dict[str, Fact]) -> None:
        self._facts = facts

    def __contains__(self, key: object) -> bool:
        return key in self._facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def __getitem__(self, key: str) -> int:
        value = self._facts[key].value
        if not isinstance(value, int):
            raise TypeError(f"{key} is not a number")
        return value

    def fact(self, key: str) -> Fact:
        """The fact with its sources. Raises KeyError when none is in force."""
        return self._facts[key]

    def fill(self, template: str, lang: str = "th") -> str:
        """Replace every ``{facts.key}`` by its value as people read it."""
        return _NAME.sub(lambda m: self._facts[m[1]].text(lang), template)


class Reading:
    """Numbers that remember which facts were read, so that the answer can hedge by them."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.used: dict[str, Fact] = {}

    def __getitem__(self, key: str) -> int:
        self.used[key] = self._facts.fact(key)
        return self._facts[key]

    def __contains__(self, key: object) -> bool:
        return key in self._facts

    def peek(self, key: str) -> int:
        """A number that only sorts cases and is not told: it makes no answer unsure."""
        return self._facts[key]

    def day(self, key: str) -> date:
        """A date that only sorts cases."""
        value = self._facts.fact(key).value
        if not isinstance(value, date):
            raise TypeError(f"{key} is not a date")
        return value


@dataclass(frozen=True, slots=True)
class Book:
    """The whole file: every row, every source, and the periods between changes."""

    checked_on: date
    history_from: date
    sources: dict[str, Source]
    rows: dict[str, tuple[Fact, ...]]
    starts: tuple[date, ...]
    """First days of the periods in which no fact changes, in order."""


def short_date(day: date, lang: str = "th") -> str:
    """``1 ม.ค. 2569`` or ``1 Jan 2026``."""
    year = day.year if lang == "en" else day.year + _BUDDHIST
    return f"{day.day} {_MONTHS[lang][day.month - 1]} {year}"


@cache
def book() -> Book:
    """facts.toml, read and checked once."""
    return parse(tomllib.loads(PATH.read_text(encoding="utf-8")))


def facts_on(day: date) -> Facts:
    """The facts in force on a day (the oldest known ones for days before `history_from`)."""
    starts = book().starts
    return _period(starts[max(0, bisect_right(starts, day) - 1)])


@cache
def _period(start: date) -> Facts:
    """The facts of the period that begins on `start`."""
    current = {}
    for key, rows in book().rows.items():
        for row in rows:
            begins = row.effective_from is None or row.effective_from <= start
            if begins and (row.effective_to is None or start <= row.effective_to):
                current[key] = row
    return Facts(current)


def source(key: str) -> Source:
    """Title and address of a source named in facts.toml."""
    return book().sources[key]


def stale_facts(today: date) -> tuple[Fact, ...]:
    """The facts in force that nobody has checked for 180 days."""
    return tuple(f for f in facts_on(today) if f.checked_on + STALE_AFTER < today)


def facts_report(today: date) -> str:
    """What a person must look at again: facts that are stale, and those not confirmed."""
    facts, stale = list(facts_on(today)), stale_facts(today)
    unsure = [f for f in facts if f.confidence is not Confidence.A]
    lines = [f"{len(facts)} facts in force on {today}, {len(stale)} stale, {len(unsure)} unsure"]
    lines += [f"stale\t{f.key}\t{f.text()}\tchecked {f.checked_on}" for f in stale]
    lines += [f"{f.confidence}\t{f.key}\t{f.text()}\t{', '.join(f.sources)}" for f in unsure]
    return "\n".join(lines)


def parse(raw: dict[str, Any]) -> Book:
    """Check the file's content and make it a Book. Raises FactsError."""
    raw = dict(raw)
    checked_on, history_from = raw.pop("checked_on"), raw.pop("history_from")
    # LINE opens only addresses in ASCII; the file keeps them as people read them.
    sources = {
        key: Source(s["title"], quote(s["url"], safe=_URL_SIGNS))
        for key, s in raw.pop("sources").items()
    }
    rows: dict[str, tuple[Fact, ...]] = {}
    for group, members in raw.items():
        for name, table in members.items():
            key = f"{group}.{name}"
            rows[key] = _rows(key, table, checked_on, sources)
    changes = {f.effective_from for facts in rows.values() for f in facts if f.effective_from}
    # A fact may also end without a successor: the next day is a period of its own.
    changes |= {
        f.effective_to + timedelta(days=1)
        for facts in rows.values()
        for f in facts
        if f.effective_to
    }
    starts = (history_from, *sorted(day for day in changes if day > history_from))
    return Book(checked_on, history_from, sources, rows, starts)


def _rows(
    key: str, table: dict[str, Any], checked_on: date, sources: dict[str, Source]
) -> tuple[Fact, ...]:
    unknown = set(table) - {"unit", "about", "rows"}
    if unknown:
        raise FactsError(f"{key}: unknown keys {sorted(unknown)}")
    if table["unit"] not in UNITS:
        raise FactsError(f"{key}: unknown unit {table['unit']!r}")
    facts = tuple(_row(key, table["unit"], row, checked_on, sources) for row in table["rows"])
    for before, after in itertools.pairwise(facts):
        if before.effective_to is None or after.effective_from is None:
            raise FactsError(f"{key}: only the first row may be open to the past, the last ahead")
        if before.effective_to + timedelta(days=1) != after.effective_from:
            raise FactsError(f"{key}: gap or overlap at {after.effective_from}")
    return facts


def _row(
    key: str, unit: str, row: dict[str, Any], checked_on: date, sources: dict[str, Source]
) -> Fact:
    unknown = set(row) - {"from", "to", "value", "confidence", "sources", "checked_on"}
    if unknown:
        raise FactsError(f"{key}: unknown keys {sorted(unknown)}")
    missing = [name for name in row["sources"] if name not in sources]
    if missing:
        raise FactsError(f"{key}: unknown sources {missing}")
    if row["confidence"] == Confidence.A and not row["sources"]:
        raise FactsError(f"{key}: confidence A needs a source")
    return Fact(
        key=key,
        value=row["value"],
        unit=unit,
        confidence=Confidence(row["confidence"]),
        sources=tuple(row["sources"]),
        effective_from=row.get("from"),
        effective_to=row.get("to"),
        checked_on=row.get("checked_on", checked_on),
    )
