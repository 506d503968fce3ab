"""What a person sent from the page, as answers in the order of the flow.

A question has at most a line to type in, options to tap, choices that complete what was half
understood, and for an address three lists. Whatever was changed is the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from handlers.conversation import Form
from handlers.display import shown
from handlers.flow import Step
from handlers.form_page import Refusal, asked, enter
from handlers.registration import REGISTRATION
from handlers.steps.outcome import Heard, Invalid, More, Value
from handlers.turn import Turn
from handlers.wording import steps

MAX_TEXT = 300
MAX_BEFORE = 4
Pairs = list[tuple[str, str]]
Data = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Posted:
    """answers: those that will do. typed: all lines as they were typed, to be shown again."""

    form: Form
    answers: Pairs
    refused: Mapping[str, Refusal]
    typed: Mapping[str, str]
    before: Mapping[str, list[str]]
    """Earlier tries of a question that were understood in part."""


def read(data: Data, turn: Turn, form: Form) -> Posted:
    """Everything that was changed, read by the steps' own parsers."""
    found = {step.id: _changed(data, turn, form, step) for step in REGISTRATION.steps}
    pairs = [(step_id, text) for step_id, texts in found.items() for text in texts]
    entered = enter(turn, form, pairs)
    may = {step.id for step in asked(turn, entered.form)}
    kept = [pair for pair in pairs if pair[0] in may and pair[0] not in entered.refused]
    halves = [s for s, refusal in entered.refused.items() if isinstance(refusal, More)]
    return Posted(
        entered.form,
        kept,
        entered.refused,
        {s: found[s][-1] for s in entered.refused},
        {s: found[s][-MAX_BEFORE:] for s in halves},
    )


def line_of(step_id: str, value: Value | None, lang: str) -> str:
    """What the line of a question holds: the answer as people read it; never an ID number."""
    if value is None or step_id == "id_number":
        return ""
    if isinstance(value, str) and steps()[step_id].option_label(value, lang):
        return ""
    return shown(step_id, value, lang)


def _changed(data: Data, turn: Turn, form: Form, step: Step) -> list[str]:
    """The texts that answer a question anew, those before it first; none: as it was."""
    value = form.answers.get(step.id)
    before = [_cut(text) for text in data.getlist(f"{step.id}.before")][-MAX_BEFORE:]
    line = _cut(data.get(step.id, ""))
    choice = _cut(data.get(f"{step.id}.choice", ""))
    if choice and line in ("", *before):
        return [*before, choice]
    if line and line != line_of(step.id, value, turn.lang):
        alone = line in before or _reads(step, line, turn, form)
        return [line] if alone else [*before, line]
    tambon = _cut(data.get(f"{step.id}.tambon", ""))
    if tambon and (isinstance(value, str) or not value or tambon != value.get("code")):
        return [f"#{tambon}"]
    option = _cut(data.get(f"{step.id}.option", ""))
    return [option] if option and option != value else []


def _cut(text: str) -> str:
    return " ".join(text.split())[:MAX_TEXT]


def _reads(step: Step, text: str, turn: Turn, form: Form) -> bool:
    """A whole answer by itself, which needs nothing of the tries before."""
    try:
        step.parser.read(text, Heard(turn.today, form.answers))
    except (Invalid, More):
        return False
    return True
