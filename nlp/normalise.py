"""One spelling for what people type: unicode, digits, repeated letters, ม.40, and private
numbers masked.
"""

import re
import unicodedata

from pythainlp.util import normalize as thai_normalize

from nlp.keyboard import turned_round

MAX_RAW = 1200
MAX_HEAD = 100
MAX_TAIL = 200
"""A longer message keeps its opening and its end: a story comes first, the question last."""

ID_MASK = "[เลขบัตร]"
PHONE_MASK = "[เบอร์โทร]"

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_D = "[0-9๐-๙]"
_ID = re.compile(rf"(?<!{_D})(?:{_D}[ \-.]?){{12}}{_D}(?!{_D})")
_PHONE = re.compile(
    rf"(?<!{_D})(?:(?:\+|[0๐][0๐])[6๖][6๖][ \-.]?(?:[0๐][ \-.]?)?|[0๐])"
    rf"[2-9๒-๙](?:[ \-.]?{_D}){{7,8}}(?!{_D})"
)
_LONG_NUMBER = re.compile(rf"(?<!{_D})(?:{_D}[ \-]?){{9,}}{_D}(?!{_D})")
_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufff0-\uffff\U000e0000-\U0010ffff]")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_REPEATED_MARK = re.compile(r"([!?.,~\-_=*#/\\()…ๆฯ])\1+")
_SPACES = re.compile(r"\s+")
_SYMBOLS = re.compile(r"[^\w\s\u0e00-\u0e7f%.,:/?!\-+()\[\]]+")
_SECTION = re.compile(
    r"(?:\bsec(?:tion)?\.? ?|\bm\.? ?|(?<![\u0e00-\u0e7f])ม(?:\. ?| ?(?=[34][0-9]))"
    r"|มาตตรา ?|มาดตรา ?|มาตา ?|มาตราที่ ?|มาตรา ?)"
    r"(40|33|39|สี่สิบ|สามสิบสาม|สามสิบเก้า|สามสาม|สามเก้า|ส40|สี่ศูนย์)(?![0-9])"
)
_SPOKEN_SECTIONS = {
    "สี่สิบ": "40",
    "สี่ศูนย์": "40",
    "ส40": "40",
    "สามสิบสาม": "33",
    "สามสาม": "33",
    "สามสิบเก้า": "39",
    "สามเก้า": "39",
}

_SEVEN = re.compile(
    r"(?<![\d\-/])7 ?- ?11(?![\d\-/])(?! ?(?:ปี|ขวบ|เดือน|คน|วัน|บาท|งวด))|\b(?:7|seven)[ \-]*eleven\b"
)
"""The shop where contributions are paid: as a number it would be read as an age."""


def mask_private(text: str) -> str:
    """The text with national ID, phone and other long numbers replaced, however they are spaced."""
    text = _ID.sub(ID_MASK, text)
    text = _PHONE.sub(PHONE_MASK, text)
    return _LONG_NUMBER.sub("[ตัวเลข]", text)


def well_formed(text: str) -> str:
    """Without lone surrogates, NUL and other control characters; of bounded length."""
    if len(text) > MAX_RAW:
        text = text[: MAX_RAW // 2] + " " + text[-MAX_RAW // 2 :]
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return _CONTROL.sub(" ", text)


def _section(found: re.Match[str]) -> str:
    number = found[1]
    return f" มาตรา {_SPOKEN_SECTIONS.get(number, number)} "


def _cut(text: str) -> str:
    if len(text) <= MAX_HEAD + MAX_TAIL:
        return text
    return f"{text[:MAX_HEAD]} {text[-MAX_TAIL:]}"


def normalise(text: str) -> str:
    """The message as the rest of nlp reads it: masked, lower case, Arabic digits, at most
    about 300 characters.
    """
    text = mask_private(_ZERO_WIDTH.sub("", well_formed(text)))
    text = unicodedata.normalize("NFC", text).translate(_THAI_DIGITS)
    text = turned_round(_SPACES.sub(" ", text).strip()).translate(_THAI_DIGITS).lower()
    text = _REPEATED.sub(r"\1", text.replace("นนนท", "น นนท"))  # สำนักงานนนทบุรี
    text = _REPEATED_MARK.sub(r"\1", text)
    text = thai_normalize(_cut(text)).replace("ํา", "ำ")
    text = _SECTION.sub(_section, _SEVEN.sub("เซเว่น", text))
    return _SPACES.sub(" ", _SYMBOLS.sub(" ", text)).strip()
