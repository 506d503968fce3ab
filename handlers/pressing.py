"""Buttons, by their data.

``reg:<step>=<value>;f=<serial>`` answers a step (``fix:`` one of a sent registration),
``do:<command>=<argument>`` acts, ``do:source=<intent>?option=2`` shows where an answer comes from,
``ask:<intent>?option=2`` asks, ``rec:<question>=<value>`` answers a question of «which option for
me».
"""

import re
from dataclasses import replace

from handlers import acting, desk, hearing, leads, paying, recommending, review, sources, starting
from handlers.conversation import Form
from handlers.flow import moved, path, repaired
from handlers.form import flow_of
from handlers.form_commands import obey
from handlers.phrases import button, say
from handlers.registration import CORRECTABLE
from handlers.steps.outcome import Heard, Invalid, More
from handlers.taking import Taken, put
from handlers.tools import LeadSummary
from handlers.turn import Decision, Turn
from nlp.answering.buttons import entities_of
from nlp.intents import Intent
from nlp.understanding import Outcome, Understanding

_STEP = re.compile(r"^(reg|fix):(\w+)(?:=(.*?))?;f=(\d+)$", re.DOTALL)
_DO = re.compile(r"^do:(\w+)(?:=([\w\-:]*))?(?:;f=(\d+))?$")
_SOURCE = re.compile(r"^do:source=(\w+)(?:\?(.*))?$")
_ASK = re.compile(r"^ask:(\w+)(?:\?(.*))?$")
_REC = re.compile(r"^rec:(\w+)=(.*)$")
_IN_FORM = ("back", "cancel", "edit", "pause", "restart", "resume", "nudge")
_OF_LEAD = {
    "reopen": leads.reopen,
    "fix": leads.fix,
    "withdraw": leads.ask_withdraw,
    "handover": leads.hand_over,
}


def press(turn: Turn, data: str, picked: str) -> Decision:
    """What a button does; an unknown or late one shows where things stand."""
    if found := _STEP.match(data):
        kind, step, value, serial = found.groups()
        return _step(turn, kind, step, value or picked, int(serial))
    if found := _SOURCE.match(data):
        return _source(turn, found[1], found[2] or "")
    if found := _DO.match(data):
        name, argument, form_serial = found.groups()
        return _do(turn, name, argument or "", int(form_serial or 0))
    if found := _ASK.match(data):
        return _ask(turn, found[1], found[2] or "")
    if found := _REC.match(data):
        return recommending.press(turn, turn.talk.side, found[1], found[2])
    return turn.silent() if not data else where_we_are(turn, "old_button")


def where_we_are(turn: Turn, key: str) -> Decision:
    """A late button: the open question again, or a way to begin."""
    if turn.talk.form is not None:
        return starting.resume(turn, say(key, turn.lang))
    if turn.talk.last_reference:
        quick = [button("status", turn.lang), button("register_other", turn.lang)]
        return turn.say("already_sent", quick=quick, reference=turn.talk.last_reference)
    return turn.say("no_form", quick=[button("register", turn.lang), button("menu", turn.lang)])


def _step(turn: Turn, kind: str, step_id: str, value: str, serial: int) -> Decision:
    form = turn.talk.form if kind == "reg" else turn.talk.side
    if form is None or form.serial != serial:
        return where_we_are(turn, "old_button")
    form = repaired(flow_of(form), form, turn.today)
    walk = path(flow_of(form), form.answers, turn.today)
    step = next((s for s in walk.steps if s.id == step_id), None)
    if step is None:
        return where_we_are(turn, "old_button")
    if not value:
        return review.go_on(turn, moved(form, step_id))
    if step_id == form.at:
        return hearing.answer(turn, form, step, value)
    try:
        said = step.parser.read(value, Heard(turn.today, walk.answers))
    except (Invalid, More):
        return where_we_are(turn, "old_button")
    if step_id in walk.answers and said == walk.answers[step_id]:
        return review.go_on(turn, form)
    after = put(turn, form, step, said)
    return hearing.accepted(turn, form, Taken(after, (step_id,)), key="corrected")


def _do(turn: Turn, name: str, argument: str, serial: int) -> Decision:
    if name == "submit":
        return _submit(turn, serial)
    if name == "fix" and ":" in argument:
        return _fix(turn, *argument.split(":", 1))
    if name == "pay_day":
        return paying.choose(turn, argument)
    if name == "call_number":
        return desk.call(turn, argument)
    if argument and name in _OF_LEAD:
        lead = leads.find(turn, argument)
        return _OF_LEAD[name](turn, lead) if lead else leads.status(turn)
    if name in ("yes", "no"):
        return where_we_are(turn, "old_button")
    form = turn.talk.side or turn.talk.form
    if name in _IN_FORM and form is not None and form.flow != recommending.FLOW:
        return obey(turn, form, name)
    if name == "cancel":
        return _close_side(turn)
    if not acting.knows(name):
        return where_we_are(turn, "old_button")
    return acting.obey(turn, name)


def _close_side(turn: Turn) -> Decision:
    """The short flow is left; a form below it goes on."""
    turn = turn.with_talk(replace(turn.talk, side=None))
    return starting.resume(turn) if turn.talk.form else acting.menu(turn)


def _submit(turn: Turn, serial: int) -> Decision:
    form = turn.talk.form
    if form is None or form.serial != serial:
        return where_we_are(turn, "old_button")
    return review.submit(turn, form)


def _fix(turn: Turn, reference: str, step: str) -> Decision:
    lead: LeadSummary | None = leads.find(turn, reference)
    if lead is None or step not in CORRECTABLE:
        return leads.status(turn)
    return leads.correct(turn, lead, step)


def _ask(turn: Turn, name: str, query: str) -> Decision:
    try:
        intent = Intent(name)
    except ValueError:
        return where_we_are(turn, "old_button")
    understood = Understanding("", intent, 1.0, Outcome.ANSWER, entities_of(query))
    form = turn.talk.form
    option = understood.entities.option
    if form is not None and intent is Intent.REGISTER_START and option:
        return _with_option(turn, form, str(option))
    if form is None or intent in (Intent.REGISTER_START, Intent.REGISTER_STATUS):
        return acting.act(turn, understood)
    return hearing.interrupted(turn, form, understood)


def _source(turn: Turn, name: str, query: str) -> Decision:
    """Where an answer comes from; the open question of a form comes back below."""
    if name not in {intent.value for intent in Intent}:
        return where_we_are(turn, "old_button")
    told, form = sources.of_button(turn, Intent(name), query), turn.talk.form
    return review.go_on(turn, form).after(*told.replies.messages) if form else told


def _with_option(turn: Turn, form: Form, option: str) -> Decision:
    """«สมัครทางเลือก 2» while a form is open: its answer there, as soon as that step is due."""
    if "option" in path(flow_of(form), form.answers, turn.today).ids:
        return _step(turn, "reg", "option", option, form.serial)
    return starting.resume(turn)
