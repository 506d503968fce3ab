"""Which intent a message has, and how sure that is: n-gram views and the encoder, pooled."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from nlp.artefact import FILE, FOLDER, Model, ModelError, Pool, load
from nlp.encoder.runtime import Encoder
from nlp.intents import Intent
from nlp.linear import Floats
from nlp.ngrams import VIEWS
from nlp.tokens import central_thai, skeleton

INTENTS = tuple(Intent)
ENCODER = "encoder"


class Mode(StrEnum):
    """Which parts are used. FULL falls back to NGRAM where the encoder's file isn't there."""

    NGRAM = "ngram"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Prediction:
    """Probabilities of all intents, in their order, and the pool whose thresholds apply."""

    probabilities: Floats
    pool: Pool

    def best(self, count: int = 3) -> list[Intent]:
        """The most likely intents, best first."""
        return [INTENTS[i] for i in np.argsort(-self.probabilities)[:count]]

    def of(self, intent: Intent) -> float:
        """How likely this intent is."""
        return float(self.probabilities[INTENTS.index(intent)])


def log_softmax(scores: Floats) -> Floats:
    """Scores as log-probabilities, over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    out: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return out


def pooled(parts: Mapping[str, Floats], pool: Pool) -> Floats:
    """Probabilities from the log-probabilities of the parts, weighed."""
    total = sum(weight * parts[name] for name, weight in pool.weights.items())
    return np.exp(log_softmax(np.asarray(total, dtype=np.float32)))


class Classifier:
    """A trained model in memory; calls are independent, so threads may share it."""

    def __init__(self, model: Model, encoder: Encoder | None) -> None:
        self._model, self._encoder = model, encoder
        self.mode = Mode.FULL if encoder is not None and Mode.FULL in model.pools else Mode.NGRAM

    @classmethod
    def open(cls, mode: Mode = Mode.FULL, folder: Path = FOLDER) -> "Classifier":
        """The model on disk. Raises ModelError when there is none or it is another version's."""
        model = load(folder / FILE.name)
        if mode is Mode.NGRAM or not (folder / "encoder.onnx").exists():
            return cls(model, None)
        try:
            encoder = Encoder(folder)
        except Exception as error:  # onnxruntime raises several kinds, none of them public
            raise ModelError(f"the encoder in {folder} can't be read: {error}") from error
        return cls(model, encoder)

    def with_model(self, model: Model) -> "Classifier":
        """Other views and pools beside the same encoder."""
        return Classifier(model, self._encoder)

    def predict(self, masked: str, text: str) -> Prediction:
        """masked: the message with its entities replaced by their kind. text: the same as typed."""
        known = self._model.phrases.get(skeleton(masked))
        parts = {
            name: log_softmax(self._model.views[name].scores(VIEWS[name](masked))) for name in VIEWS
        }
        pool = self._model.pools[Mode.NGRAM]
        probabilities = pooled(parts, pool)
        if (
            self._encoder is not None
            and known is None
            and probabilities.max() < self._model.skip_encoder_above
        ):
            pool = self._model.pools[Mode.FULL]
            parts[ENCODER] = log_softmax(self._encoder.scores(central_thai(text)))
            probabilities = pooled(parts, pool)
        if known is not None:
            probabilities = _told(probabilities, known)
        return Prediction(probabilities, pool)


def _told(probabilities: Floats, known: int) -> Floats:
    """A message that is word for word a known one: nearly certain, the rest shared as before."""
    out: Floats = probabilities * 0.02
    out[known] += 0.98
    return out
