"""A Thai telephone number in whatever spelling, kept in its national form (0812345678)."""

import re

import phonenumbers

from handlers.steps.outcome import Choice, Heard, Invalid, More, Parser, Value, without
from handlers.steps.text import clean, digits_misread, digits_spoken, plain

_RUN = re.compile(r"\+?\d(?:[\s\-.()/]{0,3}\d)*")
_EXTENSION = re.compile(r"(?:ต่อ|ext\.?)\s*\d+", re.IGNORECASE)
_NONE = re.compile(r"(?:ไม่|บ่)มี|ไม่บอก|ไม่ให้|ไม่อยากให้")
_FORGOT = re.compile(r"จำ.*(?:ไม่|บ่)|ลืม")
_SAME = re.compile(
    r"(?:เบอร์|โทร)\S{0,4}(?:เดียวกัน|เดียวกับ|เดิม)|(?:เอา|ใช้)เบอร์(?:หนู|ผม|ฉัน|เรา|นี้|ของ)"
    r"|เบอร์(?:หนู|ผม|ฉัน|เรา)(?:ได้เลย|เลย|$)"
)
"""«เบอร์เดียวกับหนู»: LINE does not tell it."""
_ID_LENGTH = 13
_MOBILE = re.compile(
    r"(?<!\d)(?:\+66|0066|66)?[\s\-]?(?:\(0\))?0?[689]\d?(?:[\s\-.]?\d){7,8}(?!\d)"
)


def read(text: str, heard: Heard) -> Value:
    """The national number. Two different numbers in one message: asks which."""
    written = digits_misread(digits_spoken(clean(text)))
    runs = _runs(_EXTENSION.sub("", written))
    if not runs:
        raise Invalid(_without_digits(plain(text)))
    good = list(dict.fromkeys(n for run in runs if (n := national(run))))
    if len(good) > 1:
        raise More("which", {}, tuple(Choice(pretty(n), n) for n in good[:4]))
    if good:
        return good[0]
    raise Invalid(_reason(max(runs, key=len)))


def national(run: str) -> str | None:
    """A run of digits (perhaps with +) as a valid Thai number, else None."""
    digits = re.sub(r"\D", "", run)
    if run.startswith("+") and not digits.startswith("66"):
        return None
    digits = re.sub(r"^00(?=66)", "", digits)
    if digits.startswith("66") and len(digits) >= 10:
        digits = "0" + digits[2:].lstrip("0")
    if len(digits) == 9 and digits[0] in "689":
        digits = "0" + digits
    if not digits.startswith("0"):
        return None
    number = phonenumbers.parse(digits, "TH") if 8 < len(digits) < 12 else None
    return digits if number and phonenumbers.is_valid_number(number) else None


def pretty(number: str) -> str:
    """081-234-5678, 02-123-4567: as people read it aloud."""
    if len(number) == 10:
        return f"{number[:3]}-{number[3:6]}-{number[6:]}"
    head = 2 if number.startswith("02") else 3
    return f"{number[:head]}-{number[head:-4]}-{number[-4:]}"


def _runs(text: str) -> list[str]:
    """Runs of digits; two numbers written with only a space between them are parted."""
    runs = []
    for found in _RUN.findall(text):
        run = re.sub(r"[^\d+]", "", found)
        half = len(run) // 2
        if len(run) == 20 and run[0] == run[half] == "0":
            runs += [run[:half], run[half:]]
        else:
            runs.append(run)
    return runs


def _without_digits(text: str) -> str:
    if _FORGOT.search(text):
        return "forgot"
    if _SAME.search(text):
        return "same"
    return "none" if _NONE.search(text) else "no_number"


def _reason(run: str) -> str:
    digits = re.sub(r"\D", "", run)
    if len(digits) == _ID_LENGTH:
        return "id_instead"
    if len(digits) in (3, 4) and digits.startswith("1"):
        return "hotline"
    if run.startswith("+") and not digits.startswith("66"):
        return "not_thai"
    if len(digits) < 10:
        return "short"
    return "long" if len(digits) > 10 else "not_thai"


def take(text: str) -> tuple[str, str] | None:
    """A mobile number inside a longer message."""
    written = digits_spoken(clean(text))
    for found in _MOBILE.finditer(written):
        number = national(re.sub(r"[^\d+]", "", found[0]))
        if number:
            return number, without(written, found)
    return None


PHONE = Parser(
    read,
    ("no_number", "short", "long", "not_thai", "hotline", "none", "forgot", "same", "id_instead"),
    ("which",),
    take,
)
