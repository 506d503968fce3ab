"""What is shown of a private field until it is asked for."""

import unicodedata
from functools import lru_cache

import regex

HIDDEN = "•"
_GRAPHEME = regex.compile(r"\X")
ODD_KINDS = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})
LONGEST = 60


@lru_cache(maxsize=4096)
def is_odd(sign: str) -> bool:
    """Invisible, controlling or turning the direction: shown as its number."""
    return unicodedata.category(sign) in ODD_KINDS and sign not in "\n\t"


def short(text: str, longest: int = LONGEST) -> str:
    """At most so many letters as people count them."""
    letters = _GRAPHEME.findall(text)
    return text if len(letters) <= longest else "".join(letters[: longest - 1]) + "…"


def last_name(text: str) -> str:
    """The first letter only."""
    first = _GRAPHEME.findall(text)[:1]
    return f"{first[0]}{HIDDEN * 3}" if first else ""


def id_number(digits: str) -> str:
    """The last three digits only."""
    return f"{HIDDEN}-{HIDDEN * 4}-{HIDDEN * 5}-{digits[-3:-1]}-{digits[-1:]}" if digits else ""


def phone(digits: str) -> str:
    """The last four digits only."""
    return f"{HIDDEN * 3}-{HIDDEN * 3}-{digits[-4:]}" if digits else ""


def birth_on(iso: str) -> str:
    """The year only, as Thais write it."""
    return f"พ.ศ. {int(iso[:4]) + 543}" if iso[:4].isdigit() else ""


def address(text: str) -> str:
    """Nothing but that there is one."""
    return HIDDEN * 8 if text else ""


def dashed(digits: str) -> str:
    """A phone or ID number in its usual groups: readable, and text to a spreadsheet."""
    groups = {13: (1, 4, 5, 2, 1), 10: (3, 3, 4), 9: (2, 3, 4)}.get(len(digits))
    if groups is None or not digits.isdigit():
        return digits
    parts, at = [], 0
    for length in groups:
        parts.append(digits[at : at + length])
        at += length
    return "-".join(parts)
