"""Words that need care before anything else: despair, insults, misuse. nlp has the replies."""

from handlers.commands import patterns
from handlers.steps.text import clean


def needs(text: str) -> str:
    """`despair`, `insult`, `abuse` or empty."""
    said, words = clean(text), patterns("care")
    if words["despair"].search(said):
        return "despair"
    if words["insult"].search(said) and not words["livestock"].search(said):
        return "insult"
    return "abuse" if words["abuse"].search(said) else ""
