"""An illness in parts: the days in hospital, the days of rest ordered after them, the visits."""

import re
from dataclasses import dataclass

from nlp.numbers import NUMBER, value_of

_COUNTED = rf"({NUMBER}) ?(วัน|คืน|มื้อ|อาทิตย์|สัปดาห์)(?!ละ|ที่แล้ว|ก่อน)"
_HOSPITAL = r"โรงพยาบาล|โรงบาล|โรงบาน|โฮงบาล|โฮงยา|โฮงหมอ|รพ|แอดมิ[ทดต]|admit"
_STAY = re.compile(rf"(?:นอน|{_HOSPITAL})(?:(?!พัก|หยุด)[ก-๙ .]){{0,16}}?{_COUNTED}")
_REST = re.compile(rf"(?:พัก|หยุด)(?:(?!นอน|{_HOSPITAL})[ก-๙ .]){{0,20}}?{_COUNTED}")
_VISITS = re.compile(
    r"(?:(?:หา|พบ)(?:หมอ|แพทย์)|ไปหมอ|ผู้ป่วยนอก|opd|คลินิก)[ก-๙ ]{0,14}?"
    rf"({NUMBER}) ?(?:ครั้ง|หน|รอบ|เที่ยว)"
)
_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Spell:
    """None: not told. The days only where both kinds are."""

    stay_days: int | None = None
    rest_days: int | None = None
    visits: int | None = None


def find_spell(text: str) -> Spell:
    """«นอน รพ. 7 วัน หมอให้พักอีก 10 วัน», «หาหมอ 2 ครั้ง»."""
    stay, rest, visits = _STAY.search(text), _REST.search(text), _VISITS.search(text)
    seen = value_of(visits[1]) if visits else None
    if stay is None or rest is None or stay.start(1) == rest.start(1):
        return Spell(visits=seen)
    return Spell(_days(stay), _days(rest), seen)


def _days(counted: re.Match[str]) -> int | None:
    value = value_of(counted[1])
    weeks = counted[2] in ("อาทิตย์", "สัปดาห์")
    return value * _DAYS_A_WEEK if value and weeks else value
