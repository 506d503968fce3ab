"""Groups and rooms: answers only when mentioned or called by name, and never anything personal."""

from dataclasses import replace

from handlers import answering, posters
from handlers.commands import BOT_NAME, patterns
from handlers.effects import ForgetEvent, ForgetGroup, ForgetMessage, LeaveGroup, SetWeeklyCard
from handlers.events import StaffMessage
from handlers.phrases import word
from handlers.replies import Show
from handlers.steps import phone, thai_id
from handlers.steps.text import clean, plain
from handlers.turn import MAX_MESSAGES, Decision, Turn
from nlp.cards import Card, Row
from nlp.intents import Intent
from nlp.understanding import Entities, Outcome

PERSONAL = (
    Intent.REGISTER_START,
    Intent.REGISTER_STATUS,
    Intent.REGISTER_EDIT,
    Intent.REGISTER_CANCEL,
    Intent.CHECK_CONTRIBUTION,
    Intent.TALK_TO_STAFF,
    Intent.COMPLAINT,
)
"""What is for the private chat only."""
LEADS_ON = (Intent.REGISTER_HOW,)
"""Answers after which people want to begin."""
_FIGURES = ("week", "reached", "started", "submitted", "contacted", "member", "target")


def hear(turn: Turn, text: str, *, mentioned: bool, message_id: str) -> Decision:
    """A text in a group. Its talk is nobody's: nothing is kept but the topic, and nothing at all of
    what people say to one another.
    """
    said = clean(text)
    if not mentioned and not BOT_NAME.search(said):
        return turn.silent(ForgetEvent())
    if thai_id.take(said) or phone.take(said):
        return turn.say("group_private", effects=[ForgetMessage(message_id)])
    question = BOT_NAME.sub(" ", said).strip(" @,:")
    if not question:
        return turn.say("group_empty")
    told = _wish(turn, question) or posters.of_group(turn, question)
    if told is not None:
        return told
    understood = turn.tools.understand(question, turn.talk.topic_on(turn.now))
    if understood.intent in PERSONAL:
        return _privately(turn)
    if understood.outcome is Outcome.ANSWER and understood.intent is not Intent.OUT_OF_SCOPE:
        told = _without_buttons(answering.answered(turn, understood))
        return _with_link(turn, told) if understood.intent in LEADS_ON else told
    return _without_buttons(answering.spoken(turn, "unknown"))


def _wish(turn: Turn, said: str) -> Decision | None:
    """What a group may ask of a guest: to go, to send the weekly card, to stop sending it."""
    wish, known = plain(said), patterns("group")
    if known["leave"].fullmatch(wish):
        return turn.say("group_bye", effects=[LeaveGroup(), ForgetGroup()])
    if known["card_off"].fullmatch(wish):
        return turn.say("group_card_off", effects=[SetWeeklyCard(False)])
    if known["card_on"].fullmatch(wish):
        return turn.say("group_card_on", effects=[SetWeeklyCard(True)])
    return None


def card(turn: Turn, event: StaffMessage) -> Decision:
    """The weekly card: how many, never who."""
    if event.kind != "group_card":
        return turn.silent()
    given, lang = event.values, turn.lang
    rows = tuple(
        Row(word("group_card", name, lang), given[name], strong=name == "member")
        for name in _FIGURES
        if given.get(name)
    )
    title = word("group_card", "title", lang)
    shown = Card(title, rows, given.get("name", ""), word("group_card", "note", lang))
    return turn.reply(Show((shown,), f"{title} {given.get('name', '')}".strip()))


def _privately(turn: Turn) -> Decision:
    """Kind words, and the way into the private chat."""
    return _with_link(turn, _without_buttons(answering.spoken(turn, "group_hint")))


def _with_link(turn: Turn, told: Decision) -> Decision:
    """The way into the private chat, with the group's own code."""
    link = turn.tools.private_link()
    if not link:
        return told
    way = turn.say("group_link", link=link).replies.messages
    messages = (*told.replies.messages, *way)[:MAX_MESSAGES]
    return replace(told, replies=replace(told.replies, messages=messages))


def _without_buttons(told: Decision) -> Decision:
    """Buttons that lead into a registration have no place in a group."""
    personal = tuple(f"ask:{intent.value}" for intent in PERSONAL)
    quick = tuple(b for b in told.replies.quick if not b.data.startswith((*personal, "do:")))
    return replace(told, replies=replace(told.replies, quick=quick))


def press(turn: Turn, data: str) -> Decision:
    """A button in a group: general questions are answered, all else is for the private chat."""
    name = data.removeprefix("ask:").partition("?")[0]
    general = data.startswith("ask:") and name in {i.value for i in Intent}
    if not general or Intent(name) in PERSONAL:
        return _privately(turn)
    return _without_buttons(answering.asked(turn, Intent(name), Entities()))
