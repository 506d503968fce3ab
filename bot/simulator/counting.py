"""How LINE counts text, and the checks of single values that its description leaves out."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import regex

from bot.simulator.schema import Json, Problem

_PERCENT_ENCODED = re.compile(r"[!-~]*")
"""Printable ASCII without the space: a Thai letter in an address must be percent-encoded."""


def utf16(text: str) -> int:
    """Length in UTF-16 units, as LINE counts texts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """Number of grapheme clusters, as LINE counts labels (ที่ is one)."""
    return len(regex.findall(r"\X", text))


def length(
    holder: Json, name: str, path: str, most: int, *, least: int = 1, by_grapheme: bool = False
) -> Iterator[Problem]:
    """The text `holder[name]`, if there, has `least` to `most` units."""
    text = holder.get(name)
    if not isinstance(text, str):
        return
    size = graphemes(text) if by_grapheme else utf16(text)
    if size < least:
        yield Problem("must be non-empty text", f"{path}.{name}")
    elif size > most:
        yield Problem(f"Length must be between {least} and {most}", f"{path}.{name}")


def required(holder: Json, path: str, *names: str) -> Iterator[Problem]:
    """Members that LINE asks for though its description doesn't say so."""
    for name in names:
        if holder.get(name) is None:
            yield Problem("must be specified", f"{path}.{name}")


def address(
    holder: Json, name: str, path: str, schemes: tuple[str, ...] = ("https",), most: int = 2000
) -> Iterator[Problem]:
    """The address `holder[name]`, if there, has one of `schemes` and is percent-encoded."""
    text = holder.get(name)
    if not isinstance(text, str):
        return
    where = f"{path}.{name}"
    if not 1 <= len(text) <= most:
        yield Problem(f"Length must be between 1 and {most}", where)
    try:
        parts = urlsplit(text)
    except ValueError:
        yield Problem("invalid uri", where)
        return
    if parts.scheme not in schemes:
        yield Problem("invalid uri scheme", where)
    elif not _PERCENT_ENCODED.fullmatch(text) or not text.partition(":")[2].strip("/"):
        yield Problem("invalid uri", where)


def matches(holder: Json, name: str, path: str, pattern: re.Pattern[str]) -> Iterator[Problem]:
    """The text `holder[name]`, if there, has the form of `pattern`."""
    text = holder.get(name)
    if isinstance(text, str) and not pattern.fullmatch(text):
        yield Problem("invalid property", f"{path}.{name}")
