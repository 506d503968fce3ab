"""An Answer put together from chosen words: facts, closing lines, cards, buttons, sources."""

from dataclasses import dataclass

from nlp.answer import Answer
from nlp.answering.buttons import buttons
from nlp.answering.choice import Choice, Question
from nlp.answering.content import CardText, Content, Variant
from nlp.answering.fill import Values, filled
from nlp.answering.words import word
from nlp.cards import Button, Card, Row, Source
from nlp.facts import Confidence, Fact, Facts, book, facts_on, short_date, source
from nlp.intents import Intent

MAX_BUBBLE = 350
MAX_BUBBLES = 3
MAX_SOURCES = 8


@dataclass(frozen=True, slots=True)
class _Told:
    """The bubbles of an answer, the facts they told, and how sure the weakest of these is."""

    bubbles: tuple[str, ...]
    used: dict[str, Fact]
    confidence: Confidence
    dated: bool
    """It tells law, by a fact or by words with a source, so the day of that law belongs to it."""


def compose(
    intent: Intent, page: Content, choice: Choice, question: Question, *, easy: bool
) -> Answer:
    """The answer to a question from the variants chosen of a page."""
    day, lang = question.day, question.lang
    facts = facts_on(day)
    shown = _variants(page, choice, question)
    cards = _chosen_cards(shown, choice) if lang == "th" else ()
    told = _told(_texts(page, shown, question, easy=easy), shown, question, choice.values)
    return Answer(
        intent=intent,
        on=day,
        bubbles=_closed(told.bubbles, _closing(told, question)),
        cards=tuple(card(text, facts, choice.values) for text in cards),
        next=_next(page, shown, question),
        sources=_sources(shown, [*told.used.values(), *_facts_of(cards, facts)]),
        hedged=told.confidence is not Confidence.A,
    )


def fill_all(
    texts: tuple[str, ...], facts: Facts, lang: str, values: Values
) -> tuple[tuple[str, ...], dict[str, Fact]]:
    """Templates with facts and values in place, and the facts they told."""
    ready = [filled(text, facts, lang) for text in texts]
    used = {fact.key: fact for one in ready for fact in one.used}
    return tuple(one.text(values) for one in ready), used


def card(text: CardText, facts: Facts, values: Values) -> Card:
    """A card with facts and values in place."""

    def fill(template: str) -> str:
        return filled(template, facts, "th").text(values)

    rows = tuple(Row(fill(row[0]), fill(row[1]) if len(row) > 1 else "") for row in text.rows)
    return Card(
        title=fill(text.title),
        rows=rows,
        subtitle=fill(text.subtitle),
        note=fill(text.note),
        colour=text.colour,
        image=fill(text.image),
        buttons=buttons(text.buttons),
    )


def _variants(page: Content, choice: Choice, question: Question) -> list[Variant]:
    named = [page.variant(key, question.day) for key in choice.keys]
    shown = [variant for variant in named if variant is not None]
    base = page.variant("base", question.day) or page.variants["base"]
    return shown or [base]


def _texts(
    page: Content, shown: list[Variant], question: Question, *, easy: bool
) -> tuple[str, ...]:
    """The templates of the bubbles; English falls back to the English base, then to Thai."""
    if question.lang == "en":
        base = page.variant("base", question.day) or page.variants["base"]
        english = tuple(text for variant in shown for text in variant.en) or base.en
        if english:
            return english[:MAX_BUBBLES]
    texts = [variant.easy if easy and variant.easy else variant.text for variant in shown]
    return tuple(text for bubbles in texts for text in bubbles)[:MAX_BUBBLES]


def _told(
    texts: tuple[str, ...], shown: list[Variant], question: Question, values: Values
) -> _Told:
    bubbles, used = fill_all(texts, facts_on(question.day), question.lang, values)
    used |= question.facts.used
    law = {key: fact for key, fact in used.items() if fact.is_law}
    weakest = max([v.confidence for v in shown] + [f.confidence for f in law.values()])
    dated = bool(law) or any(variant.sources for variant in shown)
    return _Told(bubbles, law, weakest, dated)


def _closing(told: _Told, question: Question) -> str:
    """The last lines: ask the hotline when unsure, and the date of the law."""
    lang, on = question.lang, question.entities.on
    hotline = facts_on(question.day).fact("contact.hotline").text()
    lines = []
    if told.confidence is not Confidence.A and not _sends_on(told.bubbles, question):
        hint = "unsure" if told.confidence is Confidence.C else "ask"
        lines.append(word("closing", hint, lang).format(hotline=hotline))
    elif _asks_of_years_to_come(told, question):
        lines.append(word("closing", "later", lang).format(hotline=hotline))
    if told.dated and on is not None and on <= question.today:
        key = "too_old" if on < question.day else "on"
        lines.append(word("closing", key, lang).format(day=short_date(question.day, lang)))
    elif told.dated:
        checked = min(book().checked_on, question.today)
        lines.append(word("closing", "as_of", lang).format(day=short_date(checked, lang)))
    return "\n".join(lines)


def _asks_of_years_to_come(told: _Told, question: Question) -> bool:
    """The law of a later year was asked for; «ปีหน้าจะขึ้นไหม» has words of its own for that."""
    on, small = question.entities.on, question.entities.particular
    return told.dated and small != "future" and on is not None and on.year > question.today.year


def _sends_on(bubbles: tuple[str, ...], question: Question) -> bool:
    """Whether the words already say whom to ask: this hotline, or the one for other state aid."""
    facts, text = facts_on(question.day), "\n".join(bubbles)
    numbers = [facts.fact(f"contact.{name}").text() for name in ("hotline", "government")]
    marker = word("closing", "marker", question.lang)
    return any(marker.format(hotline=number) in text for number in numbers)


def _closed(bubbles: tuple[str, ...], closing: str) -> tuple[str, ...]:
    """The closing lines go below the last bubble, or into one of their own when it is full."""
    if not closing:
        return bubbles
    last = f"{bubbles[-1]}\n{closing}"
    if len(last) <= MAX_BUBBLE or len(bubbles) == MAX_BUBBLES:
        return (*bubbles[:-1], last)
    return (*bubbles, closing)


def _next(page: Content, shown: list[Variant], question: Question) -> tuple[Button, ...]:
    """The variants' own, the base's where nothing was named (under old law too), else the rest."""
    own = next((variant.next for variant in shown if variant.next), ())
    plain = shown[0] is page.variant("base", question.day)
    others = page.variants["base"].next if plain else page.next_after
    return buttons(own or others, question.lang)


def _chosen_cards(shown: list[Variant], choice: Choice) -> tuple[CardText, ...]:
    cards = tuple(text for variant in shown for text in variant.cards)
    return cards if choice.cards is None else tuple(cards[place] for place in choice.cards)


def _facts_of(cards: tuple[CardText, ...], facts: Facts) -> list[Fact]:
    """The facts told by cards alone: their numbers have sources too."""
    texts = [
        text
        for card in cards
        for text in (card.title, card.subtitle, card.note, *(t for row in card.rows for t in row))
    ]
    return [fact for text in texts for fact in filled(text, facts, "th").used if fact.is_law]


def _sources(shown: list[Variant], used: list[Fact]) -> tuple[Source, ...]:
    """Where it comes from: first what the words name, then the first source of each fact."""
    keys = [key for variant in shown for key in variant.sources]
    keys += [key for fact in used for key in fact.sources[:1]]
    keys += [key for fact in used for key in fact.sources[1:]]
    return tuple(source(key) for key in dict.fromkeys(keys))[:MAX_SOURCES]
