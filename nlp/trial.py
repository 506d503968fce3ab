"""Answers tried before they are told: questions that bring up each variant, and what comes out."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from nlp.answer import Answer
from nlp.answering.choice import Question
from nlp.answering.choosers import chosen
from nlp.answering.compose import MAX_BUBBLE
from nlp.answering.content import Content, content
from nlp.answering.words import words
from nlp.answers import answer
from nlp.facts import Reading, book, facts_on
from nlp.intents import Intent
from nlp.particulars import particulars
from nlp.rewording import Fault, Place
from nlp.understanding import Entities

_BENEFITS = ("sickness", "disability", "death", "old_age", "child")
_OPTIONS = (None, 1, 2, 3)
_LEADS_ELSEWHERE = (Intent.ELIGIBILITY,)
"""Questions that answer with the page of another."""


@dataclass(frozen=True, slots=True)
class Told:
    """The variants a question is answered with, each with the last day of an older law."""

    page: Intent
    variants: tuple[tuple[str, date | None], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked on a day."""

    intent: Intent
    entities: Entities
    day: date

    def told(self) -> Told:
        """Which words it brings up."""
        law = max(self.entities.on or self.day, book().history_from)
        question = Question(self.entities, Reading(facts_on(law)), law, self.day, "th")
        choice = chosen(self.intent, question, content(self.intent))
        page = content(choice.page or self.intent)
        keys = [key for key in choice.keys if page.variant(key, law) is not None] or ["base"]
        return Told(
            choice.page or self.intent, tuple((key, _until(page, key, law)) for key in keys)
        )

    def answer(self, page: Content, place: Place) -> Answer:
        """How it is answered with this page in the place of its own."""
        return answer(
            self.intent,
            self.entities,
            today=self.day,
            lang="en" if place.style == "en" else "th",
            easy=place.style == "easy",
            pages=lambda intent: page if intent is place.page else content(intent),
        )


def cases(place: Place, today: date) -> tuple[Case, ...]:
    """Questions that bring up these words, the plainest first."""
    return _cases(place.page, today).get((place.variant, place.until), ())


@lru_cache(maxsize=128)
def _cases(page: Intent, today: date) -> dict[tuple[str, date | None], tuple[Case, ...]]:
    """Those of every variant of a page."""
    days = (today, *reversed(book().starts))
    intents = dict.fromkeys((page, *_LEADS_ELSEWHERE))
    found: dict[tuple[str, date | None], list[Case]] = {}
    for intent, day, entities in itertools.product(intents, days, examples()):
        case = Case(intent, entities, day)
        told = case.told()
        if told.page is page:
            for one in told.variants:
                found.setdefault(one, []).append(case)
    return {one: tuple(those) for one, those in found.items()}


def too_long(page: Content, place: Place, today: date) -> list[Fault]:
    """The bubbles that get too long with the numbers of some question in place."""
    lengths = [
        len(bubble) for case in cases(place, today) for bubble in case.answer(page, place).bubbles
    ]
    longest = max(lengths, default=0)
    return [Fault("long", f"{longest} > {MAX_BUBBLE}")] if longest > MAX_BUBBLE else []


def examples() -> Iterator[Entities]:
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
    for option, rest, seen in itertools.product((None, 3), (None, 10, 40), (None, 2)):
        yield Entities(option=option, days=5, in_hospital=True, rest_days=rest, visits=seen)
    yield Entities(visits=2)
    yield from (Entities(child_ages=ages) for ages in ((2, 4, 9), (7, 3), (8, 10)))
    yield from (Entities(particular=small) for small in particulars())
    yield Entities(particular="until_day", age=64)
    yield from (Entities(months=months, missed=3) for months in (2, 8, 70))
    yield from (Entities(amount=facts_on(day)["contribution.option3"]) for day in book().starts)
    yield from (Entities(on=day) for day in (date(2020, 2, 29), date(2026, 5, 1)))


def _schemes() -> list[str]:
    """The other schemes that some page has words for."""
    keys = (key.partition(".") for intent in Intent for key in content(intent).variants)
    return sorted({name for kind, _, name in keys if kind == "scheme"})


def _until(page: Content, key: str, day: date) -> date | None:
    """The last day of the older law whose words are told."""
    return next((last for last, found in page.until if day <= last and key in found), None)
