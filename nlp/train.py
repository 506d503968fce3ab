"""Trains the n-gram views and the pool: `python -m nlp train`. Deterministic; about three
minutes on two cores.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
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
from nlp.typos import Copy, mistyped, slips

INTENTS = list(Intent)
TODAY = date(2026, 1, 15)
"""A fixed day, so that training the same examples twice gives the same model."""
COPIES: dict[str, tuple[Copy, ...]] = {
    "word": (lambda text, random: slips(text, random, SLIP_RATE),),
    "char": (mistyped, mistyped),
    "skeleton": (mistyped, mistyped),
}
"""How each view also sees an example: words break at a slip and learn little from worse typing,
letters learn much.
"""
SLIP_RATE = 0.02
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


def with_typos(
    texts: Sequence[str], labels: Sequence[int], copies: Sequence[Copy]
) -> tuple[list[str], list[int], Floats]:
    """Masked texts, labels and weights; each text also as hurried fingers type it."""
    random = Random(SEED)  # noqa: S311  typos, not secrets
    masked, known, weights = [], [], []
    for text, label in zip(texts, labels, strict=True):
        for typed, weight in [
            (text, 1.0),
            *((copy(text, random), COPY_WEIGHT) for copy in copies),
        ]:
            masked.append(read_message(typed, TODAY).masked)
            known.append(label)
            weights.append(weight)
    return masked, known, np.array(weights, dtype=np.float32)


def train_view(name: str, texts: Sequence[str], labels: Sequence[int]) -> LinearView:
    """One n-gram view."""
    masked, known, copies = with_typos(texts, labels, COPIES[name])
    view = fit_view(name, masked, known, class_weights(known, copies))
    say(f"  view {name}: {len(view.vocabulary)} n-grams")
    return view


def train_views(texts: Sequence[str], labels: Sequence[int]) -> dict[str, LinearView]:
    """All n-gram views, two at a time."""
    with ProcessPoolExecutor(2) as pool:
        views = pool.map(partial(train_view, texts=texts, labels=labels), VIEWS)
        return dict(zip(VIEWS, views, strict=True))


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


def fit_pool(clean: dict[str, Floats], typed: dict[str, Floats], dev: Sequence[Example]) -> Pool:
    """Weights from the development split, two parts as written and one part mistyped; thresholds
    from it as written.
    """
    labels = np.array(labels_of(dev))
    both = {name: np.concatenate([clean[name], clean[name], typed[name]]) for name in clean}
    pool = fit_weights(both, np.concatenate([labels] * 3))
    pool, price = fit_thresholds(probabilities(clean, pool), pool, dev)
    say(f"  weights {pool.weights}")
    say(f"  answer from {pool.answer}, guess from {pool.guess}, ask from {pool.offer}")
    say(f"  refuse from {pool.reject}; cost {price:.3f}")
    return pool


def choose_pools(views: dict[str, LinearView]) -> dict[str, Pool]:
    """A pool for each mode, from the development split, which no part has learnt."""
    dev = read("dev")
    random = Random(SEED)  # noqa: S311  typos, not secrets
    hurried = [replace(example, text=mistyped(example.text, random)) for example in dev]
    encoder = Encoder(FOLDER) if (FOLDER / "encoder.onnx").exists() else None
    clean = parts_of(views, encoder, readings_of(dev))
    typed = parts_of(views, encoder, readings_of(hurried))
    pools = {
        Mode.NGRAM.value: fit_pool(
            {name: clean[name] for name in VIEWS}, {name: typed[name] for name in VIEWS}, dev
        )
    }
    if encoder is not None:
        pools[Mode.FULL.value] = fit_pool(clean, typed, dev)
    return pools


def train() -> tuple[Model, Model]:
    """The model that chose weights and thresholds, and the one to ship, which knows more lines."""
    examples, dev = read("train"), read("dev")
    say(f"{len(examples)} examples to train on, {len(dev)} to choose weights and thresholds on")
    views = train_views([e.text for e in examples], labels_of(examples))
    pools = choose_pools(views)
    chosen = Model(views, pools, known_phrases(examples), SKIP_ENCODER_ABOVE)
    say(f"again on all {len(examples) + len(dev)}")
    everything = [*examples, *dev]
    views = train_views([e.text for e in everything], labels_of(everything))
    shipped = Model(views, pools, known_phrases(everything), SKIP_ENCODER_ABOVE)
    save(shipped)
    return chosen, shipped
