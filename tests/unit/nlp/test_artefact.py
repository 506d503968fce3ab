"""The trained model on disk: what is kept, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from nlp.artefact import VERSION, Model, ModelError, Pool, load, save
from nlp.classifier import Classifier, Mode
from nlp.fitting import fit_view
from nlp.intents import Intent
from nlp.ngrams import VIEWS

POOL = Pool({"word": 0.5, "char": 0.4, "skeleton": 0.3}, 0.7, 0.2, 0.4, 0.6)


@pytest.fixture(scope="module")
def model() -> Model:
    """A very small one, of two intents."""
    texts = ["สวัสดีค่ะ", "สวัสดีครับผม", "หวัดดีค่ะ สวัสดี", "ฝนตกไหม", "ฝนจะตกไหมวันนี้", "ฝนตกหนักไหม"]
    labels = [list(Intent).index(Intent.GREET)] * 3 + [list(Intent).index(Intent.OUT_OF_SCOPE)] * 3
    weights = np.ones(len(texts), dtype=np.float32)
    views = {name: fit_view(name, texts, labels, weights) for name in VIEWS}
    return Model(views, {"ngram": POOL}, {"สวสดิ": 0}, 0.9)


def changed(path: Path, **meta: object) -> None:
    """The same artefact with other words in its description."""
    with np.load(path) as kept:
        arrays = {name: kept[name] for name in kept.files}
    described = json.loads(arrays["meta"].tobytes()) | meta
    arrays["meta"] = np.frombuffer(json.dumps(described).encode(), dtype=np.uint8)
    np.savez_compressed(path, **arrays)


def test_what_is_saved_is_read_again(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "ngrams.npz")
    again = load(tmp_path / "ngrams.npz")
    assert (again.pools, again.phrases, again.skip_encoder_above) == (
        model.pools,
        model.phrases,
        model.skip_encoder_above,
    )
    for name, view in VIEWS.items():
        np.testing.assert_array_equal(
            again.views[name].scores(view("สวัสดีครับ")), model.views[name].scores(view("สวัสดีครับ"))
        )


@pytest.mark.parametrize("other", [{"version": VERSION + 1}, {"version": None}, {"intents": []}])
def test_a_model_of_another_version_is_refused_with_the_way_out(
    model: Model, tmp_path: Path, other: dict[str, object]
) -> None:
    save(model, tmp_path / "ngrams.npz")
    changed(tmp_path / "ngrams.npz", **other)
    with pytest.raises(ModelError, match="run `python -m nlp train`"):
        Classifier.open(Mode.FULL, tmp_path)


def test_no_model_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no trained model"):
        Classifier.open(Mode.NGRAM, tmp_path)


def test_without_its_file_the_encoder_is_done_without(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "ngrams.npz")
    assert Classifier.open(Mode.FULL, tmp_path).mode is Mode.NGRAM


def test_a_broken_encoder_is_said_so(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "ngrams.npz")
    (tmp_path / "encoder.onnx").write_bytes(b"not a network")
    with pytest.raises(ModelError, match="can't be read"):
        Classifier.open(Mode.FULL, tmp_path)
