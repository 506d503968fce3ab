"""The front door: `answer` to a question, `special` reply to what is no question."""

import tomllib
from datetime import date
from functools import cache

from nlp.answer import Answer
from nlp.answering.buttons import buttons
from nlp.answering.choice import Choice, Question, by_name
from nlp.answering.choosers import CHOOSERS
from nlp.answering.content import FOLDER, CardText, Content, Variant, content, parse
from nlp.answering.fill import Values, filled
from nlp.answering.words import word
from nlp.cards import Button, Card, Row, Source
from nlp.facts import Confidence, Fact, Facts, Reading, book, facts_on, short_date, source
from nlp.intents import Intent
from nlp.understanding import Entities

MAX_BUBBLE = 350
MAX_BUBBLES = 3
MAX_SOURCES = 3
_NO_ENTITIES = Entities()


def answer(
    intent: Intent,
    entities: Entities = _NO_ENTITIES,
    *,
    today: date,
    lang: str = "th",
    easy: bool = False,
) -> Answer:
    """What to tell a person, under the law of the day the question is about.

    lang: "th", or "en" where the content has it. easy: short sentences for slow readers.
    """
    day = max(entities.on or today, book().history_from)
    facts = facts_on(day)
    reading = Reading(facts)
    question = Question(entities, reading, day, today, lang)
    choice = CHOOSERS.get(intent, by_name)(question)
    page = content(choice.page or intent)
    shown = _variants(page, choice, day)
    texts = _texts(page, shown, day, lang, easy)
    bubbles, used = _filled(texts, facts, lang, choice.values)
    used |= reading.used
    cards = _chosen_cards(shown, choice) if lang == "th" else ()
    law = [fact for fact in used.values() if fact.is_law]
    confidence = max([v.confidence for v in shown] + [f.confidence for f in law])
    closing = _closing(bubbles, confidence, bool(law), question)
    return Answer(
        intent=intent,
        on=day,
        bubbles=_closed(bubbles, closing),
        cards=tuple(_card(card, facts, choice.values) for card in cards),
        next=_next(page, shown, lang),
        sources=_sources(shown, used),
        hedged=confidence is not Confidence.A,
    )


def special(kind: str, *, today: date, lang: str = "th", **values: str) -> Answer:
    """A reply to what is no question: despair, an insult, a sticker. Kinds: `special_kinds()`."""
    page = _specials()[kind]
    facts = facts_on(today)
    base = page.variants["base"]
    texts = base.en if lang == "en" and base.en else base.text
    bubbles, _ = _filled(texts, facts, lang, values)
    return Answer(
        intent=Intent.OUT_OF_SCOPE, on=today, bubbles=bubbles, next=buttons(base.next, lang)
    )


def special_kinds() -> tuple[str, ...]:
    """All kinds `special` knows."""
    return tuple(_specials())


def labels(intents: tuple[Intent, ...], lang: str = "th") -> tuple[Button, ...]:
    """The buttons that ask these questions, for «หมายถึง…» and menus."""
    return buttons((intent.value for intent in intents), lang)


@cache
def _specials() -> dict[str, Content]:
    raw = tomllib.loads((FOLDER / "special.toml").read_text(encoding="utf-8"))
    return {
        kind: parse(f"special.toml [{kind}]", {"label": kind, "say": kind, **table})
        for kind, table in raw.items()
    }


def _variants(page: Content, choice: Choice, day: date) -> list[Variant]:
    named = [page.variant(key, day) for key in choice.keys]
    shown = [variant for variant in named if variant is not None]
    if shown:
        return shown
    base = page.variant("base", day)
    return [base] if base else [page.variants["base"]]


def _texts(
    page: Content, shown: list[Variant], day: date, lang: str, easy: bool
) -> tuple[str, ...]:
    """The templates of the bubbles; English falls back to the English base, then to Thai."""
    if lang == "en":
        base = page.variant("base", day) or page.variants["base"]
        english = tuple(text for variant in shown for text in variant.en) or base.en
        if english:
            return english[:MAX_BUBBLES]
    texts = [variant.easy if easy and variant.easy else variant.text for variant in shown]
    return tuple(text for bubbles in texts for text in bubbles)[:MAX_BUBBLES]


def _filled(
    texts: tuple[str, ...], facts: Facts, lang: str, values: Values
) -> tuple[tuple[str, ...], dict[str, Fact]]:
    ready = [filled(text, facts, lang) for text in texts]
    used = {fact.key: fact for one in ready for fact in one.used}
    return tuple(one.text(values) for one in ready), used


def _closing(
    bubbles: tuple[str, ...], confidence: Confidence, law: bool, question: Question
) -> str:
    """The last lines: ask the hotline when unsure, and the date of the law."""
    lines = []
    hotline = facts_on(question.day).fact("contact.hotline").text()
    lang, on = question.lang, question.entities.on
    hint = word("closing", "ask", lang).format(hotline=hotline)
    if confidence is Confidence.C:
        hint = word("closing", "unsure", lang).format(hotline=hotline)
    if confidence is not Confidence.A and not any(_sends_to(hotline, b, lang) for b in bubbles):
        lines.append(hint)
    if law and on is not None:
        key = "too_old" if on < question.day else "on"
        lines.append(word("closing", key, lang).format(day=short_date(question.day, lang)))
    elif law:
        checked = min(book().checked_on, question.today)
        lines.append(word("closing", "as_of", lang).format(day=short_date(checked, lang)))
    return "\n".join(lines)


def _sends_to(hotline: str, bubble: str, lang: str) -> bool:
    return word("closing", "marker", lang).format(hotline=hotline) in bubble


def _closed(bubbles: tuple[str, ...], closing: str) -> tuple[str, ...]:
    """The closing lines go below the last bubble, or into one of their own when it is full."""
    if not closing:
        return bubbles
    last = f"{bubbles[-1]}\n{closing}"
    if len(last) <= MAX_BUBBLE or len(bubbles) == MAX_BUBBLES:
        return (*bubbles[:-1], last)
    return (*bubbles, closing)


def _next(page: Content, shown: list[Variant], lang: str) -> tuple[Button, ...]:
    own = next((variant.next for variant in shown if variant.next), ())
    return buttons(own or page.next_after, lang)


def _chosen_cards(shown: list[Variant], choice: Choice) -> tuple[CardText, ...]:
    cards = tuple(card for variant in shown for card in variant.cards)
    return cards if choice.cards is None else tuple(cards[place] for place in choice.cards)


def _card(card: CardText, facts: Facts, values: Values) -> Card:
    def fill(text: str) -> str:
        return filled(text, facts, "th").text(values)

    rows = tuple(Row(fill(row[0]), fill(row[1]) if len(row) > 1 else "") for row in card.rows)
    return Card(
        title=fill(card.title),
        rows=rows,
        subtitle=fill(card.subtitle),
        note=fill(card.note),
        colour=card.colour,
        buttons=buttons(card.buttons),
    )


def _sources(shown: list[Variant], used: dict[str, Fact]) -> tuple[Source, ...]:
    keys = [key for variant in shown for key in variant.sources]
    keys += [key for fact in used.values() if fact.is_law for key in fact.sources]
    return tuple(source(key) for key in dict.fromkeys(keys))[:MAX_SOURCES]
