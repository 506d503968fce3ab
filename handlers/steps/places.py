"""Provinces, districts and tambons by geothai's official names, short forms and near misses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import geothai
from rapidfuzz import fuzz, process

from handlers.steps.outcome import Heard, Invalid, Parser, Value
from handlers.steps.text import clean, polite_off

_CLOSE_ENOUGH = 78
_ALIASES = {
    "กทม": "กรุงเทพมหานคร",
    "กรุงเทพ": "กรุงเทพมหานคร",
    "กรุงเทพฯ": "กรุงเทพมหานคร",
    "บางกอก": "กรุงเทพมหานคร",
    "โคราช": "นครราชสีมา",
    "อยุธยา": "พระนครศรีอยุธยา",
    "อยุดยา": "พระนครศรีอยุธยา",
    "แปดริ้ว": "ฉะเชิงเทรา",
    "ปากน้ำ": "สมุทรปราการ",
    "มหาชัย": "สมุทรสาคร",
    "แม่กลอง": "สมุทรสงคราม",
    "เมืองคอน": "นครศรีธรรมราช",
    "นครศรี": "นครศรีธรรมราช",
    "เมืองกาญ": "กาญจนบุรี",
    "เมืองกาญจน์": "กาญจนบุรี",
    "กาญจน์": "กาญจนบุรี",
    "เมืองจันท์": "จันทบุรี",
    "จันท์": "จันทบุรี",
    "เมืองสุพรรณ": "สุพรรณบุรี",
    "สุพรรณ": "สุพรรณบุรี",
    "พิดโลก": "พิษณุโลก",
    "พิดสนุโลก": "พิษณุโลก",
    "อุบล": "อุบลราชธานี",
    "อุดร": "อุดรธานี",
    "สารคาม": "มหาสารคาม",
    "สกล": "สกลนคร",
    "ศรีสะเกด": "ศรีสะเกษ",
    "สุราษ": "สุราษฎร์ธานี",
    "สุราษฎร์": "สุราษฎร์ธานี",
    "สุราด": "สุราษฎร์ธานี",
    "ประจวบ": "ประจวบคีรีขันธ์",
    "เพชรบูรณ": "เพชรบูรณ์",
    "เมืองเพชร": "เพชรบุรี",
    "แม่ฮ่องสอน": "แม่ฮ่องสอน",
    "หนองบัว": "หนองบัวลำภู",
    "ปทุม": "ปทุมธานี",
    "นนท์": "นนทบุรี",
    "นนทบุรี": "นนทบุรี",
    "ชล": "ชลบุรี",
    "กำแพง": "กำแพงเพชร",
    "เซียงใหม่": "เชียงใหม่",
    "เซียงฮาย": "เชียงราย",
    "บึงกาฬ": "บึงกาฬ",
}
_MARKS = re.compile(r"(?<![\u0e00-\u0e7f])[ตอจ]\s?\.|ตำบล|อำเภอ|จังหวัด|แขวง|เขต|,")
_MOST_PARTS = 5
"""More words than this tell a story, in which «เลย» and its like are no province."""
FILLER = re.compile(
    r"^(?:ผม|หนู|ดิฉัน|ฉัน|ข้อย|ยาย)?(?:อาศัย)?(?:อยู่ที่|อยู่|ที่อยู่|บ้านอยู่|บ้าน อยู่|แถว|)(?:จังหวัด|จ\.)?[:\s]*"
)


@dataclass(frozen=True, slots=True)
class Area:
    """A tambon with the names of all its levels, ready to compare."""

    code: str
    tambon: str
    district: str
    province: str
    keys: tuple[str, ...]
    """Comparable names: tambon, district, province in Thai, then in English."""
    postal: tuple[str, ...]


def key(name: str) -> str:
    """A name without spaces, dots, level words and silent marks, for comparing."""
    name = re.sub(r"[\s.'\-ฯ]", "", clean(name).lower())
    return re.sub(r"^(?:จังหวัด|อำเภอ|เขต|ตำบล|แขวง)", "", name)


@cache
def areas() -> tuple[Area, ...]:
    """All tambons of the country."""
    found = []
    for p in geothai.provinces():
        for d in geothai.districts(p.code):
            for s in geothai.subdistricts(d.code):
                names = (s.name_th, d.name_th, p.name_th, s.name_en, d.name_en, p.name_en)
                district = re.sub(r"^เขต", "", d.name_th)
                keys = tuple(key(name) for name in names)
                found.append(Area(s.code, s.name_th, district, p.name_th, keys, s.postal_codes))
    return tuple(found)


@cache
def area(code: str) -> Area | None:
    """The tambon of a six-digit code."""
    return next((a for a in areas() if a.code == code), None)


@cache
def names(level: int) -> dict[str, tuple[Area, ...]]:
    """Areas by their comparable name at a level (0 tambon, 1 district, 2 province)."""
    grouped: dict[str, list[Area]] = {}
    for a in areas():
        for name in {a.keys[level], a.keys[level + 3]}:
            grouped.setdefault(name, []).append(a)
    if level == 2:
        for alias, name in _ALIASES.items():
            grouped[key(alias)] = grouped[key(name)]
    return {name: tuple(found) for name, found in grouped.items()}


def province_of(words: str) -> str | None:
    """The province that words name: by name, short form, near miss or one of its districts."""
    name = key(FILLER.sub("", polite_off(words)))
    if not name:
        return None
    exact = names(2).get(name)
    if exact:
        return exact[0].province
    near = nearest(name, names(2))
    if near:
        return names(2)[near][0].province
    inside = {a.province for a in names(1).get(name, ())}
    return inside.pop() if len(inside) == 1 else _among(words)


def _among(words: str) -> str | None:
    """The one province among several words: «อ.บางพลี สมุทรปราการ»."""
    parts = [key(part) for part in _MARKS.sub(" ", polite_off(words)).split()]
    if len(parts) > _MOST_PARTS:
        return None
    named = {names(2)[part][0].province for part in parts if part in names(2)}
    inside = {a.province for part in parts for a in names(1).get(part, ())}
    found = named or inside
    return found.pop() if len(found) == 1 else None


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The most similar name, when it is similar enough for a typo."""
    if len(name) < 4:
        return None
    best = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return best[0] if best else None


def read_province(text: str, heard: Heard) -> Value:
    """The official name of the province."""
    found = province_of(text)
    if not found:
        raise Invalid("no_province")
    return found


PROVINCE = Parser(read_province, ("no_province",))
