"""Words that need care before anything else: despair, insults, misuse. nlp has the replies."""

from handlers.commands import patterns
from handlers.steps.text import clean


def needs(text: str) -> str:
    """`despair`, `insult`, `abuse` or empty."""
    said, words = clean(text), patterns("care")
    return next((kind for kind in ("despair", "insult", "abuse") if words[kind].search(said)), "")
