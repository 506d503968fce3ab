"""Where in a message something was found, and the sign that stands for it when the message is
classified.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Sign(StrEnum):
    """A private character a kind, so that «ทางเลือก 2» and «ทางเลือก 3» are one example."""

    OPTION = "\ue001"
    AGE = "\ue002"
    MONTHS = "\ue003"
    AMOUNT = "\ue004"
    DAYS = "\ue005"
    CHILDREN = "\ue006"
    DATE = "\ue007"
    PLACE = "\ue008"
    NUMBER = "\ue009"
    SECTION = "\ue00a"
    """«มาตรา 40» itself: few people name it, so its letters would speak for other sections."""


class Span(NamedTuple):
    """Characters start to end (exclusive) say something of this kind."""

    start: int
    end: int
    sign: Sign


def overlaps(start: int, end: int, spans: Iterable[Span]) -> bool:
    """Whether some of these characters are spoken for."""
    return any(start < span.end and span.start < end for span in spans)


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with each span replaced by its sign."""
    for start, end, sign in sorted(spans, reverse=True):
        text = text[:start] + sign + text[end:]
    return text
