"""The front door: `answer` to a question, `special` reply to what is no question."""

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

from nlp.answer import Answer
from nlp.answering.buttons import buttons
from nlp.answering.choice import Question
from nlp.answering.choosers import chosen
from nlp.answering.compose import compose, fill_all
from nlp.answering.content import FOLDER, Content, Pages, content, parse
from nlp.cards import Button
from nlp.facts import Reading, book, facts_on
from nlp.intents import Intent
from nlp.understanding import Entities

_NO_ENTITIES = Entities()


def answer(
    intent: Intent,
    entities: Entities = _NO_ENTITIES,
    *,
    today: date,
    lang: str = "th",
    easy: bool = False,
    pages: Pages = content,
) -> Answer:
    """What to tell a person, under the law of the day the question is about.

    lang: "th", or "en" where the content has it. easy: short sentences for slow readers.
    pages: where the words of a question come from; the files, unless staff reworded some.
    """
    if entities.missed and intent is not Intent.PAYMENT_ARREARS:
        # Months paid before a gap say little of a right after it.
        entities = replace(entities, months=None)
    day = max(entities.on or today, book().history_from)
    question = Question(entities, Reading(facts_on(day)), day, today, lang)
    choice = chosen(intent, question, pages(intent))
    return compose(intent, pages(choice.page or intent), choice, question, easy=easy)


def special(kind: str, *, today: date, lang: str = "th", **values: str) -> Answer:
    """A reply to what is no question: despair, an insult, a sticker. Kinds: `special_kinds()`."""
    base = _specials()[kind].variants["base"]
    texts = base.en if lang == "en" and base.en else base.text
    bubbles, _ = fill_all(texts, facts_on(today), lang, values)
    return Answer(
        intent=Intent.OUT_OF_SCOPE, on=today, bubbles=bubbles, next=buttons(base.next, lang)
    )


def special_kinds() -> tuple[str, ...]:
    """All kinds `special` knows."""
    return tuple(_specials())


def labels(intents: Iterable[Intent], lang: str = "th") -> tuple[Button, ...]:
    """The buttons that ask these questions, for «หมายถึง…» and menus."""
    return buttons((intent.value for intent in intents), lang)


@cache
def _specials() -> dict[str, Content]:
    raw = tomllib.loads((FOLDER / "special.toml").read_text(encoding="utf-8"))
    return {
        kind: parse(f"special.toml [{kind}]", {"label": kind, "say": kind, **table})
        for kind, table in raw.items()
    }
