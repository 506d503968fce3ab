"""The trained n-gram model on disk: one npz of numbers with its description, no pickle."""

import hashlib
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from nlp.intents import Intent
from nlp.linear import Arrays, LinearView
from nlp.ngrams import VIEWS

FOLDER = Path(__file__).parent / "model"
FILE = FOLDER / "ngrams.npz"
VERSION = 2
"""Raise it when normalising, cutting or masking changes what the model was trained on."""


class ModelError(RuntimeError):
    """The trained model is missing or of another version; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Pool:
    """How the parts are weighed against each other, and when the result is trusted.

    weights: a part's name → its say (log-linear; they hold the temperature too).
    answer: at least this likely: answer. offer: at least this likely: ask «หมายถึง…»; below:
    don't know.
    guess: at least this likely: an asked-back message still names its best guess.
    """

    weights: dict[str, float]
    answer: float
    offer: float
    guess: float
    reject: float
    """A message at least this likely out of scope is refused without a question."""


@dataclass(frozen=True, slots=True)
class Model:
    """All that training with scikit-learn leaves behind."""

    views: dict[str, LinearView]
    pools: dict[str, Pool]
    """"ngram": the views alone. "full": with the encoder."""
    phrases: dict[str, int]
    """Skeletons of known utterances → intent."""
    skip_encoder_above: float = 1.1


def save(model: Model, path: Path = FILE) -> None:
    """Write the model; a reader of another version refuses it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(model))


def load(path: Path = FILE) -> Model:
    """Read the model. Raises ModelError."""
    if not path.exists():
        raise ModelError(f"no trained model at {path}: run `python -m nlp train`")
    return unpacked(path.read_bytes(), path.name)


def fingerprint(path: Path = FILE) -> str:
    """Which model this is."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def packed(model: Model) -> bytes:
    """The model as it is kept."""
    meta = {
        "version": VERSION,
        "intents": list(Intent),
        "pools": {mode: asdict(pool) for mode, pool in model.pools.items()},
        "skip_encoder_above": model.skip_encoder_above,
    }
    arrays: Arrays = {}
    for name, view in model.views.items():
        arrays |= view.arrays(name)
    arrays["phrases"] = np.frombuffer("\n".join(model.phrases).encode(), dtype=np.uint8)
    arrays["phrase_intents"] = np.array(list(model.phrases.values()), dtype=np.int16)
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # numpy types its keywords too narrowly
    return file.getvalue()


def unpacked(kept: bytes, name: str) -> Model:
    """The model again. Raises ModelError when it is of another version; `name` is told then."""
    with np.load(io.BytesIO(kept), allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    meta = json.loads(arrays["meta"].tobytes().decode())
    if meta.get("version") != VERSION or meta.get("intents") != list(Intent):
        raise ModelError(
            f"{name} is of version {meta.get('version')}, the engine of {VERSION}: "
            "run `python -m nlp train`"
        )
    phrases = arrays["phrases"].tobytes().decode().split("\n")
    return Model(
        views={name: LinearView.from_arrays(arrays, name) for name in VIEWS},
        pools={mode: Pool(**pool) for mode, pool in meta["pools"].items()},
        phrases=dict(zip(phrases, arrays["phrase_intents"].tolist(), strict=True)),
        skip_encoder_above=meta["skip_encoder_above"],
    )
