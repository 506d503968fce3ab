"""Occupations, other schemes, and whether someone lay in hospital: words with one meaning
each, from the lexicon.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache

from nlp.numbers import WORDS
from nlp.tokens import LEXICON

_NOT_ADMITTED = re.compile(
    r"(?:ไม่ได้|บ่ได้|ไม่|บ่|ไม่ต้อง)(?: ?นอน|แอดมิ|เข้าพัก| admit)|ผู้ป่วยนอก|\bopd\b"
    r"|แล้วกลับบ้าน|(?:แค่|เพียง)(?:ไป)?หาหมอ|หาหมอเฉย"
)
_RESTED = re.compile(
    r"(?:หมอ|แพทย์)(?:เขา)?(?:ให้|สั่ง|บอกให้)?(?:หยุด|พัก)|ให้หยุด|พักรักษาตัวที่บ้าน|พักที่บ้าน|พักฟื้นที่บ้าน"
    r"|\bdoctor (?:say|said|says|told|tell)[a-z ]{0,12}rest\b"
)
_HOSPITAL = r"(?:โรงพยาบาล|โรงบาล|โรงบาน|โฮงบาล|โฮงยา|โฮงหมอ|รพ)"
_ADMITTED = re.compile(
    rf"นอน(?:อยู่|พัก|รักษาตัว|รักษา)?(?:ที่)? ?{_HOSPITAL}|แอดมิ[ทดต]|\badmit|ผู้ป่วยใน"
    rf"|(?:อยู่|เข้า|พักรักษาตัวใน) ?{_HOSPITAL} ?(?:มา)? ?(?:\d|หนึ่ง|สอง|สาม|สี่|ห้า|หก"
    rf"|เจ็ด|แปด|เก้า|สิบ|อาทิตย์|เป็น|หลาย|คืน)|นอน ?(?:มา)? ?(?:\d+|{WORDS}) ?คืน ?{_HOSPITAL}"
    r"|\b(?:stay|stayed|in|at) (?:the |a )?hospital\b"
)
_BOTH = re.compile(
    r"(?:หยุด|พัก)[ก-๙ \d]{0,16}(?:กับ|และ)[ก-๙ ]{0,6}นอน"
    r"|นอน[ก-๙ \d]{0,24}(?:กับ|และ)[ก-๙ ]{0,12}(?:หยุด|พัก)"
)
"""Nights in hospital and days at home in one message."""

_GRAVEST = ("death", "disability", "child", "old_age", "sickness")


@cache
def _groups() -> Mapping[str, tuple[re.Pattern[str], Mapping[str, str]]]:
    """A table's name → one pattern, and which id each of its groups stands for.

    Alternatives are told apart by their first letter before they are tried: three times as fast.
    """
    lexicon = tomllib.loads((LEXICON / "groups.toml").read_text(encoding="utf-8"))
    out = {}
    for table, ids in lexicon.items():
        ranked = [(pattern, name) for name, patterns in ids.items() for pattern in patterns]
        by_letter: dict[str, list[str]] = {}
        for i, (pattern, _) in enumerate(ranked):
            letter = f"(?={pattern[0]})" if pattern[0].isalnum() or pattern[0] >= "\u0e01" else ""
            by_letter.setdefault(letter, []).append(f"(?P<g{i}>{pattern})")
        whole = "|".join(f"{letter}(?:{'|'.join(found)})" for letter, found in by_letter.items())
        out[table] = (re.compile(whole), {f"g{i}": name for i, (_, name) in enumerate(ranked)})
    return out


def _all(table: str, text: str) -> tuple[str, ...]:
    pattern, ids = _groups()[table]
    return tuple(dict.fromkeys(ids[m.lastgroup] for m in pattern.finditer(text) if m.lastgroup))


def find_occupation(text: str) -> str | None:
    """The first occupation named; selling on the net counts as that even when said in two parts."""
    found = _all("occupation", text)
    if "online_seller" in found and found[0] == "vendor":
        return "online_seller"
    if len(found) > 1 and found[0] == "labourer":
        return found[1]
    return found[0] if found else None


def find_schemes(text: str) -> tuple[str, ...]:
    """Other schemes named, in order, each once."""
    return _all("scheme", text)


def without_named(text: str) -> str:
    """What a message says besides the schemes, occupations and benefits it names."""
    for table in ("scheme", "occupation", "benefit"):
        text = _groups()[table][0].sub(" ", text)
    return text


def find_benefit(text: str) -> str | None:
    """The benefit a claim is about; the gravest when several are told of, since the rest led
    to it.
    """
    found = _all("benefit", text)
    return min(found, key=_GRAVEST.index) if found else None


def in_hospital(text: str) -> bool | None:
    """True: lay in hospital. False: surely didn't. None: not said."""
    if _NOT_ADMITTED.search(text):
        return False
    admitted, rested = _ADMITTED.search(text), _RESTED.search(text)
    if admitted and rested:
        return None if _BOTH.search(text) else False
    return True if admitted else False if rested else None


def warm_up() -> None:
    """Compile the patterns now, not at the first message."""
    _groups()
