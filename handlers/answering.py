"""Questions: understood by nlp, answered from its content, with what is likely asked next."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.conversation import Conversation
from handlers.effects import NoteUnanswered
from handlers.phrases import button
from handlers.replies import Reply, Say, Show
from handlers.sources import source_button
from handlers.turn import Decision, Turn
from nlp.answer import Answer
from nlp.answers import answer, labels, special
from nlp.cards import Button
from nlp.intents import Intent
from nlp.understanding import Entities, Outcome, Topic, Understanding

MAX_ANSWERS = 2


def answered(turn: Turn, understood: Understanding) -> Decision:
    """The answer to a message that was understood; a second question of it is answered too.

    Of more questions the first two are answered, the others are buttons above the menu.
    """
    asked_all = _in_order(understood)
    readings, rest = asked_all[:MAX_ANSWERS], asked_all[MAX_ANSWERS:]
    answers = [_answer(turn, u.intent, u.entities) for u in readings]
    messages = [m for one in answers for m in shown(one)]
    quick = _unique([b for one in reversed(answers) for b in one.next])
    if rest:
        others = labels((u.intent for u in rest), turn.lang)[:2]
        quick = _unique([*others, button("menu", turn.lang), *quick])
    last = readings[-1]
    talk = replace(turn.talk, topic=Topic(last.intent, last.entities), topic_at=turn.now, misses=0)
    return turn.reply(*messages, quick=[*quick[:4], *_source(turn, readings, answers)], talk=talk)


def _in_order(understood: Understanding) -> list[Understanding]:
    """The questions as they were asked: one whose words begin the message comes first."""
    first = [one for one in understood.others if one.text and _begins(understood.text, one.text)]
    rest = [one for one in understood.others if one not in first]
    return [*first, understood, *rest]


def _begins(whole: str, part: str) -> bool:
    return whole.startswith(part) and len(part) < len(whole)


def _source(
    turn: Turn, readings: Sequence[Understanding], answers: Sequence[Answer]
) -> list[Button]:
    """«ที่มา» of the last answer that has any."""
    found = [(a, u) for a, u in zip(answers, readings, strict=True) if a.sources]
    return [source_button(a, u.entities, turn.lang) for a, u in found[-1:]]


def shown(told: Answer) -> list[Reply]:
    """An answer as messages: its bubbles, then its cards."""
    messages: list[Reply] = [Say(text) for text in told.bubbles]
    if told.cards:
        messages.append(Show(told.cards, told.cards[0].title))
    return messages


def asked(turn: Turn, intent: Intent, entities: Entities) -> Decision:
    """A question asked by a button."""
    return answered(turn, Understanding("", intent, 1.0, Outcome.ANSWER, entities))


def which(turn: Turn, understood: Understanding) -> Decision:
    """«หมายถึง…», with the likeliest readings to tap."""
    told = special("which_did_you_mean", today=turn.today, lang=turn.lang)
    choices = labels(understood.suggestions, turn.lang)
    return turn.reply(*shown(told), quick=_unique([*choices, *told.next]))


def unknown(turn: Turn, understood: Understanding) -> Decision:
    """Not understood: says so, and offers a person the second time running."""
    kind = "unknown" if turn.talk.misses == 0 else "unknown_again"
    told = special(kind, today=turn.today, lang=turn.lang)
    talk = replace(turn.talk, misses=turn.talk.misses + 1)
    note = NoteUnanswered(understood.text, understood.outcome.value)
    return turn.reply(*shown(told), quick=told.next, talk=talk, effects=[note])


def out_of_scope(turn: Turn) -> Decision:
    """Something else than Section 40, and surely so."""
    told = _answer(turn, Intent.OUT_OF_SCOPE, Entities())
    return turn.reply(*shown(told), quick=told.next, talk=replace(turn.talk, misses=0))


def spoken(turn: Turn, kind: str, talk: Conversation | None = None) -> Decision:
    """One of nlp's replies to what is no question."""
    told = special(kind, today=turn.today, lang=turn.lang)
    return turn.reply(*shown(told), quick=told.next, talk=talk)


def _answer(turn: Turn, intent: Intent, entities: Entities) -> Answer:
    return answer(
        intent,
        entities,
        today=turn.today,
        lang=turn.lang,
        easy=turn.talk.easy,
        pages=turn.tools.page,
    )


def _unique(buttons: Sequence[Button]) -> list[Button]:
    """Each button once, by what it does."""
    return list({(b.data, b.uri, b.say, b.pick): b for b in buttons}.values())
