"""decide(talk, event, tools): one match over all that can come in. The same in, the same out."""

import re
from dataclasses import replace
from typing import assert_never

from handlers import (
    acting,
    answering,
    form_page,
    groups,
    hearing,
    leads,
    news,
    ours,
    paying,
    posters,
    pressing,
    recommending,
    review,
    rights,
    situations,
    starting,
    trouble,
    volunteers,
)
from handlers.commands import claim_code, command, language, yes_or_no
from handlers.conversation import Conversation, Form
from handlers.correction import CORRECTION
from handlers.effects import ForgetGroup, ForgetMessage, Remind, SetReachable
from handlers.events import (
    AccountLinked,
    Beacon,
    Edited,
    Follow,
    FormSaved,
    Inbound,
    Joined,
    Left,
    LocationMessage,
    MediaMessage,
    MembersJoined,
    MembersLeft,
    Postback,
    Reminder,
    StaffMessage,
    StickerMessage,
    TextMessage,
    Unfollow,
    Unknown,
    Unsend,
    VideoWatched,
)
from handlers.flow import repaired
from handlers.form import ask, flow_of, half_understood
from handlers.phrases import button, label_of, say
from handlers.steps import phone, thai_id
from handlers.steps.outcome import Heard, Invalid, More
from handlers.steps.text import clean
from handlers.tools import Tools
from handlers.turn import Decision, Turn
from handlers.whereabouts import province_at
from nlp.care import care
from nlp.intents import Intent
from nlp.understanding import Entities, Outcome

__all__ = ["Decision", "decide"]
BARE_INSULT = 25
"""A complaint this short (characters) holds the rude words and nothing to look into."""
_LAUGHS = re.compile(r"5{3,8}\+?|(?:ฮ่า|ฮา|ฮิ|คริ|อิ){2,}|[ถุึ]{3,}|(?:ha|he){2,}", re.IGNORECASE)
_CALL_ME = re.compile(r"โทร(?:กลับ|หา|มา)*(?:หา|มา|กลับ)?(?:หน่อย|ที|ด้วย|ได้)")
_PUTS_OFF = ("pause", "cancel")
"""With no form open both only mean: not now."""
_SPOKEN = (TextMessage, Postback, StickerMessage, MediaMessage, LocationMessage)


def decide(talk: Conversation, event: Inbound, tools: Tools) -> Decision:
    """What is said and done about one event, and where the talk stands then."""
    turn = Turn(talk, tools)
    if event.envelope.standby:
        return turn.silent()
    if event.envelope.chat_kind != "user":
        return _in_group(turn, event)
    return news.along(turn, event, _alone(turn.with_talk(_mended(turn)), event))


def _mended(turn: Turn) -> Conversation:
    """The talk with its forms at a step there is: flows change while people pause."""
    form, side = turn.talk.form, turn.talk.side
    if form is not None:
        form = repaired(flow_of(form), form, turn.today)
    if side is not None and side.flow != recommending.FLOW:
        side = repaired(flow_of(side), side, turn.today)
    return replace(turn.talk, form=form, side=side)


def _alone(turn: Turn, event: Inbound) -> Decision:  # noqa: C901 - one line a kind of event
    if ours.with_officer(turn) and isinstance(event, _SPOKEN):
        return _beside_officer(turn, event)
    match event:
        case TextMessage():
            return _text(turn, event.text)
        case Postback():
            return _postback(turn, event)
        case StickerMessage():
            return _again_after(turn, answering.spoken(turn, "sticker"))
        case MediaMessage():
            return _media(turn, event)
        case LocationMessage():
            return _location(turn, event)
        case Follow():
            return _follow(turn, event)
        case Unfollow():
            return turn.silent(SetReachable(False), Remind(paying.KIND, None))
        case Unsend(_, message_id) | Edited(_, message_id):
            return turn.silent(ForgetMessage(message_id))
        case StaffMessage():
            return ours.from_staff(turn, event)
        case Reminder():
            return ours.reminded(turn, event)
        case FormSaved():
            return _form_page(turn, event)
        case Joined() | Left() | MembersJoined() | MembersLeft() | Beacon() | AccountLinked():
            return turn.silent()
        case VideoWatched() | Unknown():
            return turn.silent()
        case _:
            assert_never(event)


def _beside_officer(turn: Turn, event: Inbound) -> Decision:
    """An officer reads along and answers; only a cry for help is not left to wait."""
    if isinstance(event, TextMessage) and care(event.text) == "despair":
        return answering.spoken(turn, "despair")
    return turn.silent()


def _in_group(turn: Turn, event: Inbound) -> Decision:
    match event:
        case TextMessage(_, message_id, text, mentions_bot):
            return groups.hear(turn, text, mentioned=mentions_bot, message_id=message_id)
        case Edited(_, message_id, text, True):
            return groups.hear(turn, text, mentioned=True, message_id=message_id)
        case Edited(_, message_id) | Unsend(_, message_id):
            return turn.silent(ForgetMessage(message_id))
        case Postback(_, data):
            return groups.press(turn, data)
        case Joined():
            return turn.say("joined")
        case Left():
            return turn.silent(ForgetGroup())
        case StaffMessage():
            return groups.card(turn, event)
        case MembersJoined():
            return turn.say("members_joined")
        case _:
            return turn.silent()


def _text(turn: Turn, text: str) -> Decision:
    """A text in the private chat."""
    if first := _before_all(turn, text):
        return first
    if named := volunteers.name_given(turn, text):
        return named
    if turn.talk.pending:
        answer = yes_or_no(text)
        pending, turn = turn.talk.pending, turn.with_talk(replace(turn.talk, pending=""))
        if answer is not None:
            return _confirmed(turn, pending) if answer else _declined(turn, pending)
    if by_code := _code(turn, text):
        return by_code
    side = turn.talk.side
    if side is not None and (told := _in_side(turn, side, text)):
        return told
    if turn.talk.form is not None:
        turn = turn.with_talk(replace(turn.talk, side=None))
        return hearing.hear(turn, turn.talk.form or Form("", 0, ""), text)
    told = _talk(turn, text)
    return told if command(text, in_form=False) else recommending.after(turn, told)


def _before_all(turn: Turn, text: str) -> Decision | None:
    """Words that need care, or are no words, whatever else is going on."""
    kind = care(text)
    if kind == "despair":
        in_care = replace(turn.talk, cared_at=turn.now)
        return _with_resume(turn, answering.spoken(turn, kind, in_care))
    if kind and not _asks(turn, text):
        return _with_resume(turn, answering.spoken(turn, kind))
    if turn.talk.form is None and situations.in_despair(turn, text):
        return answering.spoken(turn, "despair_again")
    if not clean(text) or _LAUGHS.fullmatch(clean(text)):
        return _again_after(turn, answering.spoken(turn, "sticker"))
    in_trouble = trouble.hear(turn, text)
    return _again_after(turn, in_trouble) if in_trouble else None


def _code(turn: Turn, text: str) -> Decision | None:
    """A message that is a code: of a hand-over, an invitation or a poster."""
    if code := claim_code(text):
        return leads.ask_claim(turn, code)
    if leads.names_reference(text):
        return leads.status(turn)
    if invited := volunteers.hear(turn, text):
        return invited
    from_poster = posters.hear(turn, text)
    return _again_after(turn, from_poster) if from_poster else None


def _asks(turn: Turn, text: str) -> bool:
    """Whether rude words stand around a question, or tell of something to complain about."""
    understood = turn.tools.understand(text, turn.talk.topic_on(turn.now))
    bare = understood.intent is Intent.COMPLAINT and len(text) <= BARE_INSULT
    return understood.outcome is Outcome.ANSWER and not bare


def _talk(turn: Turn, text: str) -> Decision:
    """No form is open: a command, or whatever nlp makes of it."""
    name = command(text, in_form=False) or label_of(clean(text))
    if acting.knows(name):
        return acting.obey(turn, name)
    if command(text, in_form=True) in _PUTS_OFF:
        return turn.say(
            "no_hurry", quick=[button("register", turn.lang), button("menu", turn.lang)]
        )
    if told_day := paying.hear(turn, text):
        return told_day
    turn = turn.with_talk(replace(turn.talk, lang=language(text, turn.talk.lang)))
    if command(text, in_form=True) == "resume" and "สมัคร" in text:
        return starting.start(turn)
    if begun := starting.begun(turn, text):
        return begun
    if turn.talk.last_reference and starting.is_next_person(text):
        return acting.obey(turn, "register_other")
    private = thai_id.take(text) or phone.take(text)
    if private and not any(letter.isalpha() for letter in private[1]):
        return answering.spoken(turn, "personal_data_warning")
    understood = turn.tools.understand(text, turn.talk.topic_on(turn.now))
    if understood.outcome is not Outcome.ANSWER and yes_or_no(text) is not None:
        return turn.say("heard", quick=[button("register", turn.lang), button("menu", turn.lang)])
    wants_call = private and _CALL_ME.search(clean(text))
    told = acting.obey(turn, "staff") if wants_call else acting.meant(turn, understood, text)
    if private:
        warning = answering.spoken(turn, "personal_data_warning")
        return told.after(*warning.replies.messages[:1])
    return told


def _in_side(turn: Turn, side: Form, text: str) -> Decision | None:
    """The short flow on top: its answer, or None when the words are for what lies below."""
    if side.flow == CORRECTION.id:
        return hearing.hear(turn, side, text)
    if side.flow != recommending.FLOW:
        return None
    if command(text, in_form=True) in ("cancel", "back", "pause"):
        return pressing.press(turn, "do:cancel", "")
    return recommending.hear(turn, side, text)


def _confirmed(turn: Turn, pending: str) -> Decision:
    """Yes to a question of ours."""
    what, _, about = pending.partition(":")
    form = turn.talk.form
    match what:
        case "erase":
            return rights.erase(turn)
        case "withdraw":
            return leads.withdraw(turn, about)
        case "claim":
            return leads.claim(turn, about)
        case volunteers.PENDING:
            return volunteers.join(turn, about)
        case volunteers.HELP:
            return volunteers.help_on(turn)
        case "cancel" if form is not None:
            return starting.end(turn, form, "cancelled")
        case "restart" if form is not None:
            gone = starting.forgotten(turn, form)
            again = starting.fresh(turn.with_talk(review.closed(turn.talk, form)))
            return replace(again, effects=(*gone, *again.effects))
        case "likely" if form is not None:
            return review.submit(turn, form, likely_is_fine=True)
    return pressing.where_we_are(turn, "old_button")


def _form_page(turn: Turn, event: FormSaved) -> Decision:
    """Answers from the page, or a yes to what it asked."""
    if not event.confirmed:
        return form_page.saved(turn, event)
    if form_page.is_stale(turn.talk, event.serial):
        return turn.silent()
    return _confirmed(turn.with_talk(replace(turn.talk, pending="")), event.confirmed)


def _declined(turn: Turn, pending: str) -> Decision:
    """No: everything stays, and a form goes on."""
    form = turn.talk.form
    if pending == volunteers.HELP:
        return volunteers.help_off(turn)
    if pending == "likely" and form is not None:
        return starting.end(turn, form, "duplicate_dropped")
    if form is not None:
        return starting.resume(turn, say("kept_on", turn.lang))
    return turn.say("kept", quick=[button("status", turn.lang), button("menu", turn.lang)])


def _postback(turn: Turn, event: Postback) -> Decision:
    pending = turn.talk.pending
    if pending and event.data in ("do:yes", "do:no"):
        turn = turn.with_talk(replace(turn.talk, pending=""))
        return _confirmed(turn, pending) if event.data == "do:yes" else _declined(turn, pending)
    keeps = event.data == "do:notice"
    if not keeps:
        turn = turn.with_talk(replace(turn.talk, pending=""))
    return pressing.press(turn, event.data, event.picked)


def _follow(turn: Turn, event: Follow) -> Decision:
    """A new friend, or one who came back: their form waits where it was."""
    kind = "welcome_back" if event.unblocked else "welcome"
    told = answering.spoken(turn, kind)
    told = replace(told, effects=(SetReachable(True),))
    return _with_resume(turn, told)


def _media(turn: Turn, event: MediaMessage) -> Decision:
    """Never fetched. A picture may show a card: how to take it back is said with it."""
    if not event.first_of_set:
        return turn.silent()
    kinds = {"image": "image_refused", "audio": "audio_refused"}
    told = answering.spoken(turn, kinds.get(event.kind, "media_refused"))
    effects = [ForgetMessage(event.message_id)]
    told = replace(told, effects=tuple(effects))
    if event.kind == "image":
        hint = turn.say("unsend_photo").replies.messages
        messages = (*told.replies.messages, *hint)
        told = replace(told, replies=replace(told.replies, messages=messages))
    return _again_after(turn, told)


def _location(turn: Turn, event: LocationMessage) -> Decision:
    """In the address step: the province, to be confirmed. Else: the office of that province."""
    province = province_at(event.latitude, event.longitude, event.address)
    form = turn.talk.form
    if province is None:
        unknown = turn.say("place_unknown", quick=[button("menu", turn.lang)])
        return _again_after(turn, unknown)
    if form is None or form.at not in ("address", "province"):
        told = answering.asked(turn, Intent.OFFICE_LOCATION, Entities(province=province))
        return _again_after(turn, told)
    step = flow_of(form).step(form.at)
    if step is None:
        return starting.resume(turn)
    if form.at == "province":
        return hearing.answer(turn, form, step, province)
    try:
        step.parser.read(f"จ.{province}", Heard(turn.today))
    except More as more:
        asked = half_understood(form, more)
        confirm = say("place_confirm", turn.lang, province=province)
        told = ask(turn, asked)
        return replace(told, replies=turn.reply(confirm, quick=told.replies.quick).replies)
    except Invalid:
        return starting.resume(turn)
    return starting.resume(turn)


def _again_after(turn: Turn, told: Decision) -> Decision:
    """What was said, then the open question of a form, if there is one."""
    form = told.talk.form
    if form is None:
        return told
    then = review.go_on(turn.with_talk(told.talk), form)
    return then.after(*told.replies.messages[:3], effects=told.effects)


def _with_resume(turn: Turn, told: Decision) -> Decision:
    """What was said, with a button back to the form: it waits, unasked."""
    if turn.talk.form is None:
        return told
    quick = (button("resume", turn.lang), *told.replies.quick)
    return replace(told, replies=replace(told.replies, quick=quick))
