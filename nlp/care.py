"""Words that need care before any question: despair, insults, misuse. nlp.answers has replies."""

import re
import tomllib
from functools import cache
from pathlib import Path

from nlp.normalise import normalise


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    raw = tomllib.loads((Path(__file__).parent / "lexicon" / "care.toml").read_text("utf-8"))
    return {kind: re.compile("|".join(words), re.IGNORECASE) for kind, words in raw.items()}


def care(text: str) -> str:
    """`despair`, `insult`, `abuse` or empty.

    Despair comes before everything. An insult or misuse around a question that is understood is
    only how the person talks: ask for the question first.
    """
    said = normalise(text)
    return next((kind for kind, words in _patterns().items() if words.search(said)), "")
