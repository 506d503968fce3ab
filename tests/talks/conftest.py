"""`pytest tests/talks --update` rewrites the transcripts; the diff is reviewed."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Rewriting is asked for, never done by itself."""
    parser.addoption("--update", action="store_true", help="rewrite the transcripts")
