"""`python -m bot preview`: an answer as LINE shows it on a day, in the terminal or as a picture."""

import argparse
import base64
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.line.render import card_text, render
from bot.pictures import FONTS
from bot.simulator.drawing import NoBrowser, draw
from bot.simulator.rules import check_messages
from handlers.replies import Replies, Reply, Say, Show
from nlp.answer import Answer
from nlp.answers import answer
from nlp.chart import chart_png
from nlp.intents import Intent
from nlp.understanding import Entities

BANGKOK = ZoneInfo("Asia/Bangkok")
EXAMPLE_URL = "https://example.org"
"""Stands for the bot's own address, where nothing is to be had."""
_CHART = re.compile(rf"{re.escape(EXAMPLE_URL)}/pictures/savings-(\d+)-(\d+)-(\d+)\.png")


@dataclass(frozen=True, slots=True)
class Preview:
    """An answer, the messages made of it, and what LINE would refuse in them."""

    answer: Answer
    replies: Replies
    messages: list[dict[str, Any]]
    problems: list[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Show it; 1 when LINE would refuse it or it can't be drawn."""
    chosen = _parser().parse_args(arguments)
    names = ("option", "age", "months", "days", "children", "amount", "province")
    entities = Entities(**{name: getattr(chosen, name) for name in names})
    on = chosen.on or datetime.now(BANGKOK).date()
    made = preview(chosen.intent, entities, on, chosen.lang, easy=chosen.easy)
    print("\n".join(words(made)))  # noqa: T201 - the command's output
    if chosen.png:
        try:
            chosen.png.write_bytes(draw(drawable(made, on)))
        except NoBrowser as error:
            print(error, file=sys.stderr)  # noqa: T201 - the command's output
            return 1
    return 1 if made.problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot preview", description=__doc__)
    parser.add_argument("intent", type=Intent, help="an intent id, e.g. benefit_sickness")
    parser.add_argument("--on", type=date.fromisoformat, help="the day, e.g. 2026-01-01")
    parser.add_argument("--option", type=int, choices=(1, 2, 3))
    for name in ("age", "months", "days", "children", "amount"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--province")
    parser.add_argument("--easy", action="store_true", help="the easy-reading version")
    parser.add_argument("--lang", choices=("th", "en"), default="th")
    parser.add_argument("--png", type=Path, help="draw it into this file (needs Chromium)")
    return parser


def preview(
    intent: Intent, entities: Entities, on: date, lang: str = "th", *, easy: bool = False
) -> Preview:
    """The answer of that day as messages, checked by LINE's rules."""
    found = answer(intent, entities, today=on, lang=lang, easy=easy)
    said: tuple[Reply, ...] = tuple(Say(text) for text in found.bubbles)
    if found.cards:
        said += (Show(found.cards, found.cards[0].title),)
    replies = Replies(said, found.next, large=easy)
    messages = render(replies, EXAMPLE_URL)
    problems = [f"{p.property}: {p.message}" for p in check_messages(messages)]
    return Preview(found, replies, messages, problems)


def drawable(made: Preview, on: date) -> list[dict[str, Any]]:
    """The messages with their charts inside, for a page that can't fetch them."""

    def inside(chart: re.Match[str]) -> str:
        option, years, extra = (int(number) for number in chart.groups())
        png = chart_png(option, years, extra, today=on, fonts=FONTS)
        return "data:image/png;base64," + base64.b64encode(png).decode()

    shown: list[dict[str, Any]] = json.loads(_CHART.sub(inside, json.dumps(made.messages)))
    return shown


def words(made: Preview) -> Iterator[str]:
    """The lines of the terminal's version."""
    for reply in made.replies.messages:
        if isinstance(reply, Say):
            yield from _framed(reply.text.splitlines(), "│")
        elif isinstance(reply, Show):
            for card in reply.cards:
                buttons = [f"[ {button.label} ]" for button in card.buttons]
                yield from _framed([*card_text(card).splitlines(), *buttons], "┃")
    yield "  ".join(f"({button.label})" for button in made.replies.quick)
    for source in made.answer.sources:
        yield f"ที่มา: {source.title} {source.url}"
    if made.answer.hedged:
        yield "คำตอบนี้มีส่วนที่ยังไม่ยืนยัน"
    yield from (f"LINE จะไม่รับ: {problem}" for problem in made.problems)


def _framed(lines: Sequence[str], side: str) -> Iterator[str]:
    yield from (f"{side} {line}" for line in lines)
    yield ""


if __name__ == "__main__":
    sys.exit(main())
