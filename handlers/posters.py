"""Codes from posters: «รหัส K7M2-9QXT», typed or scanned, in a private chat or by a group; and the
number that an event's code gives.
"""

from dataclasses import replace

from handlers import answering, volunteers
from handlers.commands import bare_code, campaign_code
from handlers.effects import LinkGroup, TouchCampaign
from handlers.phrases import button, say
from handlers.turn import Decision, Turn


def hear(turn: Turn, text: str) -> Decision | None:
    """A message that is a code: a welcome, or kind words when it is none of ours. Else None."""
    said = campaign_code(text)
    code = said or bare_code(text)
    name = turn.tools.campaign(code) if code else None
    if name is not None:
        return _welcome(turn, code, name)
    if not said:
        return None  # eight letters and digits may be anything
    return turn.say(
        "otp_not_wanted" if said.isdigit() else "campaign_unknown",
        quick=[button("menu", turn.lang), button("register", turn.lang)],
    )


def _welcome(turn: Turn, code: str, name: str) -> Decision:
    """Where they come from, and the first thing to do; a form that waits goes on waiting."""
    talk = replace(turn.talk, campaign=turn.talk.campaign or code)
    number = turn.tools.check_in(code)
    if number is not None:
        quick = [button("my_queue", turn.lang), button("register", turn.lang)]
        return turn.say(
            "event_number",
            talk=talk,
            quick=quick,
            name=name,
            number=str(number),
            effects=[TouchCampaign(code)],
        )
    greeting = turn.say("campaign", talk=talk, name=name, effects=[TouchCampaign(code)])
    if turn.talk.form is not None:
        return greeting
    welcome = answering.spoken(turn, "welcome", talk=talk)
    told = welcome.after(*greeting.replies.messages, effects=greeting.effects)
    return volunteers.ask_help(turn, told, code)


def my_numbers(turn: Turn) -> Decision:
    """«คิวของฉัน»: the number again, and how far the event is."""
    numbers = turn.tools.event_numbers()
    quick = [button("my_queue", turn.lang)] if numbers else []
    quick += [button("register", turn.lang), button("menu", turn.lang)]
    if not numbers:
        return turn.say("event_no_number", quick=quick)
    told = [
        say(
            "event_called" if one.last_called else "event_waiting",
            turn.lang,
            name=one.event,
            number=str(one.number),
            called=str(one.last_called),
        )
        for one in numbers[:3]
    ]
    return turn.reply(*told, quick=quick)


def of_group(turn: Turn, text: str) -> Decision | None:
    """A group tells its own code."""
    said = campaign_code(text)
    code = said or bare_code(text)
    name = turn.tools.campaign(code) if code else None
    if name is not None:
        return turn.say("group_linked", name=name, effects=[LinkGroup(code)])
    return turn.say("campaign_unknown") if said else None
