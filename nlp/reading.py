"""A message made ready for the classifier, the same way in training and in use."""

from dataclasses import dataclass
from datetime import date

from nlp.courtesy import without_courtesy
from nlp.entities import find
from nlp.normalise import normalise
from nlp.understanding import Entities


@dataclass(frozen=True, slots=True)
class Reading:
    """text: normalised, without greeting and thanks around a question.
    masked: the same with a sign for each thing named. entities: what was
    named.
    """

    text: str
    masked: str
    entities: Entities


def read(message: str, today: date) -> Reading:
    """Normalise, drop courtesies around a question, find what is named, mask it."""
    text = without_courtesy(normalise(message))
    found = find(text, today)
    return Reading(text, found.masked, found.entities)
