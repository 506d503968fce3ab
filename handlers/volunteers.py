"""A volunteer's kit in the chat: taking up an invitation, own code and figures, what to say, and
who agreed to be helped.

Figures are of the volunteer's own code; small ones come as a dash. Somebody else's first name is
seen only while their form waits and they agreed to it.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from handlers import desk
from handlers.commands import command, volunteer_code, yes_or_no
from handlers.conversation import Conversation
from handlers.display import full_name, grouped
from handlers.effects import AllowHelp, NameVolunteer
from handlers.phrases import button, say, word
from handlers.replies import Show
from handlers.steps import names
from handlers.steps.outcome import Heard, Invalid, More
from handlers.steps.text import asks, clean
from handlers.turn import Decision, Turn
from nlp.cards import Button, Card, Row

PENDING, NAMING, HELP = "volunteer", "volunteer_name", "help"
_FIGURES = ("reached", "started", "submitted", "contacted", "member")
_MY_NAME = re.compile(r"^ชื่อ(?:อาสา|ในใบขอบคุณ)\s*:?\s*(\S.*)$")


def hear(turn: Turn, text: str) -> Decision | None:
    """«อาสา …»: the rules, and whether the person agrees; None when it is no invitation."""
    if given := _MY_NAME.match(clean(text)):
        return _named(turn, given[1])
    code = volunteer_code(text)
    if not code:
        return None
    found = turn.tools.invitation(code)
    if found is None:
        return turn.say("volunteer_bad", quick=[button("menu", turn.lang)])
    return turn.say(
        "organiser_rules" if found.event else "volunteer_rules",
        name=found.name,
        quick=[button("yes", turn.lang), button("no", turn.lang)],
        talk=replace(turn.talk, pending=f"{PENDING}:{code}"),
    )


def join(turn: Turn, code: str) -> Decision:
    """They agreed. Of two who were sent the same text the first one has it."""
    found = turn.tools.take_up(code)
    if found is None:
        return turn.say("volunteer_bad", quick=[button("menu", turn.lang)])
    if found.event:
        quick = [button("desk", turn.lang), button("menu", turn.lang)]
        return turn.say("organiser_joined", name=found.name, quick=quick)
    return turn.say(
        "volunteer_joined",
        name=found.name,
        quick=[button("kit", turn.lang), button("register_other", turn.lang)],
        talk=replace(turn.talk, pending=NAMING),
    )


def name_given(turn: Turn, text: str) -> Decision | None:
    """The words after «what name shall the thank-you say»; None: they are about something else."""
    about_else = asks(text) or yes_or_no(text) is not None or command(text, in_form=False)
    if turn.talk.pending != NAMING or about_else:
        return None
    given = _MY_NAME.match(clean(text))
    return _named(turn, given[1] if given else text)


def _named(turn: Turn, text: str) -> Decision | None:
    if turn.tools.volunteer() is None:
        return None
    try:
        name = full_name(names.NAME.read(text, Heard(turn.today)))
    except More as first_name_alone:
        name = full_name(first_name_alone.partial)
    except Invalid:
        return None
    return turn.say(
        "volunteer_named",
        name=name,
        quick=[button("kit", turn.lang)],
        talk=replace(turn.talk, pending=""),
        effects=[NameVolunteer(name)],
    )


def kit(turn: Turn) -> Decision:
    """Code, figures and papers; kind words for who is no volunteer (any more)."""
    lang, mine = turn.lang, turn.tools.volunteer()
    if mine is None:
        if turn.tools.desk() is not None:
            return desk.show(turn)
        return turn.say("volunteer_none", quick=[button("register", lang), button("menu", lang)])
    rows = tuple(
        Row(word("group_card", name, lang), mine.figures[name], strong=name == "member")
        for name in _FIGURES
    )
    buttons = tuple(
        Button(word("button", name, lang), uri=path) for name, path in mine.papers.items()
    )
    title = word("card", "kit", lang)
    card = Card(title, rows, mine.name, word("group_card", "kit_note", lang), buttons=buttons)
    quick = [
        button("register_other", lang),
        button("talking", lang),
        *(button(name, lang) for name in ("status", "menu")),
    ]
    return turn.reply(
        Show((card,), f"{title} {mine.name}"),
        say("kit_code", lang, code=grouped(mine.code)),
        say("kit_helped", lang, names=", ".join(mine.helped)) if mine.helped else "",
        quick=quick,
    )


def talking(turn: Turn) -> Decision:
    """What to say to a neighbour; every amount is a tap away, and right on the day."""
    about = ("about_section40", "contribution_rate", "compare_options", "eligibility")
    quick = [
        button("register_other", turn.lang),
        *(button(f"ask_{a}", turn.lang, data=f"ask:{a}") for a in about),
    ]
    return turn.say("talking_points", quick=quick)


def ask_help(turn: Turn, welcome: Decision, code: str) -> Decision:
    """The welcome of a volunteer's code, and once the question whether the volunteer may help."""
    helper = "" if welcome.talk.help_asked else turn.tools.helper(code)
    if not helper:
        return welcome
    replies = welcome.replies
    asked = say("help_ask", turn.lang, name=helper)
    return replace(
        welcome,
        talk=replace(welcome.talk, help_asked=True, pending=HELP),
        replies=replace(
            replies,
            messages=(*replies.messages, *turn.reply(asked).replies.messages),
            quick=(*help_buttons(turn, "help_on", "help_off"), *replies.quick)[:13],
        ),
    )


def help_buttons(turn: Turn, *keys: str) -> list[Button]:
    """Buttons about being helped, by data of their own so that a late one still works."""
    return [button(key, turn.lang) for key in keys]


def help_on(turn: Turn) -> Decision:
    """The volunteer may see the first name while a form waits."""
    helper = turn.tools.helper(turn.talk.campaign)
    if not helper:
        return turn.say("help_none", quick=_onwards(turn))
    return turn.say("help_on", name=helper, quick=_onwards(turn), effects=[AllowHelp(True)])


def help_off(turn: Turn) -> Decision:
    """The volunteer may not, or no longer."""
    return turn.say("help_off", quick=_onwards(turn), effects=[AllowHelp(False)])


def first_name_waiting(talk: Conversation) -> str:
    """The first name in the person's own form that waits; empty: there is none."""
    form = talk.form
    if form is None or not form.consent_at or form.answers.get("consent") != "self":
        return ""
    name = form.answers.get("name")
    return name.get("first", "") if isinstance(name, Mapping) else ""


def _onwards(turn: Turn) -> list[Button]:
    way = "resume" if turn.talk.form is not None else "register"
    return [button(way, turn.lang), button("menu", turn.lang)]
