"""The model taught with questions that staff labelled, and judged before anybody talks to it.

Only the n-gram views learn; the encoder, the weights and the thresholds stay. A fifth of the
questions is never learnt: with the test examples they show whether the new model is better.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import mean

from nlp.artefact import Model
from nlp.classifier import Classifier
from nlp.corpus import Example
from nlp.encoder.runtime import Encoder
from nlp.engine import Engine
from nlp.evaluate import figures, results_of
from nlp.pooling import cost
from nlp.tokens import skeleton
from nlp.train import labels_of, train_views

KEPT_APART = 5
"""One question in so many is for scoring."""
EVEN = 0.01
"""Mean costs this near count as even: about one wrong answer in a thousand."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How a model does on some lines.

    right, wrong: shares of 1, wrong ones answered without asking. cost: the mean, 1 is perfect.
    """

    lines: int
    right: float
    wrong: float
    cost: float


@dataclass(frozen=True, slots=True)
class Taught:
    """The new model beside the one in use: on the test examples, on the questions kept apart."""

    model: Model
    learnt: int
    test: tuple[Marks, Marks]
    kept: tuple[Marks, Marks]

    @property
    def better(self) -> bool:
        """No worse on either, within what is even."""
        return all(new.cost <= old.cost + EVEN for old, new in (self.test, self.kept))


def is_kept_apart(text: str) -> bool:
    """Whether a question is for scoring; the same for every way it is spaced and toned."""
    return zlib.crc32(skeleton(text).encode()) % KEPT_APART == 0


def teach(
    used: Model,
    questions: Sequence[Example],
    examples: Sequence[Example],
    test: Sequence[Example],
    encoder: Encoder | None,
) -> Taught:
    """used: the model in use. examples: what it was trained on."""
    learnt = [one for one in questions if not is_kept_apart(one.text)]
    kept = [one for one in questions if is_kept_apart(one.text)]
    lines = [*examples, *learnt]
    # What people wrote is not added to the known phrases: those are kept as they were written.
    model = replace(used, views=train_views([one.text for one in lines], labels_of(lines)))
    before, after = (Engine(Classifier(one, encoder)) for one in (used, model))
    return Taught(
        model,
        len(learnt),
        (marks(before, test), marks(after, test)),
        (marks(before, kept), marks(after, kept)),
    )


def marks(engine: Engine, lines: Sequence[Example]) -> Marks:
    """A model's marks; without lines they are perfect."""
    if not lines:
        return Marks(lines=0, right=1.0, wrong=0.0, cost=1.0)
    results = results_of(lines, engine)
    found = figures(results)
    return Marks(
        lines=len(results),
        right=found["top-1 right"],
        wrong=found["confidently wrong"],
        cost=mean(
            cost(r.said.outcome, r.said.intent, r.said.suggestions, r.example) for r in results
        ),
    )
