"""Commands that work anywhere, and the few questions that act instead of only being answered."""

from collections.abc import Callable
from dataclasses import replace

from handlers import (
    answering,
    desk,
    leads,
    paying,
    posters,
    recommending,
    rights,
    situations,
    sources,
    starting,
    volunteers,
)
from handlers.effects import AskStaff, SetNews
from handlers.phrases import button, call
from handlers.replies import Say
from handlers.turn import Decision, Turn
from nlp.intents import Intent
from nlp.understanding import Entities, Outcome, Topic, Understanding

Act = Callable[[Turn], Decision]


def staff(turn: Turn) -> Decision:
    """A person is asked to get in touch."""
    quick = [call(turn.lang), button("menu", turn.lang)]
    if turn.talk.form is not None:
        quick.insert(0, button("resume", turn.lang))
    talk = replace(turn.talk, topic=Topic(Intent.TALK_TO_STAFF), topic_at=turn.now)
    return turn.say("staff_asked", quick=quick, talk=talk, effects=[AskStaff("asked")])


def menu(turn: Turn) -> Decision:
    """What the bot can do, and the ways in."""
    told = answering.asked(turn, Intent.HELP_MENU, Entities())
    own = ["resume"] if turn.talk.form is not None else ["register"]
    quick = [*(button(n, turn.lang) for n in (*own, "status", "mydata")), *told.replies.quick]
    return replace(told, replies=replace(told.replies, quick=tuple(quick[:13])))


def _afraid_of_fraud(turn: Turn) -> Decision:
    """The word a real officer says; «โอนไปแล้ว» said next is about the fraud."""
    told = leads.callback_word(turn)
    talk = replace(told.talk, topic=Topic(Intent.BOT_IDENTITY), topic_at=turn.now)
    return replace(told, talk=talk)


def _set(key: str, **settings: object) -> Act:
    def change(turn: Turn) -> Decision:
        talk = replace(turn.talk, **settings)  # type: ignore[arg-type]  # fields are given by name below
        return turn.say(key, talk=talk, quick=[button("menu", talk.lang)])

    return change


def _news(wanted: bool) -> Act:
    key = "news_on" if wanted else "news_off"
    return lambda turn: turn.say(key, quick=[button("menu", turn.lang)], effects=[SetNews(wanted)])


_COMMANDS: dict[str, Act] = {
    "menu": menu,
    "mydata": rights.my_data,
    "looks": rights.looks,
    "copy": rights.copy,
    "erase": rights.ask_erase,
    "notice": rights.notice,
    "pay_on": paying.ask,
    "pay_off": paying.stop,
    "news_off": _news(False),
    "news_on": _news(True),
    "status": leads.status,
    "kit": volunteers.kit,
    "talking": volunteers.talking,
    "my_queue": posters.my_numbers,
    "desk": desk.show,
    "help_on": volunteers.help_on,
    "help_off": volunteers.help_off,
    "callback": _afraid_of_fraud,
    "staff": staff,
    "source": sources.of_topic,
    "recommend": recommending.start,
    "register": starting.start,
    "resume": starting.resume,
    "register_other": lambda turn: starting.start(turn, "สมัครให้คนอื่น"),
    "restart_other": lambda turn: starting.fresh(turn, "สมัครให้คนอื่น"),
    "reopen": lambda turn: leads.choose(turn, "reopen", leads.reopen),
    "fix": lambda turn: leads.choose(turn, "fix", leads.fix),
    "withdraw": lambda turn: leads.choose(turn, "withdraw", leads.ask_withdraw),
    "handover": lambda turn: leads.choose(turn, "handover", leads.hand_over),
    "easy_on": _set("easy_on", easy=True),
    "easy_off": _set("easy_off", easy=False),
    "lang_en": _set("lang_en", lang="en"),
    "lang_th": _set("lang_th", lang="th"),
}


def knows(name: str) -> bool:
    """Whether there is such a command."""
    return name in _COMMANDS


def obey(turn: Turn, name: str) -> Decision:
    """Does a command."""
    return _COMMANDS[name](turn)


def meant(turn: Turn, understood: Understanding, text: str = "") -> Decision:
    """A message that was understood: acted on, answered, asked back, or admitted as not known."""
    if understood.entities.option and starting.names_the_option(text):
        return starting.start(turn, text, understood.entities)
    if told := situations.hear(turn, understood, text or understood.text):
        return told
    if understood.outcome is Outcome.ASK and understood.suggestions:
        return answering.which(turn, understood)
    if understood.elsewhere:
        return answering.out_of_scope(turn)
    if understood.outcome is not Outcome.ANSWER:
        return answering.unknown(turn, understood)
    return act(turn, understood, text)


def act(turn: Turn, understood: Understanding, text: str = "") -> Decision:
    """The intents that do something; all others are answered."""
    match understood.intent:
        case Intent.REGISTER_START:
            return starting.start(turn, text, understood.entities)
        case Intent.REGISTER_STATUS if turn.tools.leads() or turn.talk.form:
            return leads.status(turn)
        case Intent.REGISTER_EDIT if turn.tools.leads():
            return leads.choose(turn, "fix", leads.fix_at_once(text))
        case Intent.REGISTER_CANCEL if turn.tools.leads():
            return _leave(turn, understood)
        case Intent.TALK_TO_STAFF:
            return staff(turn)
        case Intent.COMPLAINT:
            told = answering.answered(turn, understood)
            return replace(told, effects=(*told.effects, AskStaff("complaint")))
        case Intent.PRIVACY:
            return _with(turn, understood, "mydata", "looks", "erase")
        case Intent.COMPARE_OPTIONS:
            return _with(turn, understood, "recommend")
        case Intent.BOT_IDENTITY if turn.tools.leads():
            return leads.callback_word(turn).after(*_first(turn, understood))
    return answering.answered(turn, understood)


def _leave(turn: Turn, understood: Understanding) -> Decision:
    """Withdraw a registration, or have everything erased."""
    quick = [button(n, turn.lang) for n in ("withdraw", "erase", "status")]
    told = answering.answered(turn, understood)
    return replace(told, replies=replace(told.replies, quick=tuple(quick)))


def _with(turn: Turn, understood: Understanding, *names: str) -> Decision:
    """The answer, with commands first among its buttons."""
    told = answering.answered(turn, understood)
    own = tuple(button(name, turn.lang) for name in names)
    kept = tuple(b for b in told.replies.quick if b.data not in {o.data for o in own})
    return replace(told, replies=replace(told.replies, quick=(*own, *kept)))


def _first(turn: Turn, understood: Understanding) -> tuple[Say, ...]:
    told = answering.answered(turn, understood)
    return tuple(m for m in told.replies.messages[:2] if isinstance(m, Say))
