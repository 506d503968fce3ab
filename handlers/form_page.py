"""Answers from the form page inside LINE: by the steps, parsers and words of the chat.

The page itself uses `enter` too, to show at once what the worker will make of an answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from handlers import review, starting
from handlers.conversation import Conversation, Form
from handlers.display import who
from handlers.events import FormSaved
from handlers.flow import REVIEW, Step, path, repaired, way
from handlers.form import live, store
from handlers.phrases import filled, say
from handlers.registration import REGISTRATION, hints
from handlers.replies import Replies
from handlers.steps.outcome import Heard, Invalid, More
from handlers.taking import put
from handlers.turn import Decision, Turn
from handlers.wording import steps

Refusal = Invalid | More


@dataclass(frozen=True, slots=True)
class Entered:
    """The form with the answers that would do, and by step why the others would not."""

    form: Form
    refused: Mapping[str, Refusal]


def saved(turn: Turn, event: FormSaved) -> Decision:
    """Keeps answers without a word, for the page shows them; a form that is sent is answered.

    Each word here would be a push that costs money; the chat asks the open question when the
    person comes back to it.
    """
    if is_stale(turn.talk, event.serial):
        return turn.silent()
    turn, form = opened(turn)
    form = repaired(REGISTRATION, enter(turn, form, event.answers).form, turn.today)
    reason = starting.ended(turn, form)
    if reason:
        return replace(starting.end(turn, form, reason), replies=Replies())
    if event.submit and form.at == REVIEW:
        return review.submit(turn, form)
    if event.submit:
        return review.go_on(turn, form, say("form_page_saved", turn.lang))
    talk, effects = store(turn, form)
    return turn.silent(*effects, talk=talk)


def is_stale(talk: Conversation, serial: int) -> bool:
    """The page was of a form that is closed, or another was begun since; 0: it doesn't say."""
    return serial not in (0, next_serial(talk))


def next_serial(talk: Conversation) -> int:
    """The number of the open form, or of the one that the page would begin."""
    return talk.form.serial if talk.form else talk.forms + 1


def opened(turn: Turn) -> tuple[Turn, Form]:
    """The open form, or a new one."""
    if turn.talk.form is not None:
        return turn, turn.talk.form
    form = Form(REGISTRATION.id, next_serial(turn.talk), REGISTRATION.steps[0].id)
    return turn.with_talk(replace(turn.talk, forms=form.serial)), form


def asked(turn: Turn, form: Form) -> tuple[Step, ...]:
    """The questions that may be answered: once there is consent, those likely ahead as well."""
    walk = way if form.consent_at else path
    return walk(REGISTRATION, form.answers, turn.today).steps


def enter(turn: Turn, form: Form, answers: Iterable[tuple[str, str]]) -> Entered:
    """Reads (step, text) in order. A second text for a step completes what the first left open."""
    refused: dict[str, Refusal] = {}
    partial: dict[str, Mapping[str, str]] = {}
    for step_id, text in answers:
        step = next((s for s in asked(turn, form) if s.id == step_id), None)
        if step is None:
            continue
        try:
            known = Heard(turn.today, live(turn, form), partial.get(step_id, {}))
            value = step.parser.read(text, known)
        except More as more:
            partial[step_id], refused[step_id] = more.partial, more
        except Invalid as refusal:
            refused[step_id] = refusal
        else:
            refused.pop(step_id, None)
            form = put(turn, form, step, value)
    return Entered(form, refused)


def reason(turn: Turn, form: Form, step_id: str, refusal: Refusal, nth: int) -> str:
    """What is wrong or missing, in other words each time."""
    if turn.lang == "en":
        return say("not_read_2" if nth % 2 else "not_read", turn.lang)
    words = steps()[step_id]
    told = (words.more if isinstance(refusal, More) else words.invalid)[refusal.code]
    names = {"who": who(live(turn, form), turn.lang), **hints(form.answers), **refusal.hints}
    return filled(told[nth % len(told)], **names)
