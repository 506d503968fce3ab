"""Language: a Thai message in, its intent, entities and answer out.

The front door: each of these is imported when it is asked for. Who only needs the ids of the
intents (a web process counts by them) must not load the model's libraries. `nlp.answer` is the
module of the shape of an answer, so the function of that name is had from `nlp.answers`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.answer import Answer
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
    "understand",
    "warm_up",
]
_WHERE = {
    "Answer": "nlp.answer",
    "ModelError": "nlp.artefact",
    "understand": "nlp.engine",
    "warm_up": "nlp.engine",
    "Intent": "nlp.intents",
    **dict.fromkeys(("Entities", "Outcome", "Topic", "Understanding"), "nlp.understanding"),
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'nlp' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
