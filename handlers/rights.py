"""Data rights in the chat: what is held, who looked, a copy, erasure, the notice."""

from dataclasses import replace
from datetime import timedelta

from handlers.conversation import Conversation
from handlers.effects import EraseMe, SetMenu, ShareMyData
from handlers.form import DRAFT_DAYS
from handlers.leads import named
from handlers.phrases import button, has, long_date, say, word
from handlers.replies import Show
from handlers.turn import BANGKOK, Decision, Turn
from nlp.cards import Button, Card, Row

COPY_MINUTES = 15
MESSAGE_DAYS = 7
"""How long the texts of messages are kept; db.retention does it, a test compares."""
CODE_DAYS, NUMBER_DAYS = 365, 30
"""How long it is known who typed a poster's code, and who had which number; compared too."""
MAX_LOOKS = 10


def my_data(turn: Turn) -> Decision:
    """What is held on this person, in outline, and what they may do about it."""
    lang, leads = turn.lang, turn.tools.leads()
    rows = [
        Row(named(lead, lang), f"{_status(lead.status, lang)} {lead.reference}") for lead in leads
    ]
    none = word("card", "none", lang)
    if not rows:
        rows.append(Row(word("card", "registrations", lang), none))
    draft = word("card", "draft_yes", lang) if turn.talk.form else none
    reading = word("card", "easy" if turn.talk.easy else "normal", lang)
    rows += [Row(word("card", "draft", lang), draft), Row(word("card", "settings", lang), reading)]
    buttons = tuple(button(name, lang) for name in ("copy", "looks", "fix", "erase"))
    title = word("card", "my_data", lang)
    card = Card(title, tuple(rows[:MAX_LOOKS]), buttons=buttons)
    quick = [button("notice", lang), button("status", lang)]
    return turn.reply(say("my_data", lang), Show((card,), title), quick=quick)


def _status(status: str, lang: str) -> str:
    return word("status", status, lang) if has("status", status) else status


def looks(turn: Turn) -> Decision:
    """Who looked, and when: by office, never by name."""
    lang, found = turn.lang, turn.tools.accesses()[:MAX_LOOKS]
    quick = [button("mydata", lang), button("staff", lang)]
    if not found:
        return turn.say("no_looks", quick=quick)
    rows = tuple(
        Row(long_date(look.at.astimezone(BANGKOK).date(), lang), look.office) for look in found
    )
    title = say("looks", lang)
    return turn.reply(
        Show((Card(word("button", "looks", lang), rows, note=title),), title), quick=quick
    )


def copy(turn: Turn) -> Decision:
    """A file with all that is held, behind a link that soon runs out."""
    token = turn.tools.new_code()
    until = turn.now + timedelta(minutes=COPY_MINUTES)
    lang = turn.lang
    opener = Button(word("button", "open_copy", lang), uri=f"/my-data/{token}")
    title = word("card", "my_data", lang)
    return turn.reply(
        say("copy_ready", lang, minutes=str(COPY_MINUTES)),
        Show((Card(title, buttons=(opener,)),), title),
        quick=[button("mydata", lang)],
        effects=[ShareMyData(token, until)],
    )


def ask_erase(turn: Turn) -> Decision:
    """Asks once before everything is erased."""
    return turn.say(
        "erase_ask",
        quick=[button("yes", turn.lang), button("no", turn.lang), button("copy", turn.lang)],
        talk=replace(turn.talk, pending="erase"),
    )


def erase(turn: Turn) -> Decision:
    """Everything is erased, this talk's own state too; how the person reads stays."""
    talk = Conversation(lang=turn.talk.lang, easy=turn.talk.easy, forms=turn.talk.forms)
    quick = [button("register", turn.lang), button("menu", turn.lang)]
    return turn.say("erased", quick=quick, talk=talk, effects=[EraseMe(), SetMenu("new")])


def notice(turn: Turn) -> Decision:
    """The whole privacy notice; a form goes on below it."""
    resume = [button("resume", turn.lang)] if turn.talk.form else [button("register", turn.lang)]
    quick = [*resume, button("mydata", turn.lang)]
    return turn.say(
        "notice",
        quick=quick,
        draft=str(DRAFT_DAYS),
        chat=str(MESSAGE_DAYS),
        codes=str(CODE_DAYS),
        queue=str(NUMBER_DAYS),
    )
