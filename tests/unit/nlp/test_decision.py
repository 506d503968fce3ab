"""Answer, ask back or admit not to know."""

from dataclasses import replace

import numpy as np
import pytest

from nlp.artefact import Pool
from nlp.classifier import INTENTS, Prediction
from nlp.corpus import Example
from nlp.decision import CHOICES, decide
from nlp.intents import Intent
from nlp.pooling import cost, fit_thresholds, fit_weights, mean_cost
from nlp.understanding import Outcome

POOL = Pool(weights={"word": 1.0}, answer=0.7, offer=0.2, guess=0.4, reject=0.6)


def prediction(**shares: float) -> Prediction:
    """These intents as likely as said, the rest shared among the others."""
    rest = (1 - sum(shares.values())) / (len(INTENTS) - len(shares))
    return Prediction(
        np.array([shares.get(i.value, rest) for i in INTENTS], dtype=np.float32), POOL
    )


@pytest.mark.parametrize(
    ("shares", "outcome", "intent"),
    [
        ({"greet": 0.9}, Outcome.ANSWER, Intent.GREET),
        ({"greet": 0.5, "help_menu": 0.3}, Outcome.ASK, Intent.GREET),
        ({"greet": 0.3, "help_menu": 0.25}, Outcome.ASK, Intent.OUT_OF_SCOPE),
        ({"greet": 0.1}, Outcome.UNKNOWN, Intent.OUT_OF_SCOPE),
        ({"out_of_scope": 0.8, "greet": 0.1}, Outcome.UNKNOWN, Intent.OUT_OF_SCOPE),
        ({"out_of_scope": 0.5, "greet": 0.3}, Outcome.ASK, Intent.OUT_OF_SCOPE),
    ],
)
def test_an_outcome(shares: dict[str, float], outcome: Outcome, intent: Intent) -> None:
    decision = decide(prediction(**shares))
    assert (decision.outcome, decision.intent) == (outcome, intent)


def test_choices_are_few_likely_and_never_out_of_scope() -> None:
    decision = decide(
        prediction(greet=0.4, out_of_scope=0.2, help_menu=0.15, privacy=0.12, complaint=0.08)
    )
    assert decision.suggestions == (Intent.GREET, Intent.HELP_MENU, Intent.PRIVACY)
    assert len(decision.suggestions) <= CHOICES


def test_the_confidence_is_that_of_the_reading_reported() -> None:
    assert decide(prediction(greet=0.3, out_of_scope=0.1)).confidence == pytest.approx(0.1)
    assert decide(prediction(greet=0.9)).confidence == pytest.approx(0.9)


def test_a_wrong_answer_costs_five_questions_back() -> None:
    example = Example("สวัสดี", Intent.GREET)
    asked = cost(Outcome.ASK, Intent.GREET, (Intent.GREET,), example)
    assert cost(Outcome.ANSWER, Intent.PRIVACY, (), example) == 5 * asked
    assert asked == 2 * cost(Outcome.ANSWER, Intent.GREET, (), example)


def test_thresholds_are_chosen_so_that_they_cost_least() -> None:
    sure, unsure = prediction(greet=0.9), prediction(greet=0.55, privacy=0.4)
    given = np.stack([sure.probabilities] * 8 + [unsure.probabilities] * 4)
    examples = (
        [Example("", Intent.GREET)] * 8
        + [Example("", Intent.PRIVACY)] * 3
        + [Example("", Intent.GREET)]
    )
    eager = replace(POOL, answer=0.3)
    chosen, price = fit_thresholds(given, eager, examples)
    assert 0.55 < chosen.answer <= 0.9
    assert price < mean_cost(given, eager, examples)


def test_a_part_that_knows_gets_more_say_than_one_that_guesses() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, len(INTENTS), 400)
    knows = np.full((400, len(INTENTS)), -5.0, dtype=np.float32)
    knows[np.arange(400), labels] = -0.1
    guesses = np.log(random.dirichlet(np.ones(len(INTENTS)), 400)).astype(np.float32)
    weights = fit_weights({"knows": knows, "guesses": guesses}, labels).weights
    assert weights["knows"] > 5 * weights["guesses"]
