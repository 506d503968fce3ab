"""Choosing the pool's weights and thresholds on examples the parts were not trained on; used
by training only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from nlp.artefact import Pool
from nlp.classifier import Prediction, log_softmax, pooled
from nlp.corpus import Example
from nlp.decision import COST_ANSWER_RIGHT, COST_ANSWER_WRONG, COST_ASK, COST_LOST, decide
from nlp.intents import Intent
from nlp.linear import Floats
from nlp.understanding import Outcome

_GRID = {
    "answer": np.arange(0.30, 0.95, 0.05),
    "offer": np.arange(0.05, 0.35, 0.05),
    "reject": np.arange(0.30, 0.95, 0.05),
}
_EVEN = 0.02
"""Costs and scores that differ by less than this share count as even."""
_NO_THRESHOLDS = {"answer": 0.5, "offer": 0.2, "guess": 0.3, "reject": 0.5}


def fit_weights(parts: Mapping[str, Floats], labels: NDArray[np.int64]) -> Pool:
    """Weights that make the pooled probabilities most likely; their sum is the temperature."""
    names = list(parts)
    stacked = np.stack([parts[name] for name in names])
    rows = np.arange(len(labels))

    def surprise(logs: NDArray[np.float64]) -> float:
        pooled_logs = log_softmax(np.tensordot(np.exp(logs), stacked, axes=1))
        return float(-pooled_logs[rows, labels].mean())

    start = np.full(len(names), np.log(1 / len(names)))
    best = minimize(
        surprise,
        start,
        method="Nelder-Mead",
        options={"maxiter": 4000, "xatol": 1e-3, "fatol": 1e-6},
    )
    weights = {name: round(float(np.exp(log)), 4) for name, log in zip(names, best.x, strict=True)}
    return Pool(weights=weights, **_NO_THRESHOLDS)


def probabilities(parts: Mapping[str, Floats], pool: Pool) -> Floats:
    """Pooled probabilities of many messages at once."""
    return pooled(parts, pool)


def cost(
    outcome: Outcome, intent: Intent, suggestions: Sequence[Intent], example: Example
) -> float:
    """What this outcome costs the person who wrote the example."""
    right = {example.intent, *example.accept}
    if outcome is Outcome.ANSWER:
        return COST_ANSWER_RIGHT if intent in right else COST_ANSWER_WRONG
    outside = Intent.OUT_OF_SCOPE in right
    if outcome is Outcome.UNKNOWN:
        return COST_ANSWER_RIGHT if outside else COST_LOST
    return COST_ASK if outside or right & set(suggestions) else COST_LOST


def mean_cost(given: Floats, pool: Pool, examples: Sequence[Example]) -> float:
    """Average cost of these predictions at the pool's thresholds."""
    total = 0.0
    for row, example in zip(given, examples, strict=True):
        decision = decide(Prediction(row, pool))
        total += cost(decision.outcome, decision.intent, decision.suggestions, example)
    return total / len(examples)


def fit_thresholds(given: Floats, pool: Pool, examples: Sequence[Example]) -> tuple[Pool, float]:
    """The cheapest thresholds, one after the other until none gets cheaper."""
    best, lowest = pool, mean_cost(given, pool, examples)
    for _, name in product(range(3), _GRID):
        for value in _GRID[name]:
            candidate = _with(best, name, value)
            price = mean_cost(given, candidate, examples)
            if price < lowest - 1e-9:
                best, lowest = candidate, price
    best = _less_asking(given, best, examples, lowest * (1 + _EVEN))
    return replace(best, guess=_guess(given, best, examples)), mean_cost(given, best, examples)


def _with(pool: Pool, name: str, value: float) -> Pool:
    changed: Pool = replace(pool, **{name: round(float(value), 2)})  # type: ignore[arg-type]  # all are floats
    return changed


def _less_asking(given: Floats, pool: Pool, examples: Sequence[Example], at_most: float) -> Pool:
    """The cost is flat about its lowest point: of like costs, the threshold that asks least."""
    for value in _GRID["answer"]:
        candidate = _with(pool, "answer", value)
        if value < pool.answer and mean_cost(given, candidate, examples) <= at_most:
            return candidate
    return pool


def _guess(given: Floats, pool: Pool, examples: Sequence[Example]) -> float:
    """The highest threshold for naming the best reading that loses one right one at most."""
    values = np.arange(pool.offer, pool.answer + 0.01, 0.05)
    right = [_named_right(given, _with(pool, "guess", value), examples) for value in values]
    enough = max(right) - 1
    return round(
        float(max(value for value, n in zip(values, right, strict=True) if n >= enough)), 2
    )


def _named_right(given: Floats, pool: Pool, examples: Sequence[Example]) -> int:
    named = [decide(Prediction(row, pool)).intent for row in given]
    return sum(i in (e.intent, *e.accept) for i, e in zip(named, examples, strict=True))
