"""Language: a Thai message in, its intent, entities and answer out."""

from nlp.answer import Answer
from nlp.answers import answer
from nlp.artefact import ModelError
from nlp.engine import understand, warm_up
from nlp.intents import Intent
from nlp.understanding import Entities, Outcome, Topic, Understanding

__all__ = [
    "Answer",
    "Entities",
    "Intent",
    "ModelError",
    "Outcome",
    "Topic",
    "Understanding",
    "answer",
    "understand",
    "warm_up",
]
