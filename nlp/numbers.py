"""Numbers as people write them: 1,500 · 3 ร้อย · สามร้อย · พันห้า · หมื่นสอง · ซาว · 2.5 หมื่น · two."""

import re

_ONES = {
    "ศูนย์": 0,
    "หนึ่ง": 1,
    "หนึง": 1,
    "หนื่ง": 1,
    "นึง": 1,
    "เอ็ด": 1,
    "สอง": 2,
    "ยี่": 2,
    "สาม": 3,
    "สี่": 4,
    "สี": 4,
    "ห้า": 5,
    "หก": 6,
    "เจ็ด": 7,
    "เจด": 7,
    "แปด": 8,
    "เก้า": 9,
}
_ENGLISH = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1
    )
}
_TENS = {"สิบ": 10, "ซาว": 20}
_LARGE = {"ร้อย": 100, "ฮ้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000}

_THAI_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_ONE = rf"{_THAI_ONE}|\b(?:{'|'.join(_ENGLISH)})\b"
_BIG = "|".join(_LARGE)
DIGITS = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
WORDS = rf"(?:{_ONE}|{_BIG}|สิบ|ซาว)(?: ?(?:{_ONE}|{_BIG}|สิบ|เดียว))*"
NUMBER = rf"(?:(?:{DIGITS})(?: ?(?:{_BIG}))*|{WORDS})"
"""A number with its words, without a group; wrap it as you need."""
YEAR_WORDS = (
    rf"(?:สอง ?พัน(?: ?(?:{_THAI_ONE}|{_BIG}|สิบ))*|(?:{_THAI_ONE})?สิบ(?:{_THAI_ONE})?"
    rf"|(?:(?:{_THAI_ONE}){{2}}){{1,2}})"
)
"""A year as it is said: สองพันห้าร้อยหกสิบ, หกสิบแปด, หกแปด, สองห้าหกแปด."""
_SPOKEN = _ONES | _ENGLISH
_TOKEN = re.compile(rf"{DIGITS}|{_ONE}|{_BIG}|สิบ|ซาว|เดียว")


def value_of(words: str) -> int | None:
    """The number that `words` says, fractions dropped; None when it says none."""
    tokens: list[str] = _TOKEN.findall(words)
    if not tokens:
        return None
    total, pending, last_unit, units = 0.0, None, 0, 0
    for token in tokens:
        if token in _LARGE:
            total, pending, last_unit = _times(total, pending, token)
            units += 1
        elif token in _TENS and _TENS[token] == 10:
            total += 10 * (pending if pending is not None else 1)
            pending, last_unit = None, 10
        elif token in _TENS:
            total, last_unit = total + 20, 10
        else:
            number = (
                float(_SPOKEN[token])
                if token in _SPOKEN
                else float(token.replace(",", "") if token[0].isdigit() else 1)
            )
            pending = number if pending is None else pending * 10 + number
    if pending is not None:
        total += _trailing(pending, tokens[-1], last_unit if units == 1 else 0)
    return int(total) if total < 10**12 else None


def _times(total: float, pending: float | None, unit: str) -> tuple[float, float | None, int]:
    size = _LARGE[unit]
    if unit == "ล้าน" and total:
        return (total + (pending or 0)) * size, None, size
    return total + (1 if pending is None else pending) * size, None, size


def _trailing(number: float, word: str, last_unit: int) -> float:
    """«พันห้า» is 1,500 and «ร้อยเดียว» 100, but «ร้อยเอ็ด» is 101, «สามร้อย 5» 305 and
    «สองพันห้าร้อยสี่» (last_unit 0: said in full) 2,504.
    """
    if last_unit >= 100 and word in ("นึง", "หนึ่ง", "เดียว"):
        return 0
    spoken_short = last_unit >= 100 and word in _ONES and word != "เอ็ด" and number < 10
    return number * last_unit / 10 if spoken_short else number
