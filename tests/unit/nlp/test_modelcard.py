"""The model card that is shipped, and its plot."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nlp.artefact import FOLDER, VERSION, load
from nlp.classifier import Classifier, Mode
from nlp.corpus import MANNERS, read, splits
from nlp.engine import Engine
from nlp.evaluate import bins, figures, results_of
from nlp.intents import Intent
from nlp.modelcard import data_hashes
from nlp.plot import calibration_plot


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    return found


def test_the_card_is_that_of_the_model_and_of_the_lines(card: dict[str, Any]) -> None:
    model = load()
    assert card["version"] == VERSION
    assert card["ngrams"] == {name: len(view.vocabulary) for name, view in model.views.items()}
    assert card["pools"]["full"]["weights"] == model.pools["full"].weights
    assert set(card["sha256"]) == {writer for writers in splits().values() for writer in writers}
    assert card["examples"]["test"] == len(read("test"))


def test_the_model_was_trained_on_the_lines_that_are_there(card: dict[str, Any]) -> None:
    assert card["sha256"] == data_hashes(), "examples have changed: run `python -m nlp train`"


def test_every_intent_and_manner_has_its_figure(card: dict[str, Any]) -> None:
    assert set(card["by_intent"]) == set(Intent)
    assert set(card["by_manner"]) == set(MANNERS)
    assert sum(n for _, n in card["by_manner"].values()) == card["examples"]["test"]


@pytest.mark.parametrize("mode", ["full", "ngram"])
def test_the_card_keeps_what_is_promised(card: dict[str, Any], mode: str) -> None:
    """Bars of the full mode; a machine without the encoder is allowed three points less."""
    grace = 0.0 if mode == "full" else 0.03
    test = card["test"][mode]
    assert test["top-1 right"] >= 0.92 - grace
    assert test["right among those offered"] >= 0.98 - grace
    assert test["out of scope kept out"] >= 0.92
    assert test["confidently wrong"] <= 0.04
    assert test["calibration error"] <= 0.04
    if mode == "full":
        for manner, (right, _) in card["by_manner"].items():
            assert right >= 0.85, manner


@pytest.mark.parametrize("mode", list(Mode))
def test_the_card_tells_what_the_engine_does(card: dict[str, Any], mode: Mode) -> None:
    """Scored anew on every sixth test line: no further from the card than chance puts it."""
    found = figures(results_of(read("test")[::6], Engine(Classifier.open(mode))))
    assert found["top-1 right"] == pytest.approx(card["test"][mode]["top-1 right"], abs=0.05)
    assert found["confidently wrong"] <= 0.04


def test_the_plot_draws_a_dot_where_the_bin_is(tmp_path: Path) -> None:
    blank, dotted = tmp_path / "blank.png", tmp_path / "dotted.png"
    calibration_plot([], blank)
    calibration_plot([(0.9, 0.2, 100)], dotted)
    with Image.open(blank) as one, Image.open(dotted) as other:
        assert one.size == other.size
        changed = [
            (x, y)
            for x in range(one.width)
            for y in range(one.height)
            if one.getpixel((x, y)) != other.getpixel((x, y))
        ]
    middle = (
        sum(x for x, _ in changed) / len(changed) / one.width,
        sum(y for _, y in changed) / len(changed) / one.height,
    )
    assert middle[0] > 0.6, "a sure bin is to the right"
    assert middle[1] > 0.6, "a bin that is seldom right is low"


def test_bins_hold_every_result_once(engine: Engine) -> None:
    results = results_of(read("test")[:40], engine)
    found = bins(results)
    assert sum(size for _, _, size in found) == 40
    assert [sure for sure, _, _ in found] == sorted(sure for sure, _, _ in found)
