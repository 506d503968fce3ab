"""«Which option for me»: nlp's few questions, one by one, above an open form if there is one."""

from dataclasses import replace

from handlers.answering import shown
from handlers.conversation import Form
from handlers.form import data
from handlers.phrases import button
from handlers.steps.text import asks
from handlers.turn import Decision, Turn
from handlers.wording import steps
from nlp.cards import Button
from nlp.recommend import next_question, recommend

FLOW = "recommend"


def start(turn: Turn) -> Decision:
    """The first question."""
    return _ask(turn, Form(FLOW, turn.talk.forms, ""))


def hear(turn: Turn, form: Form, text: str) -> Decision | None:
    """An answer to the open question; None: it is none."""
    question = next_question(_answers(form), turn.today)
    value = question.read(text, turn.today) if question and not asks(text) else None
    if question is None or value is None:
        return None
    return press(turn, form, question.id, value)


def after(turn: Turn, told: Decision) -> Decision:
    """What was answered in between, then the open question again: once, then it is let go."""
    side = told.talk.side
    if side is None or side.flow != FLOW:
        return told
    if side.tries:
        return replace(told, talk=replace(told.talk, side=None))
    again = _ask(turn.with_talk(told.talk), replace(side, tries=1))
    return again.after(*told.replies.messages, effects=told.effects)


def press(turn: Turn, form: Form | None, question: str, value: str) -> Decision:
    """An answer that was tapped, or read."""
    kept = form if form is not None and form.flow == FLOW else Form(FLOW, turn.talk.forms, "")
    return _ask(turn, replace(kept, answers={**kept.answers, question: value}, tries=0))


def _ask(turn: Turn, form: Form) -> Decision:
    question = next_question(_answers(form), turn.today)
    if question is None:
        return _recommend(turn, form)
    quick = [*question.buttons(turn.today, turn.lang), button("cancel", turn.lang)]
    talk = replace(turn.talk, side=form)
    return turn.reply(question.text(turn.today, turn.lang), quick=quick, talk=talk)


def _recommend(turn: Turn, form: Form) -> Decision:
    told = recommend(
        _answers(form),
        turn.today,
        lang=turn.lang,
        easy=turn.talk.easy,
        pages=turn.tools.page,
    )
    talk = replace(turn.talk, side=None)
    quick = list(told.next)
    if talk.form is not None:
        quick = [_into_form(turn, talk.form, b) for b in quick]
        quick.insert(0, button("resume", turn.lang))
    return turn.reply(*shown(told), quick=quick, talk=talk)


def _into_form(turn: Turn, form: Form, told: Button) -> Button:
    """«สมัครทางเลือก 2» answers the open form instead of beginning another one."""
    start, _, option = told.data.partition("?option=")
    if start != "ask:register_start" or not option:
        return told
    label = steps()["option"].option_label(option, turn.lang) or told.label
    return Button(label, data=data(form, "option", option), say=label)


def _answers(form: Form) -> dict[str, str]:
    return {key: value for key, value in form.answers.items() if isinstance(value, str)}
