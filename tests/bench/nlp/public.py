"""Our recipe on Thai data of others: `python -m tests.bench.nlp --public DIR [--e5 FILE]`.

Learns 40 examples an intent as the product learns its own: n-gram views with mistyped copies and,
where PyTorch and e5's weights are at hand, the encoder. The pool's weights are chosen on a fifth of
each intent's lines by parts that learnt the others; then all is learnt and the test lines scored.
The product's model itself is scored on the lines that are none of its business. Nothing of it is
kept, and the product never learns from it.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import numpy as np

from nlp.classifier import ENCODER, log_softmax
from nlp.engine import Engine
from nlp.linear import Floats
from nlp.ngrams import VIEWS
from nlp.pooling import fit_weights, probabilities
from nlp.reading import read
from nlp.train import train_views
from nlp.understanding import Outcome
from tests.bench.nlp.encoder import encoder_scores

AN_INTENT = 40
FIFTH = 5
SEED = 40
TODAY = date(2026, 11, 25)


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance of others."""

    text: str
    intent: str


def rows(path: Path, split: str, label: str = "intent") -> list[Line]:
    """The lines of a split."""
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Line(row["text"], row[label]) for row in found if row.get("split") == split]


def drawn(lines: Sequence[Line], at_most: int = AN_INTENT) -> list[Line]:
    """At most so many of each intent, by a fixed seed."""
    random = Random(SEED)
    return [
        line
        for _, found in sorted(by_intent(lines).items())
        for line in random.sample(found, min(at_most, len(found)))
    ]


def by_intent(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The lines of each intent."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.intent].append(line)
    return groups


def apart(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """A fifth of each intent's lines to choose weights on (one of two to nine, none of one), and
    the others. Lines left over by the draw would not do: only the commonest intents have any.
    """
    learnt: list[Line] = []
    unseen: list[Line] = []
    for found in by_intent(lines).values():
        share = max(len(found) // FIFTH, int(len(found) > 1))
        unseen += found[:share]
        learnt += found[share:]
    return learnt, unseen


def parts(
    intents: Sequence[str], train: Sequence[Line], unseen: Sequence[Line], e5: Path | None
) -> dict[str, Floats]:
    """Log-probabilities of each part, taught the train lines, for the unseen ones."""
    texts, labels = [line.text for line in train], [intents.index(line.intent) for line in train]
    masked = [read(line.text, TODAY).masked for line in unseen]
    found = {
        name: log_softmax(np.stack([view.scores(VIEWS[name](text)) for text in masked]))
        for name, view in train_views(texts, labels).items()
    }
    scores = encoder_scores(texts, labels, len(intents), [line.text for line in unseen], e5)
    return found if scores is None else found | {ENCODER: log_softmax(scores)}


def score(train: Sequence[Line], test: Sequence[Line], e5: Path | None) -> dict[str, float]:
    """Share of first answers right, of each part and pooled. A test line of an intent that no
    training line has counts as wrong.
    """
    learnt, unseen = apart(train)
    intents = sorted({line.intent for line in train})
    labels = np.array([intents.index(line.intent) for line in unseen])
    to_choose, to_score = parts(intents, learnt, unseen, e5), parts(intents, train, test, e5)
    pools = {"n-grams pooled": list(VIEWS)}
    if ENCODER in to_score:
        pools["all pooled"] = list(to_score)
    best = {name: logs.argmax(1) for name, logs in to_score.items()}
    for name, members in pools.items():
        pool = fit_weights({member: to_choose[member] for member in members}, labels)
        best[name] = probabilities(to_score, pool).argmax(1)
    names, wanted = np.array(intents), np.array([line.intent for line in test])
    sizes = {"trained on": len(train), "weights chosen on": len(unseen), "tested on": len(test)}
    return sizes | {
        name: round(float((names[rows] == wanted).mean()), 4) for name, rows in best.items()
    }


def kept_out(engine: Engine, path: Path) -> dict[str, float]:
    """How the product's own model takes lines that are none of its business."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    outside = [
        row["text"]
        for row in lines
        if row["intent"].startswith("oos/") or row["intent"] == "out_of_scope"
    ]
    said = [engine.understand(text, today=TODAY) for text in outside]
    return {
        "lines": len(said),
        "not answered": round(sum(s.outcome is not Outcome.ANSWER for s in said) / len(said), 4),
        "named out_of_scope": round(sum(s.intent == "out_of_scope" for s in said) / len(said), 4),
    }


def report(folder: Path, engine: Engine, e5: Path | None) -> dict[str, object]:
    """Everything that is in the folder."""
    out: dict[str, object] = {}
    for name in ("oos_wisesight_th", "forum_social_th"):
        out[f"kept out, {name}"] = kept_out(engine, folder / f"{name}.jsonl")
    for name, file in (("MTOP-th", "mtop_th_xsemplr"), ("TrueVoice-th", "truevoice_th")):
        path = folder / f"{file}.jsonl"
        out[name] = score(drawn(rows(path, "dev")), rows(path, "test"), e5)
    return out
