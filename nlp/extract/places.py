"""Province, district and tambon named in a message, from the official lists and from how
people call them.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import geothai

from nlp.extract.spans import Sign, Span, overlaps
from nlp.numbers import WORDS
from nlp.tokens import LEXICON

_PROVINCE_WORD = re.compile(r"(?:จังหวัด|จว\.|จ\.) ?$")
_DISTRICT_WORD = re.compile(r"(?:อำเภอ|กิ่งอำเภอ|อ\.|เขต) ?")
_TAMBON_WORD = re.compile(r"(?:ตำบล|แขวง|(?<![\u0e00-\u0e7f])ต\.) ?")
_LIVES = re.compile(r"(?<!ยัง)(?:อยู่|คน|(?<!กลับ)บ้าน|แถว|ไป|จาก)(?:ที่|แถว)? ?$")
_SPEAKS_ON = re.compile(r"$| |ค่ะ|คะ|ครับ|คับ|จ้า|เจ้า|นะ|มี|สมัคร|ต้อง|ไป")
_EVEN = re.compile(r"ยัง|ก็|ทำ|ไม่|บ่|เคย")
"""«ยังทำนาอยู่เลย» is no place."""
_STARTS = re.compile(r"(?:อยู่|มี|ไป|ต้อง)")
"""What follows a province that opens a message, as in «น่านมีสาขาไหม»."""
_NUMBER_BEFORE = re.compile(rf"(?:\d|{WORDS}) ?$")
_HERE = re.compile(
    r"(?:รพ\.? ?|โรงพยาบาล|โรงบาล|อยู่(?:ที่|แถว)?|แถว|สาขา|ที่|คน|บ้าน|จาก|ประกันสังคม|เมือง"
    r"|ใน|ไป|^|[,(]) ?$"
)
_SHORTEST_ENGLISH = 4
"""Nan, Tak, Yala and Trat are other words in Latin letters too."""
_SHORTEST_BARE = 5
"""A district without its word อำเภอ counts only when its name is at least this long, after a
word of place.
"""


@dataclass(slots=True)
class Place:
    """Official Thai names, without the words จังหวัด, อำเภอ, ตำบล."""

    province: str | None = None
    district: str | None = None
    tambon: str | None = None


@cache
def _province_codes() -> Mapping[str, str]:
    return {province.name_th: province.code for province in geothai.provinces()}


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads((LEXICON / "places.toml").read_text(encoding="utf-8"))


@cache
def _names() -> tuple[Mapping[str, Mapping[str, str]], frozenset[str]]:
    """Province names by their first two letters (fast to scan for), and those that need a word
    before them.
    """
    lexicon = _lexicon()
    english = {
        said: province.name_th
        for province in geothai.provinces()
        for said in (province.name_en.lower(), province.name_en.lower().replace(" ", ""))
        if len(said) > _SHORTEST_ENGLISH
    }
    names = {name: name for name in _province_codes()} | english | lexicon["names"]
    by_start: dict[str, dict[str, str]] = {}
    for name in sorted(names, key=len, reverse=True):
        by_start.setdefault(name[:2], {})[name] = names[name]
    return by_start, frozenset(lexicon["needs_word"])


@cache
def _district_nicknames() -> Mapping[str, str]:
    nicknames: dict[str, str] = _lexicon()["district_names"]
    return nicknames


@cache
def _district_names() -> Mapping[str, str]:
    """What people say → the official name, nicknames and all."""
    return {name: name for name in _districts()} | dict(_district_nicknames())


@cache
def _districts() -> Mapping[str, tuple[str, ...]]:
    """District name → codes of the provinces that have one of that name."""
    out: dict[str, list[str]] = {}
    for code in _province_codes().values():
        for district in geothai.districts(code):
            out.setdefault(district.name_th.removeprefix("เขต"), []).append(code)
    return {name: tuple(codes) for name, codes in out.items()}


@cache
def _districts_of(province: str) -> tuple[str, ...]:
    """Longest first."""
    code = _province_codes()[province]
    return tuple(sorted((n for n, codes in _districts().items() if code in codes), key=len)[::-1])


@cache
def _tambons() -> frozenset[str]:
    return frozenset(
        tambon.name_th
        for code in _province_codes().values()
        for district in geothai.districts(code)
        for tambon in geothai.subdistricts(district.code)
    )


@cache
def _district_starts() -> Mapping[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for name in sorted(_districts(), key=len, reverse=True):
        if len(name) >= _SHORTEST_BARE:
            out.setdefault(name[:3], []).append(name)
    return {start: tuple(names) for start, names in out.items()}


def warm_up() -> None:
    """Read the lists now, not at the first message."""
    _names(), _districts(), _tambons(), _district_starts(), _district_names()


def find_places(text: str) -> tuple[Place, list[Span]]:
    """The first of each kind. A district that only one province has also says the province."""
    place, spans = Place(), list[Span]()
    _tambon(text, place, spans)
    _district(text, place, spans)
    _province(text, place, spans)
    _beside_province(text, place, spans)
    _bare_district(text, place, spans)
    _nicknamed_district(text, place, spans)
    if place.district == "เมือง":
        place.district = None if place.province is None else f"เมือง{place.province}"
    if place.district is not None and place.province is None:
        codes = _districts().get(place.district, ())
        if len(set(codes)) == 1:
            place.province = next(
                name for name, code in _province_codes().items() if code == codes[0]
            )
    return place, spans


def _longest(text: str, start: int, names: Iterable[str] | Mapping[str, object]) -> str | None:
    known = names if isinstance(names, Mapping | frozenset) else frozenset(names)
    for end in range(min(len(text), start + 24), start + 1, -1):
        if text[start:end] in known:
            return text[start:end]
    return None


def _tambon(text: str, place: Place, spans: list[Span]) -> None:
    for word in _TAMBON_WORD.finditer(text):
        name = _longest(text, word.end(), _tambons())
        if name is not None:
            place.tambon = name
            spans.append(Span(word.end(), word.end() + len(name), Sign.PLACE))
            return


def _district(text: str, place: Place, spans: list[Span]) -> None:
    for word in _DISTRICT_WORD.finditer(text):
        said = _longest(text, word.end(), _district_names())
        name = None if said is None else _district_names()[said]
        if name is None and text.startswith("เมือง", word.end()):
            name = "เมือง"
        if name is not None:
            place.district = name
            spans.append(Span(word.end(), word.end() + len(said or name), Sign.PLACE))
            return


def _province(text: str, place: Place, spans: list[Span]) -> None:
    by_start, needs_word = _names()
    for at in range(len(text) - 1):
        names = by_start.get(text[at : at + 2])
        if names is None or overlaps(at, at + 1, spans):
            continue
        name = next((n for n in names if text.startswith(n, at)), None)
        if (
            name is None
            or (name in needs_word and not _is_place(text, at, name, place))
            or _inside_word(text, at, name)
        ):
            continue
        place.province = names[name]
        if (
            place.district is None
            and text[:at].endswith("เมือง")
            and f"เมือง{place.province}" in _districts()
        ):
            place.district = f"เมือง{place.province}" if place.tambon else None
        spans.append(Span(at, at + len(name), Sign.PLACE))
        return


def _is_place(text: str, at: int, name: str, place: Place) -> bool:
    """Whether a name that is also an everyday word stands where only a place can."""
    if _PROVINCE_WORD.search(text[:at]) is not None:
        return True
    if _LIVES.search(text[:at]) and _SPEAKS_ON.match(text, at + len(name)):
        return name != "เลย" or not _EVEN.search(text[:at])
    if at == 0 and name != "เลย" and _STARTS.match(text, len(name)):
        return True
    after_district = place.district is not None or _known_district_before(text[:at])
    return after_district and text[:at].endswith(" ")


def _known_district_before(before: str) -> bool:
    return before.split()[-1:] != [] and before.split()[-1] in _districts()


def _inside_word(text: str, at: int, name: str) -> bool:
    """A name in Latin letters must be a word of its own; a Thai one must not go on with a
    vowel or mark.
    """
    after = text[at + len(name) : at + len(name) + 1]
    if name == "ร้อยเอ็ด":  # also one hundred and one
        return (
            _NUMBER_BEFORE.search(text[:at]) is not None
            or text[at + len(name) :].lstrip()[:3] == "บาท"
        )
    if name.isascii():
        return (at > 0 and text[at - 1].isalpha()) or after.isalpha()
    return bool(after) and "\u0e30" <= after <= "\u0e4e" and after not in "เแโใไ"


def _beside_province(text: str, place: Place, spans: list[Span]) -> None:
    """«ยะลาเบตง», «แม่สอด ตาก»: a district next to its province needs no word."""
    if place.district is not None or place.province is None:
        return
    start, end, _ = spans[-1]
    after = end + (text[end : end + 1] == " ")
    before = text[:start].rstrip()
    for name in _districts_of(place.province):
        if text.startswith(name, after) and not _inside_word(text, after, name):
            at = after
        elif before.endswith(name) and len(name) > _SHORTEST_ENGLISH:
            at = len(before) - len(name)
        else:
            continue
        place.district = name
        spans.append(Span(at, at + len(name), Sign.PLACE))
        return


def _nicknamed_district(text: str, place: Place, spans: list[Span]) -> None:
    if place.district is not None:
        return
    for said, name in _district_nicknames().items():
        at = text.find(said)
        if at >= 0 and not overlaps(at, at + len(said), spans):
            codes = _districts()[name]
            if place.province is None or _province_codes()[place.province] in codes:
                place.district = name
                spans.append(Span(at, at + len(said), Sign.PLACE))
                return


def _bare_district(text: str, place: Place, spans: list[Span]) -> None:
    if place.district is not None:
        return
    starts = _district_starts()
    wanted = None if place.province is None else _province_codes()[place.province]
    for at in range(len(text) - _SHORTEST_BARE + 1):
        for name in starts.get(text[at : at + 3], ()):
            if (
                not text.startswith(name, at)
                or overlaps(at, at + len(name), spans)
                or _inside_word(text, at, name)
            ):
                continue
            codes = _districts()[name]
            after_place_word = _HERE.search(text[:at]) is not None or (
                place.tambon is not None and text[at - 1] == " "
            )
            if (wanted in codes and (after_place_word or text[at - 1] == " ")) or (
                wanted is None and len(codes) == 1 and after_place_word and name not in _COMMON
            ):
                place.district = name
                spans.append(Span(at, at + len(name), Sign.PLACE))
                return


_COMMON = frozenset(("โพธิ์ทอง", "ท่าเรือ", "บางกล่ำ", "สามพราน", "โพนทอง", "บ้านหมอ", "นาหมื่น", "สองแคว"))
"""Districts whose names are said for other things as well."""
