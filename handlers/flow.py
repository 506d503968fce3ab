"""The flow engine: a flow is data, the path is computed from the answers, nothing does I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from handlers.conversation import Form
from handlers.steps.outcome import Heard, Parser, Value

REVIEW = "review"
Answers = Mapping[str, Value]


def _always(answers: Answers, today: date) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One question.

    when: whether it is asked, given the answers before it. fits: whether the stored answer still
    holds, given those; one that doesn't is asked again. loose: almost any words would be an answer.
    """

    id: str
    parser: Parser
    when: Callable[[Answers, date], bool] = _always
    fits: Callable[[Answers, date], bool] = _always
    usual: Value | None = None
    """The answer most people give: what the length of the way ahead is reckoned with."""
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Steps in order. `ended` names why the flow stops here, from the answers on the path."""

    id: str
    steps: tuple[Step, ...]
    ended: Callable[[Answers], str] = lambda _: ""

    def step(self, step_id: str) -> Step | None:
        return next((s for s in self.steps if s.id == step_id), None)


@dataclass(frozen=True, slots=True)
class Path:
    """The steps that are asked, and the answers that count: those on the path."""

    steps: tuple[Step, ...]
    answers: Answers

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(s.id for s in self.steps)

    @property
    def first_open(self) -> str:
        """The first step without an answer; none: the review."""
        return next((s.id for s in self.steps if s.id not in self.answers), REVIEW)


def path(flow: Flow, answers: Answers, today: date) -> Path:
    """Walks the flow: each step sees only the answers before it that are themselves on the path."""
    steps: list[Step] = []
    live: dict[str, Value] = {}
    for step in flow.steps:
        if not step.when(live, today):
            continue
        steps.append(step)
        if step.id in answers and step.fits({**live, step.id: answers[step.id]}, today):
            live[step.id] = answers[step.id]
    return Path(tuple(steps), live)


def answered(flow: Flow, form: Form, step_id: str, value: Value, today: date) -> Form:
    """The form with this answer, at the first open step or the review."""
    answers = {**form.answers, step_id: value}
    there = path(flow, answers, today).first_open
    stay = form.at != step_id and form.at != REVIEW and form.at == there
    if stay:
        return replace(form, answers=answers)
    return replace(form, answers=answers, at=there, partial={}, asking={}, tries=0)


def moved(form: Form, step_id: str) -> Form:
    """The form asking another step."""
    return replace(form, at=step_id, partial={}, asking={}, tries=0)


def back(flow: Flow, form: Form, today: date) -> Form | None:
    """At the step before on the path; None at the first."""
    ids = path(flow, form.answers, today).ids
    place = ids.index(form.at) if form.at in ids else len(ids)
    return moved(form, ids[place - 1]) if place > 0 else None


def repaired(flow: Flow, form: Form, today: date) -> Form:
    """Sends a form whose step is gone from the code or from the path to the first open one."""
    walk = path(flow, form.answers, today)
    if form.at in walk.ids:
        return form
    if form.at == REVIEW and walk.first_open == REVIEW:
        return form
    return moved(form, walk.first_open)


def way(flow: Flow, answers: Answers, today: date) -> Path:
    """The likely whole way: open questions reckoned as most people answer them."""
    usual = {s.id: s.usual for s in flow.steps if s.usual is not None}
    return path(flow, {**usual, **answers}, today)


def progress(flow: Flow, form: Form, today: date) -> tuple[int, int]:
    """(3, 9) for «ข้อ 3 จาก 9», open questions reckoned as most people answer them."""
    ids = way(flow, form.answers, today).ids
    place = ids.index(form.at) + 1 if form.at in ids else len(ids)
    return place, len(ids)


def heard(form: Form, live: Answers, today: date) -> Heard:
    """What the parser of the open step may know."""
    return Heard(today, live, form.partial)
