"""Engines of each mode, read once."""

import pytest

from nlp.artefact import FOLDER
from nlp.classifier import Classifier, Mode
from nlp.engine import Engine


@pytest.fixture(scope="session", params=list(Mode), ids=[mode.value for mode in Mode])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """The engine in each of its modes; both must hold what the tests ask."""
    classifier = Classifier.open(request.param)
    assert classifier.mode is request.param, f"the parts of {request.param} are missing in {FOLDER}"
    return Engine(classifier)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine as the product runs it."""
    return Engine(Classifier.open())
