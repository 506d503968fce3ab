"""An address down to the tambon, from one line or in pieces: «12 ม.4 ต.นาดี อ.เมือง สุรินทร์»."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from geothai.abolished import match_abolished

from handlers.steps.outcome import CUT, Choice, Heard, Invalid, More, Parser, Value
from handlers.steps.places import FILLER, Area, area, areas, key, names, nearest
from handlers.steps.text import clean, polite_off

MAX_CHOICES = 10
_BANGKOK = "10"
_LEVELS = ("tambon", "district", "province")
_MARK = {
    "tambon": r"ตำบล|แขวง|ต\s?\.|(?<![\u0e00-\u0e7f])ต(?=\s)|tambon|subdistrict",
    "district": r"กิ่งอำเภอ|อำเภอ|เขต|อ\s?\.|(?<![\u0e00-\u0e7f])อ(?=\s)|amphoe|amphur|district",
    "province": r"จังหวัด|จังหวัต|จ\s?\.|(?<![\u0e00-\u0e7f])จ(?=\s)|province|changwat",
}
_MARKS = re.compile("|".join(f"(?P<{level}>{words})" for level, words in _MARK.items()), re.I)
_POSTAL = re.compile(r"(?<!\d)[1-9]\d{4}(?!\d)")
_HOUSE = re.compile(r"(?:บ้านเลขที่|เลขที่|หมู่บ้าน|หมู่ที่|หมู่|ม\.|ซอย|ซ\.|ถนน|ถ\.|moo)\s*[^\s]+|\d+(?:/\d+)?")
_UNKNOWN = re.compile(r"^(?:ยัง)?(?:ไม่|บ่|ม่าย)(?:รู้|ฮู้|ทราบ|แน่ใจ)|จำ.{0,12}(?:ไม่|บ่)ได้|^ลืม")
_SAME = re.compile(r"(?:ที่อยู่|บ้าน|ที่)\S{0,4}(?:เดียวกัน|เดียวกับ|เดิม)|เหมือนเดิม|ที่เดิม")
_ALSO_A_WORD = "เลย"
"""A province, and the end of many a sentence («ส่งเลย»): glued on, it needs a place before it."""
_MUEANG = ("เมือง", "mueang", "muang")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a message names. Marked parts by level; `loose` words have no mark of their level."""

    tambon: str = ""
    district: str = ""
    province: str = ""
    loose: tuple[str, ...] = ()
    postal: str = ""
    line: str = ""


def read(text: str, heard: Heard) -> Value:
    """{"province", "district", "tambon", "code", "postal", "line"}."""
    code = re.match(r"^#(\d{6})$", clean(text))
    if code and (exact := area(code[1])):
        return _value(exact, heard.partial.get("line", ""))
    if _UNKNOWN.search(polite_off(text)):
        raise Invalid("unknown")
    if _SAME.search(polite_off(text)):
        raise Invalid("same")
    said = _heard(text)
    if heard.partial and (completed := _completed(said, heard.partial)) is not None:
        return completed
    found = _resolved(said)
    if found is None:
        raise Invalid("no_place")
    return found


def _heard(text: str) -> _Said:
    words = FILLER.sub("", polite_off(text).lower())
    postal = _POSTAL.search(words)
    words = _POSTAL.sub(" ", words).replace(",", " ")
    marks = list(_MARKS.finditer(words))
    head = words[: marks[0].start()] if marks else words
    house = " ".join(m[0].strip() for m in _HOUSE.finditer(head))
    loose = [w for w in _HOUSE.sub(" ", head).split() if len(key(w)) > 1]
    line = " ".join(head.split()) if marks else house
    marked: dict[str, str] = {}
    for mark, after in zip(marks, [*marks[1:], None][: len(marks)], strict=True):
        part = words[mark.end() : after.start() if after else len(words)].split()
        name, rest = _leading(part, _LEVELS.index(mark.lastgroup or "tambon"))
        marked.setdefault(mark.lastgroup or "tambon", name)
        loose += rest
    return _Said(**marked, loose=tuple(loose), postal=postal[0] if postal else "", line=line)


def _leading(words: list[str], level: int) -> tuple[str, list[str]]:
    """The words that make the name at this level («Chiang Mai» has two), and what follows."""
    for count in range(len(words), 1, -1):
        if key("".join(words[:count])) in names(level):
            return key("".join(words[:count])), words[count:]
    return (key(words[0]), words[1:]) if words else ("", [])


def _completed(said: _Said, partial: Mapping[str, str]) -> Value | None:
    """The address with what was understood before, unless the words name another place now."""
    try:
        return _resolved(_joined(said, partial))
    except More:
        if _is_elsewhere(_sorted(said), partial):
            return None
        raise


def _is_elsewhere(said: _Said, partial: Mapping[str, str]) -> bool:
    named = ((said.province, "province"), (said.district, "district"))
    return any(name and level in partial and name != key(partial[level]) for name, level in named)


def _joined(said: _Said, partial: Mapping[str, str]) -> _Said:
    """A message that completes what was understood before."""
    known = {level: key(partial[level]) for level in _LEVELS if level in partial}
    return replace(
        said,
        tambon=said.tambon or known.get("tambon", ""),
        district=said.district or known.get("district", ""),
        province=said.province or known.get("province", ""),
        line=said.line or partial.get("line", ""),
    )


def _resolved(said: _Said) -> Value | None:
    """The address, or raises More for what is missing; None: no place is named."""
    said = _sorted(said)
    if not (said.tambon or said.district or said.province):
        return _by_postal(said)
    pool = list(areas())
    if said.province:
        pool = [a for a in pool if _is(said.province, a, 2)]
    if said.district:
        pool = [a for a in pool if _is(said.district, a, 1)]
    if not pool:
        return None
    if said.tambon:
        return _with_tambon(said, pool)
    raise _without_tambon(said, pool)


def _is(name: str, place: Area, level: int) -> bool:
    if name in (place.keys[level], place.keys[level + 3]):
        return True
    return level == 1 and name in _MUEANG and place.code[2:4] == "01" and place.code[:2] != "10"


def _sorted(said: _Said) -> _Said:
    """Gives each loose word its level, province first; mends marked names that are nearly right."""
    loose = [part for word in said.loose for part in _unglued(word)]
    province = _province(said.province, marked=True) if said.province else ""
    alone = len(loose) == 1 and not said.district
    if not province:
        province, loose = _pick(loose, lambda w: _province(w, near=alone))
    pool = [a for a in areas() if not province or _is(province, a, 2)]
    district = _district(said.district, pool) if said.district else ""
    if not district:
        district, loose = _loose_district(loose, pool, said, bool(province))
    pool = [a for a in pool if not district or _is(district, a, 1)]
    tambon = said.tambon
    if not tambon:
        tambons = {a.keys[0] for a in pool} | {a.keys[3] for a in pool}
        tambon, loose = _pick(loose, lambda w: w if w in tambons else "")
    if not tambon and loose and province and district:
        tambon = key(loose[0])
    return replace(said, province=province, district=district, tambon=tambon, loose=tuple(loose))


def _pick(words: list[str], find: Callable[[str], str]) -> tuple[str, list[str]]:
    """The last word that `find` knows, as it knows it, and the words that remain."""
    for i in range(len(words) - 1, -1, -1):
        for width in (2, 1):
            whole = key("".join(words[max(0, i - width + 1) : i + 1]))
            if (found := find(whole)) and (width == 1 or i > 0):
                return found, words[: max(0, i - width + 1)] + words[i + 1 :]
    return "", words


def _province(name: str, *, near: bool = False, marked: bool = False) -> str:
    known = names(2)
    if name in known:
        return known[name][0].keys[2]
    if marked or (near and name not in names(1) and name not in names(0)):
        guess = nearest(name, known)
        return known[guess][0].keys[2] if guess else ""
    return ""


def _district(name: str, pool: list[Area]) -> str:
    if any(_is(name, a, 1) for a in pool):
        return name
    longer = {a.keys[1] for a in pool if len(name) > 3 and a.keys[1].endswith(name)}
    if len(longer) == 1:
        return longer.pop()
    return nearest(name, {a.keys[1] for a in pool}) or name


def _loose_district(
    loose: list[str], pool: list[Area], said: _Said, has_province: bool
) -> tuple[str, list[str]]:
    """«เมือง» means the capital district only once the province is known."""
    known = {a.keys[1] for a in pool} | {a.keys[4] for a in pool}
    if has_province:
        known |= set(_MUEANG)
    district, rest = _pick(loose, lambda w: w if w in known else "")
    if district or not has_province or said.tambon or len(loose) != 1:
        return district, rest
    tambons = {a.keys[0] for a in pool}
    guess = nearest(key(loose[0]), known) if key(loose[0]) not in tambons else None
    return (guess, []) if guess else ("", loose)


def _unglued(word: str) -> list[str]:
    """«คลองแหหาดใหญ่สงขลา» as its three names; a word that is a name stays whole."""
    name = key(word)
    if any(name in names(level) for level in (0, 1, 2)):
        return [word]
    for last in sorted(names(2), key=len, reverse=True):
        if name.endswith(last) and len(name) > len(last) + 1:
            head, province = name[: -len(last)], names(2)[last][0].keys[2]
            parts = _unglued_district(head, province)
            if last == _ALSO_A_WORD and len(parts) == 1 and not _is_place(head):
                continue
            return [*parts, last]
    return [word]


def _is_place(name: str) -> bool:
    return name in names(0) or name in names(1)


def _unglued_district(name: str, province: str) -> list[str]:
    districts = {a.keys[1] for a in areas() if a.keys[2] == province} | {"เมือง"}
    for last in sorted(districts, key=len, reverse=True):
        if name.endswith(last) and len(name) > len(last) + 1:
            return [name[: -len(last)], last]
    return [name]


def _with_tambon(said: _Said, pool: list[Area]) -> Value:
    found = [a for a in pool if _is(said.tambon, a, 0)]
    if len(found) > 1 and said.postal:
        found = [a for a in found if said.postal in a.postal] or found
    if len(found) == 1:
        return _value(found[0], said.line)
    if found:
        raise _which(found, said)
    renamed = _renamed(said, pool)
    if renamed:
        raise More("renamed", {"line": said.line}, _choices(renamed), name=said.tambon)
    near = nearest(said.tambon, {a.keys[0] for a in pool})
    if near:
        close = [a for a in pool if a.keys[0] == near]
        raise More("did_you_mean", {"line": said.line}, _choices(close), name=close[0].tambon)
    if not said.province and not said.district:
        raise Invalid("no_place")
    raise _without_tambon(said, pool)


def _which(found: list[Area], said: _Said) -> More:
    partial = {"tambon": found[0].tambon, "line": said.line}
    if said.province:
        partial["province"] = found[0].province
    return More("which_tambon", partial, _choices(found), name=found[0].tambon)


def _without_tambon(said: _Said, pool: list[Area]) -> More:
    """Asks for the next lower level that is not known yet."""
    provinces = {a.province for a in pool}
    districts = {(a.district, a.province) for a in pool}
    first = pool[0]
    if len(districts) == 1:
        partial = {"province": first.province, "district": first.district, "line": said.line}
        choices = _choices(pool) if len(pool) <= MAX_CHOICES else ()
        level = "แขวง" if first.code.startswith(_BANGKOK) else "ตำบล"
        return More("need_tambon", partial, choices, district=_titled(first), level=level)
    if len(provinces) == 1:
        levels = "เขตกับแขวง" if first.code.startswith(_BANGKOK) else "อำเภอกับตำบล"
        partial = {"province": first.province, "line": said.line}
        return More("need_district", partial, province=first.province, levels=levels)
    if said.district in _MUEANG:
        return More("need_province", {"district": said.district, "line": said.line})
    where = sorted(provinces)[:MAX_CHOICES]
    choices = tuple(Choice(p, f"อ.{said.district} จ.{p}") for p in where)
    return More("which_district", {"line": said.line}, choices, name=first.district)


def _titled(place: Area) -> str:
    """อำเภอบ้านไผ่, เขตดินแดง."""
    word = "เขต" if place.code.startswith(_BANGKOK) else "อำเภอ"
    return word + place.district


def _renamed(said: _Said, pool: list[Area]) -> list[Area]:
    """The tambons of today that took over one of an old name."""
    codes = {a.code[:2] for a in pool} if said.province else set()
    old = [a for a in match_abolished(said.tambon) if not codes or a.code[:2] in codes]
    return [a for one in old for code in one.successors if (a := area(code))][:MAX_CHOICES]


def _by_postal(said: _Said) -> Value | None:
    """Only a postal code: its tambons when they are few, else its district or province."""
    found = [a for a in areas() if said.postal and said.postal in a.postal]
    if not found:
        return None
    if len(found) <= MAX_CHOICES:
        raise _which_of(found, said)
    raise _without_tambon(said, found)


def _which_of(found: list[Area], said: _Said) -> More:
    return More("which_tambon", {"line": said.line}, _choices(found), name=said.postal)


def _choices(found: list[Area]) -> tuple[Choice, ...]:
    """Buttons that tell the places apart: by tambon within one district, else by where they are."""
    one_district = len({a.code[:4] for a in found}) == 1
    return tuple(
        Choice(a.tambon if one_district else f"{a.district} {a.province}", f"#{a.code}")
        for a in found[:MAX_CHOICES]
    )


def _value(place: Area, line: str) -> Value:
    return {
        "province": place.province,
        "district": place.district,
        "tambon": place.tambon,
        "code": place.code,
        "postal": place.postal[0],
        "line": line,
    }


_HOUSE_BEFORE = re.compile(
    r"(?:(?:บ้านเลขที่|เลขที่)\s*)?\d+(?:/\d+)?\s*(?:(?:ม\.|หมู่ที่|หมู่)\s*\d+\s*)?"
    r"(?:(?:บ้าน|ซอย|ถนน|ซ\.|ถ\.)\S+\s*)*$"
)


_SOMETHING_ELSE = re.compile(
    rf"(?<=\s)(?:\{CUT}|อาชีพ|ทางเลือก|เลือก|แบบ|โทร|เบอร์|เกิด|ชื่อ|บัตร|ไม่มี|ทำ|ขาย|รับจ้าง|สนใจ|เอา)"
)
"""Where a message that answers many questions goes on after the address."""


def take(text: str) -> tuple[str, str] | None:
    """An address with marks (ต. อ. จ.) inside a longer message, its house number with it."""
    words = clean(text)
    marks = list(_MARKS.finditer(words))
    if len({m.lastgroup for m in marks}) < 2:
        return None
    house = _HOUSE_BEFORE.search(words[: marks[0].start()])
    start = house.start() if house else marks[0].start()
    after = _SOMETHING_ELSE.search(words, marks[-1].end())
    end = after.start() if after else len(words)
    rest = f"{words[:start].strip()} {CUT if after else ''} {words[end:].strip()}"
    return words[start:end].strip(), rest.strip()


ADDRESS = Parser(
    read,
    (
        "no_place",
        "unknown",
        "same",
    ),
    (
        "need_district",
        "need_tambon",
        "need_province",
        "which_tambon",
        "which_district",
        "did_you_mean",
        "renamed",
    ),
    take,
)
