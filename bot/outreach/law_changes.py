"""Amounts of the law that will change: which, for whom, and the message that tells it.

They come from the dated facts alone, so that nobody types an amount. A value that is not confirmed
(C) is never told ahead; one with a single source (B) is told with the hotline to ask.
"""

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from bot.outreach.mailing import WORDS
from handlers.phrases import hotline, long_date
from nlp.facts import Book, Confidence, Fact, book

AHEAD = timedelta(days=92)
"""How long before the day people may be told."""


@dataclass(frozen=True, slots=True)
class Change:
    """One amount: what it is to people, before and after, and the options it concerns."""

    words: str
    before: Fact
    after: Fact
    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """All that changes on one day."""

    on: date
    changes: tuple[Change, ...]

    @property
    def about(self) -> str:
        """What marks a message as the one about this day."""
        return f"law {self.on.isoformat()}"

    @property
    def options(self) -> tuple[int, ...]:
        """Whom it concerns."""
        return tuple(sorted({option for one in self.changes for option in one.options}))

    @property
    def message(self) -> str:
        """What people are told."""
        unsure = any(one.after.confidence is not Confidence.A for one in self.changes)
        lines = (
            WORDS["law_line"].format(
                what=one.words, before=one.before.text(), after=one.after.text()
            )
            for one in self.changes
        )
        return WORDS["law"].format(
            day=long_date(self.on, "th"),
            lines="\n".join(lines),
            unsure=WORDS["law_unsure"].format(hotline=hotline()) if unsure else "",
            hotline=hotline(),
        )


def ahead(today: date, facts: Book | None = None) -> list[Day]:
    """The days ahead on which something changes that may be told, the next one first."""
    found: defaultdict[date, list[Change]] = defaultdict(list)
    rows = (facts or book()).rows
    for key, (words, options) in _told().items():
        for before, after in pairwise(rows.get(key, ())):
            start = after.effective_from
            changes = after.value != before.value and after.confidence is not Confidence.C
            if start is not None and today < start <= today + AHEAD and changes:
                found[start].append(Change(words, before, after, options))
    return [Day(on, tuple(found[on])) for on in sorted(found)]


@cache
def _told() -> dict[str, tuple[str, tuple[int, ...]]]:
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        f"{group}.{name}": (table["words"], tuple(table["options"]))
        for group, members in raw.items()
        for name, table in members.items()
    }
