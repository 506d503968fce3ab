"""`python -m nlp train`: trains, scores the development split and writes the model card beside
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


def scores(model: Model) -> tuple[dict[str, Any], list[Result]]:
    """Figures of every mode on the development split, and the results of the best."""
    dev, out, results = read("dev"), dict[str, Any](), list[Result]()
    for mode in Mode:
        if mode.value not in model.pools:
            continue
        results = results_of(dev, Engine(Classifier.open(mode)))
        out[mode.value] = {name: round(value, 4) for name, value in figures(results).items()}
        say(
            f"{mode.value}: "
            + ", ".join(f"{name} {value:.3f}" for name, value in figures(results).items())
        )
    return out, results


def card(model: Model, seconds: float) -> dict[str, Any]:
    """What the model is made of and how good it is."""
    found, results = scores(model)
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
        "ngrams": {name: len(view.vocabulary) for name, view in model.views.items()},
        "pools": {mode: asdict(pool) for mode, pool in model.pools.items()},
        "development": found,
        "by_manner": {
            name: [round(right, 4), count] for name, (right, count) in by(results, "manner").items()
        },
        "by_intent": {
            name: [round(right, 4), count] for name, (right, count) in by(results, "intent").items()
        },
        "mixed_up": confusions(results),
        "calibration": [
            [round(sure, 4), round(right, 4), size] for sure, right, size in bins(results)
        ],
    }


def train_and_describe(folder: Path = FOLDER) -> None:
    """The command."""
    began = time.monotonic()
    model = train()
    described = card(model, time.monotonic() - began)
    (folder / "card.json").write_text(
        json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    say(f"written to {folder}")


if __name__ == "__main__":
    train_and_describe()
