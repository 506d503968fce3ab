"""Correcting one answer of a registration that was sent: a flow of the one step."""

from dataclasses import replace
from datetime import date

from handlers.flow import Answers, Flow, Step
from handlers.registration import CORRECTABLE, REGISTRATION


def _only(step: Step) -> Step:
    def chosen(answers: Answers, today: date) -> bool:
        return answers.get("which") == step.id

    return replace(step, when=chosen)


_WHICH = Step("which", REGISTRATION.steps[0].parser, when=lambda answers, today: True)
"""Never asked: the button that opens the correction answers it."""

CORRECTION = Flow(
    "correction",
    (_WHICH, *(_only(step) for step in REGISTRATION.steps if step.id in CORRECTABLE)),
)
