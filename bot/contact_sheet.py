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
from nlp.facts import book
from nlp.intents import Intent
from nlp.trial import Case, Told, examples

COLUMNS, ROWS = 6, 2


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
        for day, asked in itertools.product((today, *reversed(book().starts)), examples()):
            name = _name(Case(intent, asked, day).told())
            if name not in seen:
                seen.add(name)
                yield Shown(name, preview(intent, asked, day))


def _name(told: Told) -> str:
    """The variants that are told; the same words under another law are not told again."""
    old = min((until for _, until in told.variants if until), default="")
    return f"{told.page.value} {' + '.join(key for key, _ in told.variants)} {old}".strip()


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
