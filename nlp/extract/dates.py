"""The day a message is about, or that a person was born: Buddhist or Common Era, in full, in
part or relative.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.extract.spans import Sign, Span, overlaps
from nlp.numbers import WORDS, value_of

_MONTHS = (
    r"มกรา(?:คม)?|ม\.?ค\.",
    r"กุมภา(?:พันธ์|พัน)?|ก\.?พ\.",
    r"มีนา(?:คม)?|มี\.?ค\.",
    r"เมษา(?:ยน)?|เม\.?ย\.",
    r"พฤษภา(?:คม)?|พ\.?ค\.",
    r"มิถุนา(?:ยน)?|มิ\.?ย\.",
    r"กรกฎา(?:คม)?|กรกดา(?:คม)?|ก\.?ค\.",
    r"สิงหา(?:คม)?|ส\.?ค\.",
    r"กันยา(?:ยน)?|ก\.?ย\.",
    r"ตุลา(?:คม)?|ต\.?ค\.",
    r"พฤศจิกา(?:ยน)?|พ\.?ย\.",
    r"ธันวา(?:คม)?|ธ\.?ค\.",
)
_MONTH = "|".join(f"(?:{name})" for name in _MONTHS)
_MONTH_NUMBERS = [re.compile(name) for name in _MONTHS]
_ERA = r"(?:พ\.? ?ศ\.?|ค\.? ?ศ\.?|ปี พ\.?ศ\.?|ปี ค\.?ศ\.?|ปี)"
_YEAR = rf"(?:{_ERA} ?)?(\d{{4}}|\d{{2}})(?!\d|[/:.,]\d| ?(?:บาท|วัน|เดือน|คน|ปี|ครั้ง))"
_REL_YEAR = r"ปี ?(?:ที่แล้ว|ที่ผ่านมา|ก่อน|กลาย|แล้ว|หน้า|นี้)"
_COUNT = rf"(\d+|{WORDS})"
_NUMBER_BEFORE = re.compile(rf"(?:\d|{WORDS}) ?$")
_MUST = re.compile(r"ต้อง[ก-๙ ]{0,8}$")

_FULL = re.compile(rf"(?<!\d)(\d{{1,2}}) ?(?:เดือน ?)?({_MONTH}) ?(?:{_YEAR}|({_REL_YEAR}))?")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2}) ?[/\-] ?(\d{1,2}) ?[/\-] ?(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_MONTH_ONLY = re.compile(
    rf"(?:(?:เดือน|เมื่อ|ต้น|ปลาย|กลาง|สิ้น) ?)+({_MONTH}) ?(?:{_YEAR}|({_REL_YEAR}))?"
    rf"|({_MONTH}) ?(?:{_YEAR}|({_REL_YEAR}))"
    r"|(มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม)"
)
_YEAR_ONLY = re.compile(
    rf"(?:(?:ต้น|ปลาย|กลาง) ?)?{_ERA} ?(\d{{4}}|\d{{2}})(?!\d|[/:.,]\d| ?(?:บาท|วัน|เดือน"
    rf"|คน|ปี|แล้ว|ครั้ง))"
)
_BORN_YEAR = re.compile(
    rf"เกิด ?(?:เมื่อ ?)?(?:{_ERA} ?)?(\d{{4}}|\d{{2}})(?!\d|/| ?(?:{_MONTH}|วัน|เดือน|คน|ปี|บาท))"
)
_BORN = re.compile(r"(?<!ลูก)(?<!บุตร)(?<!หลาน)เกิด(?: |วันที่|เมื่อ|วัน|เดือน|ปี|พ\.?ศ\.?|:)*$")
_AGO = r" ?(?:ที่แล้ว|ก่อน(?!หน้า)|ที่ผ่านมา)"
_AGO_NUMBERED = re.compile(rf"{_COUNT} ?(วัน|มื้อ|อาทิตย์|สัปดาห์|เดือน|ปี){_AGO}")
_RELATIVE: tuple[tuple[re.Pattern[str], str, int], ...] = tuple(
    (re.compile(words), unit, count)
    for words, unit, count in (
        (r"เมื่อวาน(?:นี้|ซืน)?|มื้อวาน|วันวา(?!เลน)|แรกวา", "day", -1),
        (r"พรุ่งนี้|มื้ออื่น|วันพูก(?:นี้)?|ต่อโพรก", "day", 1),
        (r"มะรืน(?:นี้)?|มื้อฮือ", "day", 2),
        (rf"(?:อาทิตย์|สัปดาห์){_AGO}", "day", -7),
        (r"(?:อาทิตย์|สัปดาห์)หน้า", "day", 7),
        (rf"เดือน(?:{_AGO}|แล้ว|กลาย)", "month", -1),
        (r"เดือนหน้า", "month", 1),
        (rf"ปี(?:{_AGO}|กลาย|แล้ว)", "year", -1),
        (r"ปีหน้า", "year", 1),
    )
)
_HINT = re.compile(
    rf"ปี|เดือน|วัน|วาน|มื้อ|อาทิตย์|สัปดาห์|เกิด|มะรืน|พรุ่ง|โพรก|แรกวา|\d[/\-]|{_MONTH}|พ\.?ศ|ค\.?ศ"
)


@dataclass(slots=True)
class Dates:
    """What was found; `on_words` as typed."""

    on: date | None = None
    on_words: str | None = None
    birth_date: date | None = None
    age: int | None = None


def years_between(born: date, today: date) -> int:
    """Full years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def find_dates(text: str, today: date) -> tuple[Dates, list[Span]]:
    """The first day named that isn't a birthday, and the birthday."""
    out, spans = Dates(), list[Span]()
    if not _HINT.search(text):
        return out, spans
    for start, end, day in _candidates(text, today):
        if overlaps(start, end, spans):
            continue
        spans.append(Span(start, end, Sign.DATE))
        born = _BORN.search(text[max(0, start - 24) : start]) is not None
        if day is None:
            continue
        if born and out.birth_date is None and day < today:
            out.birth_date, out.age = day, years_between(day, today)
        elif not born and out.on is None:
            out.on, out.on_words = day, text[start:end].strip()
    _born_in(text, today, out, spans)
    return out, spans


def _candidates(text: str, today: date) -> Iterator[tuple[int, int, date | None]]:
    """All that may name a day, the more exact way first; None: a day that doesn't exist."""
    for pattern, day_of in _WAYS:
        for m in pattern.finditer(text):
            yield m.start(), m.end(), day_of(m, today)
    for m in _AGO_NUMBERED.finditer(text):
        count = value_of(m[1])
        if count is not None and count < 1000 and not _MUST.search(text[: m.start()]):
            yield m.start(), m.end(), _ago(today, count, m[2])
    for pattern, unit, count in _RELATIVE:
        for m in pattern.finditer(text):
            if m[0].endswith("หน้า") or not _NUMBER_BEFORE.search(text[: m.start()]):
                yield m.start(), m.end(), _moved(today, unit, count)
    for m in _YEAR_ONLY.finditer(text):
        if not text[: m.start()].rstrip().endswith("เกิด"):
            yield m.start(), m.end(), _period(today, _day(_year(m[1], today), 1, 1), "year")


def _iso(m: re.Match[str], today: date) -> date | None:
    return _day(_year(m[1], today), int(m[2]), int(m[3]))


def _slashed(m: re.Match[str], today: date) -> date | None:
    return _day(_year(m[3], today, _is_birth(m.string, m.start())), int(m[2]), int(m[1]))


def _full(m: re.Match[str], today: date) -> date | None:
    year = _named_year(m[3], m[4], today, _is_birth(m.string, m.start()))
    return _day(year, _month(m[2]), int(m[1]))


def _month_only(m: re.Match[str], today: date) -> date | None:
    year = _named_year(m[2] or m[5], m[3] or m[6], today)
    return _period(today, _day(year, _month(m[1] or m[4] or m[7]), 1), "month")


_WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_ISO, _iso),
    (_SLASHED, _slashed),
    (_FULL, _full),
    (_MONTH_ONLY, _month_only),
)


def _born_in(text: str, today: date, out: Dates, spans: list[Span]) -> None:
    m = _BORN_YEAR.search(text)
    if m is None or out.birth_date is not None or text[: m.start()].endswith(("ลูก", "บุตร")):
        return
    year = _year(m[1], today, birth=True)
    if year is not None and 0 <= today.year - year <= 115:
        out.age = today.year - year
        spans.append(Span(m.start(1), m.end(1), Sign.DATE))


def _is_birth(text: str, start: int) -> bool:
    return "เกิด" in text[max(0, start - 24) : start]


def _year(digits: str, today: date, birth: bool = False) -> int | None:
    """Common Era. Two digits are a Buddhist year, of this century or, when that is to come,
    the last.
    """
    number = int(digits)
    if number >= 2400:
        return number - 543 if number < 2700 else None
    if number >= 1900:
        return number if number < 2150 else None
    if number >= 100:
        return None
    this_century = 2500 + number - 543
    if birth:
        return this_century if this_century <= today.year else this_century - 100
    return this_century if this_century >= 1998 else 2000 + number


def _named_year(
    digits: str | None, relative: str | None, today: date, birth: bool = False
) -> int | None:
    if digits:
        return _year(digits, today, birth)
    if relative is None or relative.endswith("นี้"):
        return today.year
    return today.year + (1 if relative.endswith("หน้า") else -1)


def _month(name: str) -> int:
    return next(
        number for number, pattern in enumerate(_MONTH_NUMBERS, 1) if pattern.fullmatch(name)
    )


def _day(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year or 0, month, day)
    except ValueError:
        return None


def _period(today: date, first: date | None, unit: str) -> date | None:
    """The first day of a month or year named; today, when that is the present one (its law may
    have changed).
    """
    if first is None:
        return None
    same = first.year == today.year and (unit == "year" or first.month == today.month)
    return today if same else first


def _moved(today: date, unit: str, count: int) -> date:
    if unit == "day":
        return today + timedelta(days=count)
    if unit == "year":
        return date(today.year + count, 1, 1)
    months = today.year * 12 + today.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def _ago(today: date, count: int, unit: str) -> date | None:
    if unit in ("วัน", "มื้อ"):
        return _moved(today, "day", -count)
    if unit in ("อาทิตย์", "สัปดาห์"):
        return _moved(today, "day", -7 * count)
    if unit == "ปี" and count > 100:
        return None
    return _moved(today, "month" if unit == "เดือน" else "year", -count)
