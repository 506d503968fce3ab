"""One spelling for what people type at a step: digits, spaces, politeness, spoken numbers."""

import re
import unicodedata

from nlp.numbers import value_of

_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_DASHES = re.compile("[‐‑‒–—―−－_]")
_POLITE = re.compile(
    r"(?:\s|^|(?<=[\u0e00-\u0e7f0-9a-z.)]))"
    r"(?:(?<!ถา)(?<!ช)นะ|น่ะ|ล่ะ|จ๊ะ|จ๋า|จ้า+|จ้ะ|จ่ะ|จ๊า|ฮะ|ฮับ|งับ|"
    r"ค่+ะ+|คะ+|ค้+า+บ+|คร[ัา]+บ+(?:ผม)?|ครัช|คับ+|คั้บ|เจ้า(?=\s*$)|เด้อ+|เด้|เนอะ)+[\s.!~]*$"
)
_DIGIT_WORDS = {
    "ศูนย์": "0",
    "สูญ": "0",
    "หนึ่ง": "1",
    "นึง": "1",
    "สอง": "2",
    "สาม": "3",
    "สี่": "4",
    "ห้า": "5",
    "หก": "6",
    "เจ็ด": "7",
    "แปด": "8",
    "เก้า": "9",
}
_DIGIT_WORD = "|".join(_DIGIT_WORDS)
_DIGIT_RUN = re.compile(rf"(?:(?:{_DIGIT_WORD}|\d)[\s\-]*){{6,}}")
_NUMBER_RUN = re.compile(rf"(?:(?:{_DIGIT_WORD}|เอ็ด|ยี่|สิบ|ร้อย|พัน|ซาว)\s*)+")
_UNIT = re.compile("สิบ|ร้อย|พัน|ซาว")
_MISREAD = {"o": "0", "O": "0", "l": "1", "I": "1"}

_QUESTION = re.compile(
    r"ไหม|มั้ย|ไม๊|มั๊ย|หรือเปล่า|รึเปล่า|หรือป่าว|รึป่าว|ป่าว|ป่ะ|เหรอ|หรอ|หรือยัง|หรือไม่|เท่าไ[รห]|เท่าใด|ท่าไหร่"
    r"|อะไร|ยังไง|อย่างไร|ไงดี|ทำไง|เป็นไง|ไง(?=\s?(?:คะ|ค่ะ|ครับ|คับ|ล่ะ|อะ|$))|ที่ไหน|ตรงไหน|อันไหน|แบบไหน|วันไหน|เมื่อไ[รห]|ตอนไหน|กี่|ทำไม|ใคร|\?"
    r"|จักบาท|จั๊ก|หยัง|จั่งใด|จังได๋|สิได้|มื้อใด|ยามใด|เมื่อใด|(?<=\S)บ่(?:น้อ|หนอ)?\s*$|ได้บ่|ดีบ่|แม่นบ่|กา\s*$|ก่อ\s*$|พรื่อ|ไหร"
    r"|what|how|why|where|when|which|can i"
)

_ANY_WILL_DO = re.compile(r"(?:อะไร|ไหน|ไร|ยังไง|เมื่อไหร่|ใคร|กี่โมง|หยัง|ใด๋?)\s?ๆ?\s?(?:ก็|กะ|ก้อ)\s?ได้")


_NOTHING = re.compile(
    r"(?:ไม่|บ่)(?:ได้|เคย)*(?:มี|ทำ|รู้|เป็น|เฮ็ด|เอา)\s?(?:อะไร|อะ?หยัง|อิหยัง|อีหยัง|ใคร)|(?:ไม่|บ่)\S{2,16}ใคร\s*$"
)


def clean(text: str) -> str:
    """NFC, Arabic digits, plain dashes, single spaces, without invisible and control characters."""
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = unicodedata.normalize("NFC", _CONTROL.sub(" ", _ZERO_WIDTH.sub("", text)))
    text = text.translate(_THAI_DIGITS).replace("เเ", "แ").replace("ํา", "ำ")
    return re.sub(r"\s+", " ", _DASHES.sub("-", text)).strip()


def plain(text: str) -> str:
    """Cleaned, lower case, without polite endings and quotes: for comparing with known words."""
    text = clean(text).lower().strip("\"'“”‘’.!~ ")
    while (shorter := _POLITE.sub("", text).strip("\"'“”.!~ ")) != text and shorter:
        text = shorter
    return text


def polite_off(text: str) -> str:
    """Without the polite ending, keeping the case."""
    text = clean(text)
    while (shorter := _POLITE.sub("", text).strip()) != text and shorter:
        text = shorter
    return text


def asks(text: str) -> bool:
    """True when the words look like a question."""
    said = _NOTHING.sub("", _ANY_WILL_DO.sub("", clean(text).lower()))
    return _QUESTION.search(said) is not None


def digits_spoken(text: str) -> str:
    """Runs of six or more spoken digits written out: voice input of ID and phone numbers."""

    def written(run: re.Match[str]) -> str:
        found = re.findall(rf"{_DIGIT_WORD}|\d", run[0])
        return "".join(_DIGIT_WORDS.get(word, word) for word in found)

    return _DIGIT_RUN.sub(written, text)


def numbers_spoken(text: str) -> str:
    """Numbers in words written out: สองพันห้าร้อยยี่สิบ and สองห้าสองศูนย์ both become 2520."""

    def written(run: re.Match[str]) -> str:
        if _UNIT.search(run[0]):
            value = value_of(run[0])
            return run[0] if value is None else f" {value} "
        found = re.findall(_DIGIT_WORD, run[0])
        return f" {''.join(_DIGIT_WORDS[word] for word in found)} " if found else run[0]

    return _NUMBER_RUN.sub(written, text)


def digits_misread(text: str) -> str:
    """Letters that stand for digits inside a number: O for 0, l for 1."""
    return re.sub(
        r"(?<![A-Za-z])[0-9OolI\-. ]*\d[0-9OolI\-. ]*(?![A-Za-z])",
        lambda run: "".join(_MISREAD.get(c, c) for c in run[0]),
        text,
    )
