"""A birth date in whatever spelling: Thai or Arabic digits, B.E. or C.E., words, or only an age."""

import re
from dataclasses import dataclass
from datetime import date

from handlers.steps.outcome import Choice, Heard, Invalid, More, Parser, Value, without
from handlers.steps.text import clean, numbers_spoken, plain, polite_off

BUDDHIST = 543
OLDEST_YEARS = 115
LONGEST_NUMBER = 8
"""05012520: day, month and year in one run."""
MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
_MONTH_WORDS = (
    r"มก[รล]า(?:คม)?|ม\.?\s?ค\.?(?![\u0e00-\u0e7f])|jan(?:uary)?",
    r"ก[ุู]ม[ภพ]า(?:พัน(?:ธ์)?)?|ก\.?\s?พ\.?(?![\u0e00-\u0e7f])|feb(?:ruary)?",
    r"มี\.?นา(?:คม)?|มี\.?\s?ค\.?(?![\u0e00-\u0e7f])|mar(?:ch)?",
    r"เม[ษสศ]า?(?:ยน)?|เม\.?\s?ย\.?(?![\u0e00-\u0e7f])|apr(?:il)?",
    r"พ[ฤรึ]*[สศษ]?[ะ]?ภา(?:คม)?|พ\.?\s?ค\.?(?![\u0e00-\u0e7f])|may",
    r"มิ[ถท]ุนา(?:ยน)?|มิ\.?\s?ย\.?(?![\u0e00-\u0e7f])|june?",
    r"ก[ระ]*ก[ฎฏด]า(?:คม)?|ก\.?\s?ค\.?(?![\u0e00-\u0e7f])|july?",
    r"สิง?หา(?:คม)?|ส\.?\s?ค\.?(?![\u0e00-\u0e7f])|aug(?:ust)?",
    r"กันยา(?:ยน)?|ก\.?\s?ย\.?(?![\u0e00-\u0e7f])|sep(?:t|tember)?",
    r"ตุลา(?:คม)?|ต\.?\s?ค\.?(?![\u0e00-\u0e7f])|oct(?:ober)?",
    r"พ[ฤรึ]*[สศษ]?[ะ]?จิกา(?:ยน)?|พ\.?\s?ย\.?(?![\u0e00-\u0e7f])|nov(?:ember)?",
    r"[ธท]ันวา(?:คม)?|ธ\.?\s?ค\.?(?![\u0e00-\u0e7f])|dec(?:ember)?",
)
_MONTH = re.compile("|".join(f"(?P<m{i}>{words})" for i, words in enumerate(_MONTH_WORDS, 1)))
_ISO = re.compile(r"^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\s*$")
_COMMON_ERA = re.compile(r"ค\.?\s?ศ\.?|a\.?d\.?|c\.?e\.?")
_WEEKDAY = re.compile(r"วัน(?:อาทิตย์|จันทร์|อังคาร|พุธ|พฤหัส(?:บดี)?|ศุกร์|เสาร์)(?:ที่)?")
_AGE = re.compile(
    r"(?:อายุ|\bage|i am|i'm)\D{0,6}(\d{1,3})|^\D{0,8}(\d{1,3})\s*(?:ปี|ขวบ)\s*$|^\s*(\d{2})\s*$"
)
_SAYS_YEAR = re.compile(r"(?:ปี|พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|พุทธศักราช)\s*(\d{2,4})\s*$")
_UNKNOWN = re.compile(r"(?:ไม่|บ่|ม่าย)(?:รู้|ฮู้|ทราบ|แน่ใจ|ได้จำ)|จำ.{0,12}(?:ไม่|บ่)ได้|^ลืม")
_FULL = re.compile(
    r"\d{1,2}\s*(?:"
    + "|".join(_MONTH_WORDS)
    + r")\s*(?:พ\.?\s?ศ\.?|ปี)?\s*\d{4}|\d{1,2}\s*[/\-.]\s*\d{1,2}\s*[/\-.]\s*\d{4}(?!\d)"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """The numbers of a message and the month it names."""

    numbers: tuple[str, ...]
    month: int | None
    common_era: bool


def read(text: str, heard: Heard) -> Value:
    """An ISO date. Raises More for a year or a day that is missing or must be confirmed."""
    iso = _ISO.match(clean(text))
    if iso:
        return _whole(int(iso[3]), int(iso[2]), iso[1], heard, False)
    if heard.partial.get("date") and re.match(r"^(?:ใช่|ถูก|แม่น|ครับ|ค่ะ|คะ|yes|ok|โอเค)", plain(text)):
        return heard.partial["date"]
    words = _words(text)
    age = _AGE.search(words) if not _MONTH.search(words) else None
    if age and not heard.partial.get("year"):
        return _from_age(int(next(g for g in age.groups() if g)), heard)
    found = _found(words)
    if any(len(number) > LONGEST_NUMBER for number in found.numbers):
        raise Invalid("no_date")
    if not found.numbers and found.month is None:
        return _without_numbers(plain(text), heard)
    if heard.partial:
        return _completed(found, heard)
    return _from_numbers(found, words, heard)


def _words(text: str) -> str:
    """Lower case, months protected, spoken numbers written out, weekdays and filler dropped."""
    words = _WEEKDAY.sub(" ", polite_off(text).lower())
    parts, last = [], 0
    for month in _MONTH.finditer(words):
        parts += [numbers_spoken(words[last : month.start()]), f" {month[0]} "]
        last = month.end()
    parts.append(numbers_spoken(words[last:]))
    return re.sub(r"วันที่|เดือน|เกิด", " ", "".join(parts)).strip()


def _found(words: str) -> _Found:
    month = _MONTH.search(words)
    number = int(month.lastgroup[1:]) if month and month.lastgroup else None
    rest = _MONTH.sub(" ", words)
    return _Found(tuple(re.findall(r"\d+", rest)), number, bool(_COMMON_ERA.search(words)))


def _without_numbers(text: str, heard: Heard) -> Value:
    """«ไม่รู้»: with the year known, the first of January stands for the day (Civil Code s. 16)."""
    if not _UNKNOWN.search(text):
        raise Invalid("no_date")
    if "year" in heard.partial:
        return date(int(heard.partial["year"]), int(heard.partial.get("month", "1")), 1).isoformat()
    raise Invalid("unknown")


def _from_age(age: int, heard: Heard) -> Value:
    if age > OLDEST_YEARS:
        raise Invalid("too_long_ago")
    raise More("need_day_age", {"age": str(age)}, age=str(age))


def _from_numbers(found: _Found, words: str, heard: Heard) -> Value:
    numbers = found.numbers
    if found.month is not None:
        if len(numbers) == 2:
            day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
            return _whole(int(day), found.month, year, heard, found.common_era)
        if len(numbers) == 1 and len(numbers[0]) == 4:
            return _needs_day(numbers[0], heard, found.month)
        if len(numbers) == 1 and len(numbers[0]) <= 2:
            raise More("need_year", {"day": numbers[0], "month": str(found.month)})
        raise Invalid("no_date")
    if len(numbers) == 3:
        return _three(numbers, heard, found.common_era)
    if len(numbers) == 1 and len(numbers[0]) in (6, 8):
        run = numbers[0]
        return _whole(int(run[:2]), int(run[2:4]), run[4:], heard, found.common_era)
    if len(numbers) == 1 and (len(numbers[0]) == 4 or _SAYS_YEAR.search(words)):
        return _needs_day(numbers[0], heard)
    raise Invalid("no_date")


def _three(numbers: tuple[str, ...], heard: Heard, common_era: bool) -> Value:
    first, second, third = numbers
    if len(first) == 4:
        return _whole(int(third), int(second), first, heard, common_era)
    day, month = int(first), int(second)
    if month > 12 >= day:
        return _confirm([_checked(month, day, y, heard) for y in _years(third, heard, common_era)])
    return _whole(day, month, third, heard, common_era)


def _completed(found: _Found, heard: Heard) -> Value:
    """The missing day, month or year of an answer that was understood in part."""
    partial, numbers = heard.partial, found.numbers
    month = found.month or (int(partial["month"]) if "month" in partial else None)
    if len(numbers) == 3 or (found.month and len(numbers) == 2):
        return _from_numbers(found, "", Heard(heard.today, heard.answers))
    if month is None and len(numbers) == 2 and len(numbers[1]) <= 2:
        month, numbers = int(numbers[1]), numbers[:1]
    if "day" in partial and month and len(numbers) == 1:
        return _whole(int(partial["day"]), month, numbers[0], heard, found.common_era)
    if month is None or len(numbers) != 1:
        return _from_numbers(found, "", Heard(heard.today, heard.answers))
    day = int(numbers[0])
    if "year" in partial:
        return _checked(day, month, int(partial["year"]), heard).isoformat()
    if "age" in partial:
        return _of_age(day, month, int(partial["age"]), heard).isoformat()
    return _from_numbers(found, "", Heard(heard.today, heard.answers))


def _of_age(day: int, month: int, age: int, heard: Heard) -> date:
    """The only date on which a person who is `age` today can be born, day and month known."""
    had_birthday = (month, day) <= (heard.today.month, heard.today.day)
    return _checked(day, month, heard.today.year - age - (0 if had_birthday else 1), heard)


def _needs_day(year: str, heard: Heard, month: int | None = None) -> Value:
    years = _years(year, heard, common_era=False)
    _checked(1, month or 1, years[0], heard)
    partial = {"year": str(years[0])} | ({"month": str(month)} if month else {})
    raise More("need_day", partial, year=str(years[0] + BUDDHIST))


def _whole(day: int, month: int, year: str, heard: Heard, common_era: bool) -> Value:
    dates = [_checked(day, month, y, heard) for y in _years(year, heard, common_era)]
    return _confirm(dates) if len(year) < 4 else dates[0].isoformat()


def _confirm(dates: list[date]) -> Value:
    choices = tuple(Choice(thai_date(day), day.isoformat()) for day in dates[:2])
    raise More("confirm_year", {"date": dates[0].isoformat()}, choices, date=thai_date(dates[0]))


def _years(year: str, heard: Heard, common_era: bool) -> list[int]:
    """The years (C.E.) that a written year can mean, the likeliest first."""
    number = int(year)
    if len(year) >= 4:
        return [number if common_era or number < 2400 else number - BUDDHIST]
    now = heard.today.year
    possible = {2500 + number - BUDDHIST, 2400 + number - BUDDHIST, 1900 + number, 2000 + number}
    alive = [y for y in possible if now - 100 <= y <= now]
    return sorted(alive, key=lambda y: _oddness(y, number, now)) or [2500 + number - BUDDHIST]


def _oddness(year: int, number: int, now: int) -> tuple[bool, bool, int]:
    """Grown-up working people first, then Buddhist years before Common Era ones."""
    buddhist = (year + BUDDHIST) % 100 == number
    return (not 15 <= now - year <= 66, not buddhist, -year)


def _checked(day: int, month: int, year: int, heard: Heard) -> date:
    try:
        born = date(year, month, day)
    except (ValueError, OverflowError):
        raise Invalid("no_such_day") from None
    if born > heard.today:
        raise Invalid("future")
    if heard.today.year - year > OLDEST_YEARS:
        raise Invalid("too_long_ago")
    return born


def thai_date(day: date) -> str:
    """5 มกราคม 2520."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + BUDDHIST}"


def full_years(born: date, on: date) -> int:
    """Age in full years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def take(text: str) -> tuple[str, str] | None:
    """A whole date with a four-digit year inside a longer message."""
    written = clean(text)
    found = _FULL.search(written.lower())
    if not found:
        return None
    rest = without(written, found)
    return found[0], rest


BIRTH_DATE = Parser(
    read,
    ("no_date", "no_such_day", "future", "too_long_ago", "unknown"),
    ("confirm_year", "need_day", "need_day_age", "need_year"),
    take,
)
