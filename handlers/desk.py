"""The desk of an event in its organiser's chat: how many came, who is called next. Numbers only."""

from dataclasses import replace

from handlers.effects import CallNumber
from handlers.outreach_tools import Desk
from handlers.phrases import button, say, word
from handlers.replies import Show
from handlers.turn import Decision, Turn
from nlp.cards import Button, Card, Row


def show(turn: Turn, *lead: str) -> Decision:
    """How far the event is; kind words for who organises none."""
    found = turn.tools.desk()
    if found is None:
        return turn.say("desk_none", quick=[button("menu", turn.lang)])
    return _card(turn, found, *lead)


def call(turn: Turn, argument: str) -> Decision:
    """Call the number that the button named: pressed twice, it calls nobody twice."""
    code, _, digits = argument.partition(":")
    found = turn.tools.desk()
    if found is None or found.code != code or not digits.isdigit():
        return show(turn)
    number = int(digits)
    if number not in found.waiting:
        return _card(turn, found, say("desk_called_before", turn.lang, number=digits))
    after = replace(
        found,
        called=found.called + 1,
        last_called=max(found.last_called, number),
        waiting=tuple(n for n in found.waiting if n != number),
    )
    told = _card(turn, after, say("desk_called", turn.lang, number=digits))
    return replace(told, effects=(CallNumber(code, number),))


def _card(turn: Turn, found: Desk, *lead: str) -> Decision:
    lang = turn.lang
    values = {
        "given": f"{found.given:,}",
        "last_called": f"{found.last_called:,}" if found.last_called else "–",
        "waiting": f"{found.given - found.called:,}",
        "submitted": found.submitted,
        "member": found.member,
    }
    rows = tuple(
        Row(word("desk", name, lang), value, strong=name == "waiting")
        for name, value in values.items()
    )
    title = word("card", "desk", lang)
    card = Card(title, rows, found.name, word("desk", "note", lang))
    return turn.reply(*lead, Show((card,), f"{title} {found.name}"), quick=_buttons(found, lang))


def _buttons(found: Desk, lang: str) -> list[Button]:
    again = button("desk", lang)
    if not found.waiting:
        return [again, button("menu", lang)]
    number = found.waiting[0]
    data = f"do:call_number={found.code}:{number}"
    return [button("call_number", lang, data=data, number=str(number)), again]
