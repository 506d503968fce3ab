"""A person's name: title, first name and surname, however they are run together."""

import re
from functools import cache
from pathlib import Path

from pythainlp.corpus import thai_family_names, thai_female_names, thai_male_names

from handlers.steps.outcome import Heard, Invalid, More, Parser, Value, without
from handlers.steps.text import asks, clean, polite_off

MAX_LENGTH = 60
_TITLES = {
    "นางสาว": r"นางสาว|น\.\s?ส\.?|นส\.|นส(?=\s)|miss\b|ms\b\.?",
    "นาง": r"นาง(?!สาว)|mrs\b\.?",
    "นาย": r"นาย|mr\b\.?",
    "ด.ช.": r"เด็กชาย|ด\.\s?ช\.?|ดช\.",
    "ด.ญ.": r"เด็กหญิง|ด\.\s?ญ\.?|ดญ\.",
    "ว่าที่ ร.ต.หญิง": r"ว่าที่\s?(?:ร\.?\s?ต\.?|ร้อยตรี)\s?หญิง",
    "ว่าที่ ร.ต.": r"ว่าที่\s?(?:ร\.?\s?ต\.?|ร้อยตรี)",
    "ว่าที่ ร.ท.": r"ว่าที่\s?(?:ร\.?\s?ท\.?|ร้อยโท)",
    "ว่าที่ ร.อ.": r"ว่าที่\s?(?:ร\.?\s?อ\.?|ร้อยเอก)",
    "ด.ต.": r"ดาบตำรวจ|ด\.\s?ต\.?|ดต\.",
    "ร.ต.ต.": r"ร\.ต\.ต\.?|ร้อยตำรวจตรี",
    "ร.ต.ท.": r"ร\.ต\.ท\.?|ร้อยตำรวจโท",
    "ร.ต.อ.": r"ร\.ต\.อ\.?|ร้อยตำรวจเอก",
    "พ.ต.ต.": r"พ\.ต\.ต\.?|พันตำรวจตรี",
    "พ.ต.ท.": r"พ\.ต\.ท\.?|พันตำรวจโท",
    "พ.ต.อ.": r"พ\.ต\.อ\.?|พันตำรวจเอก",
    "ส.ต.ต.": r"ส\.ต\.ต\.?|สิบตำรวจตรี",
    "ส.ต.ท.": r"ส\.ต\.ท\.?|สิบตำรวจโท",
    "ส.ต.อ.": r"ส\.ต\.อ\.?|สิบตำรวจเอก",
    "จ.ส.ต.": r"จ\.ส\.ต\.?|จ่าสิบตำรวจ",
    "จ.ส.อ.": r"จ\.ส\.อ\.?|จ่าสิบเอก",
    "จ.ส.ท.": r"จ\.ส\.ท\.?|จ่าสิบโท",
    "ส.ต.": r"ส\.ต\.?|สิบตรี",
    "ส.ท.": r"ส\.ท\.?|สิบโท",
    "ส.อ.": r"ส\.อ\.?|สิบเอก",
    "ร.ต.": r"ร\.ต\.?|ร้อยตรี",
    "ร.ท.": r"ร\.ท\.?|ร้อยโท",
    "ร.อ.": r"ร\.อ\.?|ร้อยเอก",
    "พ.ต.": r"พ\.ต\.?|พันตรี",
    "พ.ท.": r"พ\.ท\.?|พันโท",
    "พ.อ.": r"พ\.อ\.?|พันเอก",
    "ม.ล.": r"ม\.ล\.?|หม่อมหลวง",
    "ม.ร.ว.": r"ม\.ร\.ว\.?|หม่อมราชวงศ์",
    "ดร.": r"ดร\.",
    "ผศ.": r"ผศ\.",
    "รศ.": r"รศ\.",
}
_COMBINING = "ัิีึืฺุู็่้๊๋์ํๅะำา"
_TITLE = re.compile(
    r"^(?:"
    + "|".join(f"(?P<t{i}>{words})" for i, words in enumerate(_TITLES.values()))
    + rf")\s*(?![{_COMBINING}])",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:ผม|ดิฉัน|ฉัน|หนู|เฮา|ข้อย|ยาย|ตา|แม่|พ่อ|ป้า|ลุง|แก|เขา)?\s*"
    r"(?:ชื่อจริง|ชื่อว่า|ชื่อ|ซื่อ)[:\s]*|(?:my )?name(?: is)?[:\s]+)",
    re.IGNORECASE,
)
_SURNAME = re.compile(r"\s*(?:นามสกุล|นามสะกุล|สกุล|surname|lastname)[:\s]*")
_ONLY_SURNAME = re.compile(
    r"^(?:แค่)?(?:นามสกุล|นามสะกุล)(?:จริง|ๆ|ผิด|ที่ถูก|ต้อง|เปลี่ยน|แก้|เป็น|คือ|ไม่ใช่|[:\s])*(\S+)$"
)
"""«นามสกุลต้องเป็น ขยันยิ่ง»: the first name is known."""
_IN_A_MESSAGE = re.compile(
    r"(?:^|(?<=[\s|,]))(?:(?:ผม|ดิฉัน|ฉัน|หนู|แม่|พ่อ|ยาย|ป้า|ลุง)?\s?ชื่อ(?:จริง|ว่า)?[:\s]*"
    r"|(?=(?:นางสาว|นาง|นาย|น\.\s?ส\.)\s?[ก-ฮเ-ไ]{2}))"
    r"((?:น\.\s?ส\.)?[ก-๙]{2,}\s+(?:นามสกุล\s*|สกุล\s*)?"
    r"(?!เบอร์|เกิด|อยู่|อายุ|เลข|บัตร|โทร|บ้าน|ทำ|ขาย|ไม่|ตำบล|อำเภอ|จังหวัด)[ก-๙]{2,})(?=[\s|,]|$)"
)
"""A name that is called one, or has a title, with a surname behind it."""
_PET_NAME = re.compile(
    r"(?:^|\s)(?:ชื่อ)?เล่น(?:ว่า|ชื่อ)?\s*\S+(?=\s+\S)|(?<=\S)\s+(?:ชื่อ)?เล่น(?:ว่า|ชื่อ)?\s*\S+$"
)
_NICKNAME = re.compile(r"[(\[][^)\]]*[)\]]")
_NO_SURNAME = re.compile(r"^(?:ไม่มี|บ่มี|ไม่ได้ใช้|-)\s*(?:นามสกุล|สกุล)?$")
_LETTERS = re.compile(r"^[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4ea-zA-Z.'\- ]+$")
_TALKING = re.compile(r"ไม่|ก็ได้|จัง|(?:เลย|แล้ว|ก่อน|อยู่)$")
"""«พิมพ์ไม่เป็น», «งงจังเลย»: no first name that waits for a surname."""
_PLAIN_ENDING = re.compile(r"^\S+ \S{2,}(?:กา|ก่อ)$")
"""Surnames end so, and questions of the North, but those have no first name before it."""
_NOT_NAMES = frozenset(
    Path(__file__).with_name("not_names.txt").read_text(encoding="utf-8").split()
)
"""Words of a talk that are no name when they stand alone."""
_NOT_NAME = re.compile(
    r"ต้องเป็น|^(?:ไม่|ยังไม่|อยาก|ขอ|ทำไม|จะ)(?![่-๋])|ประกันสังคม|มาตรา|ทางเลือก|สมัครยัง|อยากสมัคร|(?:^|\s)(?:[ตอจ]\.|(?:เบอร์|เอา)(?:ผิด|โทร|\s|$))|http|www\.|@"
)


def read(text: str, heard: Heard) -> Value:
    """{"title", "first", "last"}; the title may be empty."""
    words = clean(text).replace('"', " ").replace(",", " ").replace("“", " ").replace("”", " ")
    words = polite_off(words).strip(" .!~")
    if "first" in heard.partial:
        return _with_surname(words, heard)
    if only := _ONLY_SURNAME.match(words):
        return _other_surname(only[1], heard)
    title, rest = _titled(_OPENING.sub("", _PET_NAME.sub("", words.strip())))
    rest = _NICKNAME.sub(" ", rest).strip()
    _refuse(rest or words, text, titled=bool(title))
    first, last = _parts(rest)
    if not last:
        raise More("need_last", {"title": title, "first": _written(first)}, first=_written(first))
    return {"title": title, "first": _written(first), "last": _written(last)}


def _other_surname(last: str, heard: Heard) -> Value:
    """The name given before with another surname."""
    before = heard.answers.get("name")
    if before is None or isinstance(before, str):
        raise Invalid("not_name")
    _refuse(last, last)
    return {**before, "last": _written(last)}


def _with_surname(words: str, heard: Heard) -> Value:
    """The surname of someone whose first name is known, or the whole name said again."""
    partial = heard.partial
    kept = {"title": partial.get("title", ""), "first": partial["first"]}
    if _NO_SURNAME.search(words):
        return kept | {"last": ""}
    said = _SURNAME.sub("", words, count=1).strip()
    title, rest = _titled(_OPENING.sub("", said))
    _refuse(rest, words)
    parts = rest.split()
    if len(parts) > 1 and parts[0] != "ณ" and parts[0] != "แซ่":
        first, last = _parts(rest)
        kept = {"title": title or kept["title"], "first": _written(first)}
        return kept | {"last": _written(last)}
    return kept | {"last": _written(rest)}


def _titled(words: str) -> tuple[str, str]:
    found = _TITLE.match(words)
    rest = words[found.end() :].strip() if found else ""
    if not found or not rest:
        return "", words
    index = int((found.lastgroup or "t0")[1:])
    return list(_TITLES)[index], rest


def _refuse(name: str, text: str, *, titled: bool = False) -> None:
    if len(name) > MAX_LENGTH:
        raise Invalid("long")
    if re.search(r"\d", name) and not _NOT_NAME.search(name):
        raise Invalid("digits")
    if not _LETTERS.match(name) or _is_talk(name) or _asks(name, text, titled):
        raise Invalid("not_name")
    if len(name.replace(" ", "")) < 2:
        raise Invalid("short")


def _asks(name: str, text: str, titled: bool) -> bool:
    """A question; «นางไหม คำแพง» and «รัตนา ศรีวิกา» are names in spite of what they hold."""
    if not asks(text):
        return False
    first, *others = name.split()
    if not others or not (titled or first in _known()[0] or first.startswith("ไหม")):
        return True
    return asks(" ".join(others)) if not _PLAIN_ENDING.search(name) else False


def _is_talk(name: str) -> bool:
    """Words of a talk and not a name; «สมัคร สุนทรเวช» is one all the same."""
    words = name.lower().split()
    if len(words) > 5 or _NOT_NAME.search(name.lower()):
        return True
    return len(words) == 1 and (words[0] in _NOT_NAMES or bool(_TALKING.search(words[0])))


def _parts(name: str) -> tuple[str, str]:
    """First name and surname; a surname may have several words (ณ อยุธยา, แซ่ ลิ้ม)."""
    said = _SURNAME.split(name, maxsplit=1)
    if len(said) == 2 and said[0].strip() and said[1].strip():
        return said[0].strip(), said[1].strip()
    words = name.split()
    if len(words) > 1:
        last = " ".join(words[1:])
        return words[0], re.sub(r"^แซ่ ", "แซ่", last)
    return _run_together(name)


def _run_together(name: str) -> tuple[str, str]:
    """«สมชายใจดี»: parted where a known first name is followed by a known surname."""
    firsts, families = _known()
    for cut in range(len(name) - 2, 1, -1):
        first, last = name[:cut], name[cut:]
        if first in firsts and (last in families or last.startswith("แซ่")):
            return first, last
    return name, ""


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(thai_male_names() | thai_female_names()), frozenset(thai_family_names())


def _written(name: str) -> str:
    """Latin names with capital letters; Thai as it is."""
    name = re.sub(r"\s+", " ", name).strip(" .-")
    return name.title() if name.isascii() else name


def take(text: str) -> tuple[str, str] | None:
    """A whole name inside a longer message: «ชื่อ วันดี มีสุข เบอร์ 081…»."""
    words = clean(text)
    found = _IN_A_MESSAGE.search(words)
    if found is None:
        return None
    return found[1], without(words, found)


NAME = Parser(read, ("not_name", "digits", "short", "long"), ("need_last",), take)
