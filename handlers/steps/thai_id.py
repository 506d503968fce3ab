"""The 13-digit ID number, with its check digit, or the wish not to give it."""

import re

from stdnum.th import pin

from handlers.steps.outcome import Heard, Invalid, Parser, Value, without
from handlers.steps.text import clean, digits_misread, digits_spoken, plain

SKIP = "skip"
LENGTH = 13
_DECLINE = re.compile(
    r"^(?:ขอ)?(?:ข้าม|ไม่|บ่|skip|no\b|pass|-$|เดี๋ยว(?:$|ค่อย|ก่อน|บอก|ให้|\s?ทีหลัง)|ไว้|ยังไม่|ขอไม่|จำ.*ไม่|กลัว|ลืม|ไม)|ทีหลัง"
)
_GROUPED = re.compile(r"(?<!\d)\d(?:[ \-.]?\d){12}(?!\d)")


def read(text: str, heard: Heard) -> Value:
    """The digits alone, or SKIP."""
    written = digits_misread(digits_spoken(clean(text)))
    digits = re.sub(r"\D", "", written)
    if not digits:
        if _DECLINE.search(plain(text)):
            return SKIP
        raise Invalid("no_number")
    if len(digits) != LENGTH:
        raise Invalid("length", count=str(len(digits)))
    if digits.startswith("00"):
        raise Invalid("card_kind")
    if not has_good_check_digit(digits):
        raise Invalid("check")
    return digits


def has_good_check_digit(digits: str) -> bool:
    """Ours and not pin.validate: that refuses a first digit 0, which is a card that may join."""
    return (
        len(digits) == LENGTH
        and not digits.startswith("9")
        and bool(pin.calc_check_digit(digits) == digits[-1])
    )


def take(text: str) -> tuple[str, str] | None:
    """A whole ID number inside a longer message."""
    written = digits_spoken(clean(text))
    for found in _GROUPED.finditer(written):
        digits = re.sub(r"\D", "", found[0])
        if has_good_check_digit(digits) and not digits.startswith("00"):
            return digits, without(written, found)
    return None


ID_NUMBER = Parser(read, ("no_number", "length", "card_kind", "check"), take=take)
