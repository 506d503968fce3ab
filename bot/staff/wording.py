"""What the pages of answers show: cases of an answer as told, its facts, who wrote which words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.rewording import as_rewording
from bot.staff.labels import label, language
from db.rewordings import AnswerRewording
from db.staff import Staff
from nlp.answer import Answer
from nlp.answering.content import Content, content
from nlp.answers import labels
from nlp.cards import Source
from nlp.facts import Confidence, Fact, book, facts_on, source
from nlp.intents import Intent
from nlp.rewording import Place, places, slots, words_at
from nlp.trial import cases


@dataclass(frozen=True, slots=True)
class Shown:
    """One place of an answer: an example of today, and the wording behind it, if it is staff's."""

    place: Place
    example: Answer
    wording: AnswerRewording | None


@dataclass(frozen=True, slots=True)
class Slot:
    """What must stand in words: a fact with today's value, or something reckoned (no fact)."""

    name: str
    fact: Fact | None


@dataclass(frozen=True, slots=True)
class Past:
    """A wording with the names of those who wrote, decided and took back."""

    row: AnswerRewording
    by: tuple[str, ...]
    fits: bool


def shown(told: Content, intent: Intent, live: list[AnswerRewording], today: date) -> list[Shown]:
    """Every place of a page. told: the page as it is told now."""
    behind = {found.place: row for row in live if (found := as_rewording(row))}
    return [
        Shown(place, answer, behind.get(place))
        for place, _ in places(content(intent), intent)
        if (answer := example(told, place, today))
    ]


def example(told: Content, place: Place, today: date) -> Answer | None:
    """The plainest answer that shows these words."""
    found = cases(place, today)
    return found[0].answer(told, place) if found else None


def name_of(intent: str) -> str:
    """What a question is called on its button."""
    if intent not in set(Intent):
        return intent
    return labels([Intent(intent)], language())[0].label


def case_name(place: Place) -> str:
    """«ทางเลือก 2» for option.2; a case's own id where it has no name."""
    kind, _, case = place.variant.partition(".")
    return f"{label('answer_case', kind)} {case}".strip()


def slots_of(place: Place, today: date) -> list[Slot]:
    """What must stand in the words of a place."""
    known = facts_on(today)
    names = sorted(slots(words_at(content(place.page), place)))
    keys = {name: name.removeprefix("facts.") for name in names if name.startswith("facts.")}
    return [
        Slot(name, known.fact(keys[name]) if keys.get(name, "") in known else None)
        for name in names
    ]


def past(session: Session, row: AnswerRewording) -> Past:
    """A wording and its people."""
    numbers = (row.written_by, row.decided_by, row.taken_back_by)
    wanted = select(Staff.id, Staff.name).where(Staff.id.in_([n for n in numbers if n]))
    names = {one.id: one.name for one in session.execute(wanted)}
    by = tuple(names.get(number or 0, "") for number in numbers)
    return Past(row, by, as_rewording(row) is not None)


def keys_of(told: Content) -> list[str]:
    """The facts that a page tells in its words."""
    texts = [text for _, _, one in told.every() for text in (*one.text, *one.easy, *one.en)]
    return sorted(s.removeprefix("facts.") for s in slots(texts) if s.startswith("facts."))


def facts_of(told: Content, today: date) -> list[Fact]:
    """Those in force."""
    known = facts_on(today)
    return [known.fact(key) for key in keys_of(told) if key in known]


def sureness(told: Content, today: date) -> Confidence:
    """How sure the plain answer is: as its weakest fact of the law, or its own mark."""
    base, known = told.variants["base"], facts_on(today)
    keys = [slot.removeprefix("facts.") for slot in slots(base.text)]
    law = [known.fact(key).confidence for key in keys if key in known and known.fact(key).is_law]
    return max([base.confidence, *law])


def sources_of(told: Content) -> list[Source]:
    """What a page names as its sources, its facts' own besides."""
    keys = [key for _, _, one in told.every() for key in one.sources]
    return [source(key) for key in dict.fromkeys(keys)]


def telling() -> dict[str, list[Intent]]:
    """Which answers tell a fact."""
    found: dict[str, list[Intent]] = {}
    for intent in Intent:
        for key in keys_of(content(intent)):
            found.setdefault(key, []).append(intent)
    return found


def coming(today: date) -> Iterator[Fact]:
    """Facts whose day is still to come."""
    for periods in book().rows.values():
        yield from (f for f in periods if f.effective_from and f.effective_from > today)
