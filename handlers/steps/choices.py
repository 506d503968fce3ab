"""One of a few answers, by number, by its words, or by words like them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from handlers.steps.outcome import CUT, Heard, Invalid, Parser, Value, without
from handlers.steps.text import asks, clean, plain

_NUMBER = re.compile(r"^(?:ข้อ(?:ที่)?|หมายเลข|เลข)?\s*(\d)\s*$")
_CLOSE_ENOUGH = 86
_MAX_WORDS = 60
_NOT_BEFORE = re.compile(r"(?:ไม่|บ่)(?:เอา|ว่าง|สะดวก|ได้|ใช่|ชอบ|อยาก|รับ|มี|ใส่)\S{0,8}$|เลิก\S{0,4}$")
_NOT_AFTER = re.compile(
    r"^\S{0,6}?\s?(?:ก็)?(?:ไม่|บ่)(?:ค่อย)?(?:ว่าง|สะดวก|เอา|ใช่|(?:ได้|มี)(?:เลย|แล้ว)?\s*$)"
)
"""«เช้าไม่ว่าง», «ไม่ใช่คนไทย»: the words of an answer that say it is none."""
_AGREES = re.compile(
    r"^(?:ไม่)?(?:ยินยอม|ตกลง|ได้|ใช่|โอเค|ok(?:ay)?|yes|no|ไม่|เอา|อือ|เออ|ครับ|ค่ะ|คะ|จ้า|จ้ะ)"
    r"(?:เลย|แล้ว|ครับ|ค่ะ|คะ|จ้า|จ้ะ| )*$"
)
"""A yes or no to some other question is no answer in one's own words."""
_LETTERS = re.compile(r"[\u0e01-\u0e2ea-zA-Z]")


@dataclass(frozen=True, slots=True)
class Options:
    """The ids of the answers, and the words by which people say each (regular expressions)."""

    words: Mapping[str, Sequence[str]]
    numbered: bool = True
    free: bool = False
    """Anything else sensible is an answer too, as it was said."""


def choice(options: Options) -> Parser:
    """A parser for one of the options; the value is its id."""
    patterns = {
        key: re.compile("|".join(f"(?:{w})" for w in words)) for key, words in options.words.items()
    }

    def read(text: str, heard: Heard) -> Value:
        said = plain(text)
        if said in patterns:
            return said
        numbered = _NUMBER.match(said) if options.numbered else None
        if numbered and 0 < int(numbered[1]) <= len(patterns):
            return list(patterns)[int(numbered[1]) - 1]
        found = _named(said, patterns) or _like(said, options.words)
        if len(found) == 1:
            return found.pop()
        if found:
            raise Invalid("which")
        if options.free and not _AGREES.match(said):
            return _own_words(text)
        if options.free:
            raise Invalid("not_words")
        raise Invalid("choose")

    return Parser(read, ("not_words", "which") if options.free else ("choose", "which"))


def found_by(base: Parser, words: str) -> Parser:
    """The parser, which also cuts its answer out of a longer message: group 1 of the expression,
    as words of their own.
    """
    pattern = re.compile(rf"(?:^|(?<=[\s{CUT},])){words}(?=[\s{CUT},]|$)")

    def take(text: str) -> tuple[str, str] | None:
        said = clean(text)
        found = pattern.search(said)
        if found is None:
            return None
        return found[1], without(said, found)

    return replace(base, take=take)


def _named(said: str, patterns: Mapping[str, re.Pattern[str]]) -> set[str]:
    """The options whose words occur, but not denied or only inside longer words of others."""
    spans = [
        (m.start(), m.end(), key)
        for key, p in patterns.items()
        for m in p.finditer(said)
        if m[0] and not _is_denied(said, m.start(), m.end())
    ]
    return {
        key
        for start, end, key in spans
        if not any(
            s <= start and end <= e and (e - s) > (end - start)
            for s, e, other in spans
            if other != key
        )
    }


def _is_denied(said: str, start: int, end: int) -> bool:
    return bool(_NOT_BEFORE.search(said[:start]) or _NOT_AFTER.match(said[end:]))


def _like(said: str, words: Mapping[str, Sequence[str]]) -> set[str]:
    """Typos: the option with a plain word nearly like the whole message."""
    scores = {
        key: max((fuzz.ratio(said, w) for w in plain_words if w.isalnum() or len(w) > 3), default=0)
        for key, plain_words in words.items()
    }
    best = max(scores.values(), default=0)
    if best < _CLOSE_ENOUGH or len(said) < 4:
        return set()
    return {key for key, score in scores.items() if score == best}


def _own_words(text: str) -> str:
    words = clean(text)
    if len(_LETTERS.findall(words)) < 2 or len(words) > _MAX_WORDS or asks(words):
        raise Invalid("not_words")
    return words
