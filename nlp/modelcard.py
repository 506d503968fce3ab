"""`python -m nlp train`: trains, scores and writes the model card beside
the model.
"""

import hashlib
import json
import platform
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy
import onnxruntime
import pythainlp
import sklearn

from nlp.artefact import FOLDER, VERSION, Model
from nlp.classifier import Classifier, Mode
from nlp.corpus import EXAMPLES, read, splits
from nlp.encoder.runtime import Encoder
from nlp.engine import Engine
from nlp.evaluate import Result, bins, by, confusions, figures, results_of
from nlp.plot import calibration_plot
from nlp.progress import say
from nlp.train import train


def data_hashes() -> dict[str, str]:
    """A fingerprint of each writer's lines."""
    out = {}
    for writer in sorted({w for names in splits().values() for w in names}):
        digest = hashlib.sha256()
        for path in sorted((EXAMPLES / writer).glob("*.txt")):
            digest.update(path.name.encode() + path.read_bytes())
        out[writer] = digest.hexdigest()[:16]
    return out


def scores(model: Model, split: str) -> tuple[dict[str, dict[str, float]], list[Result]]:
    """Figures of every mode on a split, and the results of the best."""
    found: dict[str, dict[str, float]] = {}
    results: list[Result] = []
    for mode in model.pools:
        encoder = Encoder(FOLDER) if mode == Mode.FULL else None
        results = results_of(read(split), Engine(Classifier(model, encoder)))
        found[mode] = {name: round(value, 4) for name, value in figures(results).items()}
        say(f"{split}, {mode}: " + ", ".join(f"{k} {v:.3f}" for k, v in found[mode].items()))
    return found, results


def card(chosen: Model, shipped: Model, seconds: float) -> dict[str, Any]:
    """What the model is made of and how good it is.

    development: before the n-gram views learnt those lines too.
    test: the model as shipped, on lines that nothing was ever learnt from or chosen on.
    """
    development, _ = scores(chosen, "dev")
    test, results = scores(shipped, "test")
    calibration_plot(bins(results), FOLDER / "calibration.png")
    return {
        "version": VERSION,
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds),
        "software": {
            "python": platform.python_version(),
            "scikit-learn": sklearn.__version__,
            "numpy": numpy.__version__,
            "pythainlp": pythainlp.__version__,
            "onnxruntime": onnxruntime.__version__,
        },
        "examples": {name: len(read(name)) for name in splits()},
        "sha256": data_hashes(),
        "ngrams": {name: len(view.vocabulary) for name, view in shipped.views.items()},
        "pools": {mode: asdict(pool) for mode, pool in shipped.pools.items()},
        "development": development,
        "test": test,
        "by_manner": {k: [round(right, 4), n] for k, (right, n) in by(results, "manner").items()},
        "by_intent": {k: [round(right, 4), n] for k, (right, n) in by(results, "intent").items()},
        "mixed_up": confusions(results),
        "calibration": [[round(s, 4), round(right, 4), n] for s, right, n in bins(results)],
    }


def train_and_describe(folder: Path = FOLDER) -> None:
    """The command."""
    began = time.monotonic()
    chosen, shipped = train()
    described = card(chosen, shipped, time.monotonic() - began)
    (folder / "card.json").write_text(
        json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    say(f"written to {folder}")


if __name__ == "__main__":
    train_and_describe()
