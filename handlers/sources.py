"""«ที่มา»: where an answer comes from, and when its facts were last checked."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode, urlsplit

from handlers.phrases import button, call, long_date, say, word
from handlers.replies import Reply, Say, Show
from handlers.turn import Decision, Turn
from nlp.answer import Answer
from nlp.answering.buttons import entities_of
from nlp.answers import answer
from nlp.cards import Button, Card, Row, Source
from nlp.facts import book
from nlp.intents import Intent
from nlp.understanding import Entities, Topic

MAX_BUTTONS = 4
"""Of a card."""
MAX_DATA = 300
MAX_URI = 1000
_DATA = "do:source="
_KEPT_IN_ADDRESSES = "%/:?#[]@!$&'()*+,;=~"
_NAMED = (
    *("option", "age", "months", "missed", "amount", "days", "children", "in_hospital"),
    *("rest_days", "visits"),
    *("province", "district", "tambon", "occupation", "benefit", "on"),
)
"""What a button can name; `entities_of` reads it back."""


def source_button(told: Answer, entities: Entities, lang: str) -> Button:
    """Shows the sources of this very answer, also when the talk has moved on."""
    data = f"{_DATA}{told.intent.value}"
    query = _query(entities)
    if query and len(data) + 1 + len(query) <= MAX_DATA:
        data += f"?{query}"
    return button("source", lang, data=data)


def opens_source(found: Button) -> bool:
    """Whether it is such a button."""
    return found.data.startswith(_DATA)


def of_button(turn: Turn, intent: Intent, query: str) -> Decision:
    """The sources behind a button."""
    return _told(turn, Topic(intent, entities_of(query)))


def of_topic(turn: Turn) -> Decision:
    """«ที่มา», typed: the sources of the last answer."""
    return _told(turn, turn.talk.topic_on(turn.now))


def _told(turn: Turn, topic: Topic | None) -> Decision:
    lang = turn.lang
    if topic is None:
        return turn.say("sources_of_what", quick=[button("menu", lang)])
    told = answer(topic.intent, topic.entities, today=turn.today, lang=lang, easy=turn.talk.easy)
    if not told.sources:
        return turn.say("no_sources", quick=[call(lang), *told.next[:4]])
    return turn.reply(*_messages(turn, told.sources), quick=told.next[:4])


def _messages(turn: Turn, sources: Sequence[Source]) -> list[Reply]:
    """A card with an address a button; as plain words what no button can open."""
    lang = turn.lang
    checked = say("sources_checked", lang, day=long_date(min(book().checked_on, turn.today), lang))
    opened = [(source, address) for source in sources if (address := web_address(source.url))]
    plain = [f"{source.title}\n{source.url}" for source in sources if not web_address(source.url)]
    messages: list[Reply] = []
    if opened:
        title = word("card", "sources", lang)
        numbered = list(enumerate(opened, start=1))
        parts = [numbered[n : n + MAX_BUTTONS] for n in range(0, len(numbered), MAX_BUTTONS)]
        cards = tuple(
            Card(
                title,
                tuple(Row(f"{n}. {source.title}") for n, (source, _) in part),
                note=checked,
                buttons=tuple(
                    Button(word("button", "open_source", lang, number=str(n)), uri=address)
                    for n, (_, address) in part
                ),
            )
            for part in parts
        )
        messages.append(Show(cards, title))
    if plain:
        messages.append(Say("\n\n".join(plain if opened else [*plain, checked])))
    return messages


def web_address(url: str) -> str:
    """An address as LINE takes it on a button; empty: it takes none such."""
    address = quote(url, safe=_KEPT_IN_ADDRESSES)
    parts = urlsplit(address)
    fits = parts.scheme in ("http", "https") and parts.netloc and len(address) <= MAX_URI
    return address if fits else ""


def _query(entities: Entities) -> str:
    named = [(key, getattr(entities, key)) for key in _NAMED]
    pairs = [(key, _plain(value)) for key, value in named if value is not None]
    pairs += [(key, str(one)) for key in ("options", "schemes") for one in getattr(entities, key)]
    return urlencode(pairs)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
