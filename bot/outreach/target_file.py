"""Reads a file of targets: every line is checked, and one wrong line refuses the whole file."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.outreach.places import UnknownPlace, place
from db.tallies import place_key
from db.targets import Wanted

COLUMNS = ("จังหวัด", "อำเภอ", "ตำบล", "เป้าหมาย", "ภายในวันที่")
MOST_ROWS = 20_000
MOST_BYTES = 3_000_000
MOST_PEOPLE = 70_000_000
BUDDHIST_ERA = 543
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a line. `code` names it for the words, `value` is what was written."""

    line: int
    code: str
    value: str


def read(raw: bytes, holds: Callable[[str], bool], today: date) -> tuple[list[Wanted], list[Wrong]]:
    """The targets of a file and what is wrong in it. holds: whether a province may be set."""
    text = _decoded(raw)
    if text is None:
        return [], [Wrong(0, "not_text", "")]
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in (COLUMNS[0], COLUMNS[3]) if name not in (reader.fieldnames or ())]
    if missing:
        return [], [Wrong(1, "column", " ".join(missing))]
    rows: list[Wanted] = []
    wrong: list[Wrong] = []
    seen: set[str] = set()
    for row in reader:
        if not any(str(value or "").strip() for value in row.values()):
            continue
        found = _line(reader.line_num, row, holds, today)
        if isinstance(found, Wanted) and found.key in seen:
            found = Wrong(reader.line_num, "twice", found.key.replace("|", " "))
        if isinstance(found, Wrong):
            wrong.append(found)
        else:
            seen.add(found.key)
            rows.append(found)
        if len(rows) > MOST_ROWS:
            return [], [Wrong(reader.line_num, "too_many", str(MOST_ROWS))]
    return rows, wrong or ([] if rows else [Wrong(0, "empty", "")])


def year_end(today: date) -> date:
    """The end of the Thai budget year, by when a target counts unless the file says another day."""
    return date(today.year + (today.month > 9), 9, 30)


def _line(
    number: int, row: Mapping[str, str | None], holds: Callable[[str], bool], today: date
) -> Wanted | Wrong:
    province, district, tambon, target, due = (str(row.get(c) or "").strip() for c in COLUMNS)
    try:
        found = place(province, district, tambon)
    except UnknownPlace as unknown:
        return Wrong(number, unknown.part, unknown.name)
    if not holds(found.province):
        return Wrong(number, "outside", found.province)
    digits = target.translate(_THAI_DIGITS).replace(",", "")
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) <= MOST_PEOPLE:
        return Wrong(number, "target", target[:30])
    day = _day(due) if due else year_end(today)
    if day is None or day < today:
        return Wrong(number, "due_on", due[:30])
    return Wanted(place_key(found.province, found.district, found.tambon), int(digits), day)


def _day(text: str) -> date | None:
    """2570-09-30, 2027-09-30, 30/9/2570."""
    text = text.translate(_THAI_DIGITS)
    found = _DAY.fullmatch(text)
    parts = [found[3], found[2], found[1]] if found else text.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    year = int(parts[0])
    try:
        return date(year - BUDDHIST_ERA if year > 2400 else year, int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def _decoded(raw: bytes) -> str | None:
    """UTF-8 as most programs write it, or what Excel makes of Thai."""
    for encoding in ("utf-8-sig", "cp874"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
