"""`python -m bot contact-sheet FOLDER`: every variant of every answer, drawn as LINE shows it."""

import argparse
import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.preview import BANGKOK, Preview, drawable, preview
from bot.simulator.drawing import NoBrowser, draw_chats
from nlp.answering.choice import Question, by_name
from nlp.answering.choosers import CHOOSERS
from nlp.answering.content import content
from nlp.answering.words import words
from nlp.facts import Reading, book, facts_on
from nlp.intents import Intent
from nlp.understanding import Entities

COLUMNS, ROWS = 6, 2
_BENEFITS = ("sickness", "disability", "death", "old_age", "child")
_OPTIONS = (None, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Shown:
    """One variant: what it is called, and the answer that tells it."""

    name: str
    made: Preview


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the pages; 1 when LINE would refuse an answer or there is no Chromium."""
    parser = argparse.ArgumentParser(prog="python -m bot contact-sheet", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pages go, as PNG")
    parser.add_argument("--on", type=date.fromisoformat, help="the day, e.g. 2026-01-01")
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    shown = list(variants(chosen.on or datetime.now(BANGKOK).date()))
    for number, page in enumerate(_parts(shown, COLUMNS * ROWS), start=1):
        try:
            png = draw_chats([_column(part) for part in _parts(page, ROWS)])
        except NoBrowser as error:
            print(error, file=sys.stderr)  # noqa: T201 - the command's output
            return 1
        (chosen.folder / f"page-{number:02}.png").write_bytes(png)
    wrong = [f"{one.name}: {problem}" for one in shown for problem in one.made.problems]
    print("\n".join([*wrong, f"{len(shown)} variants, {len(wrong)} that LINE would refuse"]))  # noqa: T201 - the command's output
    return 1 if wrong else 0


def variants(today: date) -> Iterator[Shown]:
    """An answer for each variant of each page: with today's law, and under each older one."""
    for intent in Intent:
        seen: set[str] = set()
        for day, asked in itertools.product((today, *reversed(book().starts)), _asked()):
            name = _name(intent, asked, day, today)
            if name not in seen:
                seen.add(name)
                yield Shown(name, preview(intent, asked, day))


def _name(intent: Intent, asked: Entities, day: date, today: date) -> str:
    """The variants that are told; the same words under another law are not told again."""
    question = Question(asked, Reading(facts_on(day)), day, today, "th")
    choice = CHOOSERS.get(intent, by_name)(question)
    page = content(choice.page or intent)
    keys = [key for key in choice.keys if page.variant(key, day) is not None] or ["base"]
    old = [last for last, until in page.until if day <= last and set(keys) & set(until)]
    return f"{page.name.removesuffix('.toml')} {' + '.join(keys)} {min(old, default='')}".strip()


def _asked() -> Iterator[Entities]:
    """What answers turn on, plainest first."""
    yield Entities()
    yield from (Entities(option=option) for option in _OPTIONS)
    yield from (Entities(options=pair) for pair in ((1, 2), (1, 3), (2, 3), (1, 2, 3)))
    yield from (Entities(age=age) for age in (3, 7, 9, 14, 15, 45, 60, 62, 65, 66))
    yield from (Entities(schemes=(name,)) for name in _schemes())
    yield from (Entities(occupation=name) for name in words()["occupation"])
    yield from (Entities(province=name) for name in ("ขอนแก่น", "กรุงเทพมหานคร", "นนทบุรี", "ไม่มี"))
    for benefit, option in itertools.product(_BENEFITS, _OPTIONS):
        yield Entities(benefit=benefit, option=option)
    yield from (Entities(children=2, age=age, months=paid) for age in (3, 9) for paid in (None, 8))
    yield from (Entities(amount=amount) for amount in (20, 70, 100, 300, 500, 5000))
    for option, months in itertools.product(_OPTIONS, (1, 3, 8, 13, 70, 240)):
        yield Entities(option=option, months=months)
        yield Entities(option=option, months=months, amount=5000)
    for option, days, stays in itertools.product(_OPTIONS, (1, 2, 5, 31, 120), (None, True, False)):
        yield Entities(option=option, days=days, in_hospital=stays)
    yield from (Entities(in_hospital=stays) for stays in (True, False))
    yield Entities(days=5, in_hospital=True, months=2)
    yield from (Entities(amount=facts_on(day)["contribution.option3"]) for day in book().starts)
    yield from (Entities(on=day) for day in (date(2020, 2, 29), date(2026, 5, 1)))


def _schemes() -> list[str]:
    """The other schemes that some page has words for."""
    keys = (key.partition(".") for intent in Intent for key in content(intent).variants)
    return sorted({name for kind, _, name in keys if kind == "scheme"})


def _column(part: Sequence[Shown]) -> list[dict[str, Any]]:
    """Below each name its messages."""
    return [
        message
        for one in part
        for message in (
            {"type": "text", "text": f"— {one.name} —"},
            *drawable(one.made, one.made.answer.on),
        )
    ]


def _parts(items: Sequence[Shown], size: int) -> Iterator[Sequence[Shown]]:
    return (items[n : n + size] for n in range(0, len(items), size))


if __name__ == "__main__":
    sys.exit(main())
