"""Commands inside a form: back, cancel, edit, pause, start again; and those for anywhere."""

from dataclasses import replace
from datetime import timedelta

from handlers import acting
from handlers.conversation import Form
from handlers.correction import CORRECTION
from handlers.effects import Remind
from handlers.flow import REVIEW, back
from handlers.form import DRAFT_DAYS, flow_of, store
from handlers.paying import by_day
from handlers.phrases import button, say
from handlers.review import edit_buttons, go_on
from handlers.starting import end
from handlers.turn import Decision, Turn

NUDGE_DAYS = 1
_GOES_ON = (
    *("menu", "easy_on", "easy_off", "lang_en", "lang_th"),
    *("staff", "callback", "notice", "source", "looks"),
)
"""Commands after which the open question comes back at once."""


def obey(turn: Turn, form: Form, name: str) -> Decision:
    """Does what the command word says; the form stays unless it is cancelled."""
    match name:
        case "back":
            return _back(turn, form)
        case "cancel":
            return _cancel(turn, form)
        case "edit":
            return _edit(turn, form)
        case "pause":
            return _pause(turn, form)
        case "restart":
            return _confirm(turn, form, "restart")
        case "resume":
            return go_on(turn, form)
        case "skip":
            return go_on(turn, form, say("cannot_skip", turn.lang))
        case "nudge":
            return _nudge(turn, form)
    done = acting.obey(turn.with_talk(store(turn, form)[0]), name)
    if name not in _GOES_ON:
        return done
    then = go_on(turn.with_talk(done.talk), form)
    return then.after(*done.replies.messages[:3], effects=done.effects)


def _back(turn: Turn, form: Form) -> Decision:
    before = back(flow_of(form), form, turn.today)
    if before is None:
        return go_on(turn, form, say("first_step", turn.lang))
    return go_on(turn, before)


def _cancel(turn: Turn, form: Form) -> Decision:
    """Asked once; nothing to lose before the consent, so then it is done at once."""
    if form.flow == CORRECTION.id:
        return turn.say("kept", talk=replace(turn.talk, side=None))
    if not form.consent_at:
        return end(turn, form, "cancelled")
    return _confirm(turn, form, "cancel")


def _confirm(turn: Turn, form: Form, what: str) -> Decision:
    talk = replace(store(turn, form)[0], pending=what)
    quick = [button("yes", turn.lang), button("no", turn.lang), button("pause", turn.lang)]
    return turn.say(f"{what}_ask", quick=quick, talk=talk)


def _edit(turn: Turn, form: Form) -> Decision:
    found = edit_buttons(turn, form)
    if not found:
        return go_on(turn, form, say("nothing_to_edit", turn.lang))
    quick = [*found[:11], button("resume", turn.lang)]
    return turn.say("choose_edit", quick=quick, talk=store(turn, form)[0])


def _pause(turn: Turn, form: Form) -> Decision:
    talk, effects = store(turn, form)
    if not form.consent_at:
        return turn.say("paused_empty", quick=[button("resume", turn.lang)], talk=talk)
    quick = [button("resume", turn.lang), button("nudge", turn.lang), button("cancel", turn.lang)]
    if turn.tools.helper(turn.talk.campaign):
        quick.insert(1, button("help_on", turn.lang))
    return turn.say("paused", quick=quick, talk=talk, effects=effects, days=str(DRAFT_DAYS))


def _nudge(turn: Turn, form: Form) -> Decision:
    """One reminder, only because the person asked for it."""
    talk, effects = store(turn, form)
    if not form.consent_at or (form.at == REVIEW and not form.answers):
        return go_on(turn, form)
    wish = Remind("unfinished", by_day(turn.now + timedelta(days=NUDGE_DAYS)))
    return turn.say(
        "nudge_set",
        quick=[button("resume", turn.lang)],
        talk=replace(talk, nudge=True),
        effects=(*effects, wish),
        days=str(NUDGE_DAYS),
    )
