"""A volunteer's kit in the chat: taking up an invitation, own code and figures, what to say.

Figures are of the volunteer's own code and never name anybody; small ones come as a dash.
"""

from dataclasses import replace

from handlers.commands import volunteer_code
from handlers.display import grouped
from handlers.effects import JoinVolunteers
from handlers.phrases import button, say, word
from handlers.replies import Show
from handlers.turn import Decision, Turn
from nlp.cards import Button, Card, Row

PENDING = "volunteer"
_FIGURES = ("reached", "started", "submitted", "contacted", "member")


def hear(turn: Turn, text: str) -> Decision | None:
    """«อาสา …»: the rules, and whether the person agrees; None when it is no invitation."""
    code = volunteer_code(text)
    if not code:
        return None
    name = turn.tools.volunteer_invitation(code)
    if name is None:
        return turn.say("volunteer_bad", quick=[button("menu", turn.lang)])
    return turn.say(
        "volunteer_rules",
        name=name,
        quick=[button("yes", turn.lang), button("no", turn.lang)],
        talk=replace(turn.talk, pending=f"{PENDING}:{code}"),
    )


def join(turn: Turn, code: str) -> Decision:
    """They agreed."""
    name = turn.tools.volunteer_invitation(code)
    if name is None:
        return turn.say("volunteer_bad", quick=[button("menu", turn.lang)])
    quick = [button("kit", turn.lang), button("register_other", turn.lang)]
    return turn.say("volunteer_joined", name=name, quick=quick, effects=[JoinVolunteers(code)])


def kit(turn: Turn) -> Decision:
    """Code, figures and papers; kind words for who is no volunteer (any more)."""
    lang, mine = turn.lang, turn.tools.volunteer()
    if mine is None:
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
        quick=quick,
    )


def talking(turn: Turn) -> Decision:
    """What to say to a neighbour; every amount is a tap away, and right on the day."""
    asks = ("about_section40", "contribution_rate", "compare_options", "eligibility")
    quick = [
        button("register_other", turn.lang),
        *(button(f"ask_{a}", turn.lang, data=f"ask:{a}") for a in asks),
    ]
    return turn.say("talking_points", quick=quick)
