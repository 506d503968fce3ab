"""Which language a message is written in, as far as we answer in it."""

import re

_THAI = re.compile("[\u0e01-\u0e2e]{2}")
_ENGLISH = re.compile(
    r"\b(?:i|you|how|what|where|when|who|can|do|does|the|is|are|my|apply|register|hello|hi|help|please)\b",
    re.IGNORECASE,
)


def language_of(text: str) -> str | None:
    """ "th", "en" for plain English, None for what is neither (a number, «OK», a smile)."""
    if _THAI.search(text):
        return "th"
    return "en" if _ENGLISH.search(text) else None
