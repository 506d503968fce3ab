"""The day a message is about, or that a person was born: Buddhist or Common Era, in full, in
part or relative.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.extract.spans import Sign, Span, overlaps
from nlp.numbers import WORDS, YEAR_WORDS, value_of

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
_UNDOTTED = ("มค", "กพ", "มีค", "เมย", "พค", "มิย", "กค", "สค", "กย", "ตค", "พย", "ธค")
_LOOSE_MONTH = rf"(?:{_MONTH}|(?:{'|'.join(_UNDOTTED)})(?![ก-๙]))"
"""With abbreviations without dots, which are read only after a day or the word เดือน."""
_MONTH_NUMBERS = [re.compile(name) for name in _MONTHS]
_ERA = r"(?:พ\.? ?ศ\.?|ค\.? ?ศ\.?|ปี พ\.?ศ\.?|ปี ค\.?ศ\.?|ปี|พอ ?ศอ)"
_NO_UNIT = r"(?!\d|[/:.,]\d| ?(?:บาท|ร้อย|วัน|เดือน|คน|ปี|ครั้ง|คืน))"
_YEAR = rf"(?:{_ERA} ?)?(\d{{4}}|\d{{2}}|{YEAR_WORDS}){_NO_UNIT}"
_REL_YEAR = r"ปี ?(?:ที่แล้ว|ที่ผ่านมา|ก่อน|กลาย|แล้ว|หน้า|นี้)"
_COUNT = rf"(\d+|{WORDS})"
_NUMBER_BEFORE = re.compile(rf"(?:\d|{WORDS}) ?$")
_MUST = re.compile(r"ต้อง[ก-๙ ]{0,8}$")

_FULL = re.compile(
    rf"(?:(?<!\d)(\d{{1,2}})|วันที่ ?({WORDS})) ?(?:เดือน ?)?({_LOOSE_MONTH}) ?"
    rf"(?:{_YEAR}|({_REL_YEAR}))?"
)
_RANGE = re.compile(
    rf"(?<!\d)(\d{{1,2}}|{WORDS}) ?(?:เดือน ?)?({_LOOSE_MONTH})? ?(?:-|ถึง|จนถึง) ?(?:วันที่ ?)?"
    rf"(\d{{1,2}}|{WORDS}) ?(?:เดือน ?)?({_LOOSE_MONTH}) ?(?:{_YEAR}|({_REL_YEAR}))?"
)
"""«3 ถึง 7 พฤศจิกายน», «28 ต.ค. - 2 พ.ย.»."""
_NUMBERED_MONTH = re.compile(
    rf"(?:(?:(?<!\d)(\d{{1,2}})|วันที่ ?({WORDS})) ?)?เดือน ?(?:ที่ ?)?(\d{{1,2}}|{WORDS}) ?"
    rf"(?:{_ERA} ?(\d{{4}}|\d{{2}}|{YEAR_WORDS}){_NO_UNIT}|({_REL_YEAR})|ที่ผ่านมา|ที่แล้ว)"
)
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2}) ?[/\-] ?(\d{1,2}) ?[/\-] ?(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_MONTH_ONLY = re.compile(
    rf"(?:(?:เดือน|เมื่อ|ต้น|ปลาย|กลาง|สิ้น) ?)+({_LOOSE_MONTH}) ?(?:{_YEAR}|({_REL_YEAR}))?"
    rf"|({_MONTH}) ?(?:{_YEAR}|({_REL_YEAR}))"
    r"|(มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม)"
)
_YEAR_ONLY = re.compile(
    rf"(ต้น|ปลาย|กลาง) ?({_REL_YEAR})|(?:(ต้น|ปลาย|กลาง) ?)?{_ERA} ?(\d{{4}}|\d{{2}}|{YEAR_WORDS})"
    r"(?!\d|[/:.,]\d| ?(?:บาท|ร้อย|วัน|เดือน|คน|ปี|แล้ว|ครั้ง))"
)
_PARTS = {"ต้น": 1, "กลาง": 7, "ปลาย": 12}
"""The month that «ต้นปี», «กลางปี» and «ปลายปี» are taken for."""
_SONGKRAN = re.compile(rf"สงกรานต์ ?(?:{_YEAR}|({_REL_YEAR}))?")
_COVID = re.compile(r"(?:ตอน|ช่วง|สมัย|ยุค|เมื่อ) ?(?:มี|ที่มี)?โควิด(?!เข้า|ลง)")
_COVID_TIMES = date(2021, 10, 1)
"""The middle of the months whose contributions were lowered for the pandemic."""
_JOINED = re.compile(
    r"(?:(?:ส่ง|จ่าย|ออม|สมทบ)[ก-๙ ]{0,8}ตั้งแต่|สมัคร|เริ่ม(?:ส่ง|จ่าย)|เป็นสมาชิก)"
    r"(?:มา|ไว้|ไป|ตั้งแต่|เมื่อ|ตอน| )*$"
)
"""Since when a person pays says nothing of the law that is asked about, unless it is to come."""
_EXPIRES = re.compile(r"หมดอายุ ?(?:เดือน|เมื่อ|ใน)? ?$")
_BORN_YEAR = re.compile(
    rf"เกิด ?(?:เมื่อ ?|วัน|ช่วง|ตอน)?(?:สงกรานต์|ต้น|กลาง|ปลาย)? ?(?:(?:{_ERA} ?)?(\d{{4}}|\d{{2}})"
    rf"|(?:{_ERA} ?)?({YEAR_WORDS}))(?!\d|/| ?(?:{_MONTH}|วัน|เดือน|คน|ปี|บาท))"
)
_BORN = re.compile(
    r"(?<!ลูก)(?<!บุตร)(?<!หลาน)เกิด"
    r"(?: |วันที่|เมื่อ|วัน|เดือน|ปี|พ\.?ศ\.?|ของ|พ่อ|แม่|ยาย|ตา|ลุง|ป้า|แฟน|สามี|เมีย|:)*$"
)
_AGO = r" ?(?:ที่แล้ว|ก่อน(?!หน้า|จะ|เบิก|ถึง|ได้เงิน)|ที่ผ่านมา)"
_COUNTLESS = r"(?<!กี่)(?<!ทุก)(?<!หลาย)(?<!ครบ)(?<!แต่ละ)"
"""«กี่เดือนแล้ว» and «ทุกเดือนแล้ว» count months and name none."""
_AGO_NUMBERED = re.compile(rf"{_COUNT} ?(วัน|มื้อ|อาทิตย์|สัปดาห์|เดือน|ปี){_AGO}")
_RELATIVE: tuple[tuple[re.Pattern[str], str, int], ...] = tuple(
    (re.compile(words), unit, count)
    for words, unit, count in (
        (r"เมื่อวานซืน|วานซืน", "day", -2),
        (r"เมื่อวาน(?:นี้)?|มื้อวาน|วันวา(?!เลน)|แรกวา|\byesterday\b", "day", -1),
        (r"พรุ่งนี้|มื้ออื่น|วันพูก(?:นี้)?|ต่อโพรก", "day", 1),
        (r"มะรืน(?:นี้)?|มื้อฮือ", "day", 2),
        (rf"(?:อาทิตย์|สัปดาห์){_AGO}|\blast week\b", "day", -7),
        (r"(?:อาทิตย์|สัปดาห์)หน้า", "day", 7),
        (rf"{_COUNTLESS}เดือน(?:{_AGO}|แล้ว|กลาย)(?! ?เดือน ?เล่า)|\blast month\b", "month", -1),
        (r"เดือนหน้า|\bnext month\b", "month", 1),
        (rf"{_COUNTLESS}ปี(?:{_AGO}|กลาย|แล้ว)|\blast year\b", "year", -1),
        (r"ปีหน้า|\bnext year\b", "year", 1),
    )
)
_HINT = re.compile(
    rf"ปี|เดือน|วัน|วาน|มื้อ|อาทิตย์|สัปดาห์|เกิด|มะรืน|พรุ่ง|โพรก|แรกวา|โควิด|สงกรานต์|\d[/\-]"
    rf"|\d ?(?:{'|'.join(_UNDOTTED)})"
    rf"|{_MONTH}|พ\.?ศ|ค\.?ศ|พอ ?ศอ|day|month|week|year"
)


@dataclass(slots=True)
class Dates:
    """What was found; `on_words` as typed. `days`: from the first to the last of a range."""

    on: date | None = None
    on_words: str | None = None
    birth_date: date | None = None
    age: int | None = None
    days: int | None = None


def years_between(born: date, today: date) -> int:
    """Full years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def find_dates(text: str, today: date) -> tuple[Dates, list[Span]]:
    """The first day named that isn't a birthday, and the birthday."""
    out, spans = Dates(), list[Span]()
    if not _HINT.search(text):
        return out, spans
    _ranges(text, today, out, spans)
    for start, end, day in _candidates(text, today):
        if overlaps(start, end, spans):
            continue
        spans.append(Span(start, end, Sign.DATE))
        born = _BORN.search(text[max(0, start - 24) : start]) is not None
        if day is None:
            continue
        if born and out.birth_date is None and day < today:
            out.birth_date, out.age = day, years_between(day, today)
        elif not born and out.on is None and not _joined(text, start, day, today):
            out.on, out.on_words = day, text[start:end].strip()
    _born_in(text, today, out, spans)
    return out, spans


def _ranges(text: str, today: date, out: Dates, spans: list[Span]) -> None:
    """The first range of days: its law is that of the first day."""
    for m in _RANGE.finditer(text):
        last = _day(_named_year(m[5], m[6], today), _month(m[4]), _said(m[3]))
        first = last and _day(last.year, _month(m[2]) if m[2] else last.month, _said(m[1]))
        if first and last and first > last:
            first = _day(last.year - 1, first.month, first.day)
        if first and last and out.on is None:
            out.on, out.on_words, out.days = first, m[0].strip(), (last - first).days + 1
            spans.append(Span(m.start(), m.end(), Sign.DATE))


def _joined(text: str, start: int, day: date, today: date) -> bool:
    return day < today.replace(day=1) and _JOINED.search(text[:start]) is not None


def _candidates(text: str, today: date) -> Iterator[tuple[int, int, date | None]]:
    """All that may name a day, the more exact way first; None: a day that doesn't exist."""
    for pattern, day_of in _WAYS:
        for m in pattern.finditer(text):
            yield m.start(), m.end(), day_of(m, today)
    for m in _AGO_NUMBERED.finditer(text):
        count = value_of(m[1])
        if count is not None and count < 1000 and not _MUST.search(text[: m.start()]):
            yield m.start(), m.end(), _ago(today, count, m[2])
    yield from _years(text, today)
    for pattern, unit, count in _RELATIVE:
        for m in pattern.finditer(text):
            if m[0].endswith("หน้า") or not _NUMBER_BEFORE.search(text[: m.start()]):
                yield m.start(), m.end(), _moved(today, unit, count)


def _years(text: str, today: date) -> Iterator[tuple[int, int, date | None]]:
    for m in _COVID.finditer(text):
        yield m.start(), m.end(), _COVID_TIMES
    for m in _YEAR_ONLY.finditer(text):
        before = text[: m.start()].rstrip()
        if not before.endswith(("เกิด", "เกิดสงกรานต์")) and not _EXPIRES.search(before):
            yield m.start(), m.end(), _year_only(m, today)


def _iso(m: re.Match[str], today: date) -> date | None:
    return _day(_year(m[1], today), int(m[2]), int(m[3]))


def _slashed(m: re.Match[str], today: date) -> date | None:
    return _day(_year(m[3], today, _is_birth(m.string, m.start())), int(m[2]), int(m[1]))


def _full(m: re.Match[str], today: date) -> date | None:
    year = _named_year(m[4], m[5], today, _is_birth(m.string, m.start()))
    return _day(year, _month(m[3]), _said(m[1] or m[2]))


def _numbered_month(m: re.Match[str], today: date) -> date | None:
    year = _named_year(m[4], m[5], today, _is_birth(m.string, m.start()))
    month, day = _said(m[3]), _said(m[1] or m[2] or "1")
    if not m[4] and not m[5] and month > today.month:
        year = today.year - 1
    return _day(year, month, day)


def _songkran(m: re.Match[str], today: date) -> date | None:
    if m.string[: m.start()].endswith("เกิด"):
        return None
    year = _named_year(m[1], m[2], today)
    day = _day(year, 4, 13)
    past = day is None or day <= today or m[1] is not None or m[2] is not None
    return day if past else date(today.year - 1, 4, 13)


def _year_only(m: re.Match[str], today: date) -> date | None:
    year, part = _named_year(m[4], m[2], today), m[1] or m[3]
    if part is None:
        return _period(today, _day(year, 1, 1), "year")
    return _day(year, _PARTS[part], 1)


def _said(number: str) -> int:
    """Of digits or number words; 0, which is no day or month, when it says nothing."""
    return value_of(number) or 0


def _month_only(m: re.Match[str], today: date) -> date | None:
    year = _named_year(m[2] or m[5], m[3] or m[6], today)
    return _period(today, _day(year, _month(m[1] or m[4] or m[7]), 1), "month")


_WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_ISO, _iso),
    (_SLASHED, _slashed),
    (_FULL, _full),
    (_NUMBERED_MONTH, _numbered_month),
    (_MONTH_ONLY, _month_only),
    (_SONGKRAN, _songkran),
)


def _born_in(text: str, today: date, out: Dates, spans: list[Span]) -> None:
    m = _BORN_YEAR.search(text)
    if m is None or out.birth_date is not None or text[: m.start()].endswith(("ลูก", "บุตร", "หลาน")):
        return
    year = _year(m[1] or m[2], today, birth=True)
    if year is not None and 0 <= today.year - year <= 115:
        out.age = today.year - year
        said = 1 if m[1] else 2
        spans.append(Span(m.start(said), m.end(said), Sign.DATE))


def _is_birth(text: str, start: int) -> bool:
    return "เกิด" in text[max(0, start - 24) : start]


def _year(digits: str, today: date, birth: bool = False) -> int | None:
    """Common Era, from digits or number words. Two digits are a Buddhist year, of this century
    or, when that is to come, the last.
    """
    number = value_of(digits)
    if number is None or (number < 10 and not digits[0].isdigit()):
        return None
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
        number
        for number, pattern in enumerate(_MONTH_NUMBERS, 1)
        if pattern.fullmatch(name) or name == _UNDOTTED[number - 1]
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
