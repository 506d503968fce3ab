"""Trains the n-gram views and the pool: `python -m nlp train`. Deterministic; under two
minutes on two cores.
"""

from collections.abc import Sequence
from datetime import date
from random import Random

import numpy as np

from nlp.artefact import FOLDER, Model, Pool, save
from nlp.classifier import ENCODER, Mode, log_softmax
from nlp.corpus import Example, read
from nlp.encoder.runtime import Encoder
from nlp.fitting import SEED, class_weights, fit_view
from nlp.intents import Intent
from nlp.linear import Floats, LinearView
from nlp.ngrams import VIEWS
from nlp.pooling import fit_thresholds, fit_weights, probabilities
from nlp.progress import say
from nlp.reading import Reading
from nlp.reading import read as read_message
from nlp.tokens import central_thai, skeleton
from nlp.typos import NOISES, mixed

INTENTS = list(Intent)
TODAY = date(2026, 1, 15)
"""A fixed day, so that training the same examples twice gives the same model."""
TYPO_COPIES = 2
COPY_WEIGHT = 0.5
SKIP_ENCODER_ABOVE = 0.99
"""So sure n-grams need no encoder: two messages in five, for one development line in 1,078."""
SHORTEST_PHRASE = 4
"""Letters of a skeleton; shorter ones are shared by words that have nothing in common."""


def labels_of(examples: Sequence[Example]) -> list[int]:
    """Numbers of the intents."""
    return [INTENTS.index(example.intent) for example in examples]


def readings_of(examples: Sequence[Example]) -> list[Reading]:
    """As `understand` reads them."""
    return [read_message(example.text, TODAY) for example in examples]


def with_typos(examples: Sequence[Example]) -> tuple[list[str], list[int], Floats]:
    """Masked texts, labels and weights; each example also as hurried fingers type it."""
    random = Random(SEED)  # noqa: S311  typos, not secrets
    texts, labels, weights = [], [], []
    for example in examples:
        label = INTENTS.index(example.intent)
        noisy = [mixed, *random.sample(list(NOISES.values()), TYPO_COPIES - 1)]
        for text, weight in [
            (example.text, 1.0),
            *((noise(example.text, random), COPY_WEIGHT) for noise in noisy),
        ]:
            texts.append(read_message(text, TODAY).masked)
            labels.append(label)
            weights.append(weight)
    return texts, labels, np.array(weights, dtype=np.float32)


def train_views(examples: Sequence[Example]) -> dict[str, LinearView]:
    """All n-gram views."""
    texts, labels, copies = with_typos(examples)
    weights = class_weights(labels, copies)
    views = {}
    for name in VIEWS:
        views[name] = fit_view(name, texts, labels, weights)
        say(f"  view {name}: {len(views[name].vocabulary)} n-grams")
    return views


def parts_of(
    views: dict[str, LinearView], encoder: Encoder | None, readings: Sequence[Reading]
) -> dict[str, Floats]:
    """Log-probabilities of each part, a row a message."""
    parts = {
        name: log_softmax(
            np.stack([view.scores(VIEWS[name](reading.masked)) for reading in readings])
        )
        for name, view in views.items()
    }
    if encoder is not None:
        parts[ENCODER] = log_softmax(
            np.stack([encoder.scores(central_thai(r.text)) for r in readings])
        )
    return parts


def known_phrases(examples: Sequence[Example]) -> dict[str, int]:
    """Skeletons of short utterances that all writers labelled alike."""
    intents: dict[str, set[int]] = {}
    for example in examples:
        intents.setdefault(skeleton(read_message(example.text, TODAY).masked), set()).add(
            -1 if example.accept else INTENTS.index(example.intent)
        )
    return {
        bones: found.pop()
        for bones, found in intents.items()
        if len(bones) >= SHORTEST_PHRASE and len(found) == 1 and -1 not in found
    }


def fit_pool(parts: dict[str, Floats], dev: Sequence[Example]) -> Pool:
    """Weights and thresholds from the development split."""
    labels = np.array(labels_of(dev))
    pool = fit_weights(parts, labels)
    pool, price = fit_thresholds(probabilities(parts, pool), pool, dev)
    say(f"  weights {pool.weights}")
    say(f"  answer from {pool.answer}, guess from {pool.guess}, ask from {pool.offer}")
    say(f"  refuse from {pool.reject}; cost {price:.3f}")
    return pool


def choose_pools(views: dict[str, LinearView]) -> dict[str, Pool]:
    """A pool for each mode, from the development split, which no part has learnt."""
    dev = read("dev")
    encoder = Encoder(FOLDER) if (FOLDER / "encoder.onnx").exists() else None
    parts = parts_of(views, encoder, readings_of(dev))
    pools = {Mode.NGRAM.value: fit_pool({name: parts[name] for name in VIEWS}, dev)}
    if encoder is not None:
        pools[Mode.FULL.value] = fit_pool(parts, dev)
    return pools


def train() -> tuple[Model, Model]:
    """The model that chose weights and thresholds, and the one to ship, which knows more lines."""
    examples, dev = read("train"), read("dev")
    say(f"{len(examples)} examples to train on, {len(dev)} to choose weights and thresholds on")
    views = train_views(examples)
    pools = choose_pools(views)
    chosen = Model(views, pools, known_phrases(examples), SKIP_ENCODER_ABOVE)
    say(f"again on all {len(examples) + len(dev)}")
    everything = [*examples, *dev]
    shipped = Model(train_views(everything), pools, known_phrases(everything), SKIP_ENCODER_ABOVE)
    save(shipped)
    return chosen, shipped
