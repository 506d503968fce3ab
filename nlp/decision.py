"""Answer, ask back or admit not to know: what the costs of a mistake ask for."""

from dataclasses import dataclass

from nlp.classifier import Prediction
from nlp.intents import Intent
from nlp.understanding import Outcome

CHOICES = 3
COST_ANSWER_RIGHT, COST_ASK, COST_ANSWER_WRONG, COST_LOST = 1.0, 2.0, 10.0, 5.0
"""A confident wrong answer is five times as bad as a question back, that twice as bad as a right
answer.

Lost: a question within scope that is told «don't know», or is asked back without the right choice.
"""
_WORTH_OFFERING = 0.02


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, the reading to report and the choices to offer."""

    outcome: Outcome
    intent: Intent
    confidence: float
    suggestions: tuple[Intent, ...]


def decide(prediction: Prediction) -> Decision:
    """Thresholds come from the development split; see docs/understanding.md."""
    pool, ranked = prediction.pool, prediction.best(CHOICES + 1)
    best, unknown = ranked[0], prediction.of(Intent.OUT_OF_SCOPE)
    confidence = prediction.of(best)
    choices = tuple(
        intent
        for intent in ranked
        if intent is not Intent.OUT_OF_SCOPE and prediction.of(intent) >= _WORTH_OFFERING
    )[:CHOICES]
    if best is Intent.OUT_OF_SCOPE:
        if confidence >= pool.reject or not choices:
            return Decision(Outcome.UNKNOWN, best, confidence, choices)
        return Decision(Outcome.ASK, best, confidence, choices)
    if confidence >= pool.answer:
        return Decision(Outcome.ANSWER, best, confidence, choices)
    if confidence >= pool.guess:
        return Decision(Outcome.ASK, best, confidence, choices)
    if confidence >= pool.offer:
        return Decision(Outcome.ASK, Intent.OUT_OF_SCOPE, unknown, choices)
    return Decision(Outcome.UNKNOWN, Intent.OUT_OF_SCOPE, unknown, choices)
