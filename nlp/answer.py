"""The shape of an answer: what every channel (chat, `python -m nlp`, the form page) is given."""

from dataclasses import dataclass
from datetime import date

from nlp.cards import Button, Card, Source
from nlp.intents import Intent


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one question.

    bubbles: 1 to 3 texts of at most 350 characters each, the answer in the first line.
    cards:   drawn after the bubbles, more than one as a carousel; nobody needs them to understand.
    next:    2 to 4 quick replies for what people ask next.
    on:      the day whose law was used.
    hedged:  it rests on a fact that is not confirmed, and says to check with the hotline.
    """

    intent: Intent
    on: date
    bubbles: tuple[str, ...]
    cards: tuple[Card, ...] = ()
    next: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()
    hedged: bool = False

    @property
    def text(self) -> str:
        """All the words of the bubbles, as one text."""
        return "\n\n".join(self.bubbles)
