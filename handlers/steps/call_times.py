"""When to call: the time of day, and a day of the week if one is named («เสาร์เช้า»)."""

import re
from dataclasses import replace

from handlers.steps.outcome import CUT, Heard, Invalid, Parser, Value
from handlers.steps.text import asks, clean, plain
from handlers.wording import steps

_DAYS = {
    "วันจันทร์-ศุกร์": r"จันทร์?\s?(?:ถึง|-)\s?(?:วัน)?ศุกร์?|ธรรมดา",
    "วันจันทร์": r"จันทร์?",
    "วันอังคาร": r"อังคาร",
    "วันพุธ": r"พุธ",
    "วันพฤหัส": r"พฤหัส(?:บดี)?",
    "วันศุกร์": r"ศุกร์?",
    "วันเสาร์": r"เสาร์?",
    "วันอาทิตย์": r"อาทิตย์?",
    "วันหยุด": r"หยุด",
}
_DAY = re.compile("|".join(f"(?P<d{i}>(?:วัน)?{w})" for i, w in enumerate(_DAYS.values())))
_DENIED = re.compile(r"ไม่|บ่(?!าย)|ยกเว้น|เว้น|ถึง|-")
_FILLER = re.compile(r"วัน|ตอน|ช่วง|ทุก|เวลา|กับ|และ|หรือ|โทร(?:มา)?|ได้|เอา|ขอ|ว่าง|สะดวก|นะ|[\sๆ.,/]")
_WISH = re.compile(
    r"(?:ขอ|ให้|ช่วย|รบกวน|ค่อย|เจ้าหน้าที่|เขา)*โทร(?:มา|หา|กลับ|ไป)*\s?"
    r"((?:ตอน|ช่วง|หลัง|ก่อน|วัน|เวลา)*\s?(?:เช้า|สาย|เที่ยง|บ่าย|เย็น|ค่ำ|แลง|เลิกงาน|เสาร์|อาทิตย์"
    r"|(?:\d{1,2}|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ)\s?โมง(?:เช้า|เย็น)?)\S{0,8})"
)
"""«โทรมาตอนเย็นนะ», said at any step, is when to call, and no request to be called now."""
_LENGTH = 40
"""What the record of a lead holds."""


def with_days(base: Parser) -> Parser:
    """A parser of the time of day that keeps days that are named beside or instead of it."""

    def read(text: str, heard: Heard) -> Value:
        said = plain(text)
        days = _days(said)
        if not days:
            return base.read(text, heard)
        rest = _DAY.sub(" ", said)
        if not _FILLER.sub("", rest):
            return " ".join(days)
        value = base.read(rest, heard)
        shown = steps()["contact_time"].option_label(str(value), "th") or str(value)
        return f"{shown} {' '.join(days)}"[:_LENGTH]

    return replace(base, read=read, take=take)


def take(text: str) -> tuple[str, str] | None:
    """When to be called, and the rest of the message; «โทรเย็นได้ไหม» only asks."""
    said = clean(text)
    found = None if asks(said) else _WISH.search(said)
    return (found[1], f"{said[: found.start()]}{CUT}{said[found.end() :]}") if found else None


def _days(said: str) -> list[str]:
    """The days named; none when they are a span or days that don't suit."""
    found = [list(_DAYS)[int((m.lastgroup or "d0")[1:])] for m in _DAY.finditer(said)]
    days = list(dict.fromkeys(found))
    if days and (_DENIED.search(_DAY.sub(" ", said)) or len(days) > 2):
        raise Invalid("which")
    return days
