"""Text typed with the keyboard in the wrong language, turned round: "l,y8i" is «สมัคร»."""

import re

from pythainlp.util import eng_to_thai, thai_to_eng

_LATIN_RUN = re.compile(r"[!-~]+(?: [!-~]+)*")
_LATIN_WORD = re.compile(r"[a-z]{2,}")
_VOWEL = re.compile(r"[aeiouy]")
_BROKEN_START = re.compile(r"(?:^| )[ัิีึืุู็่้๊๋์ะาำ]")
_THAI = re.compile(r"[\u0e01-\u0e4e]")
# What real Thai shows and a turned text of another kind doesn't: common words of this service.
_COMMON_THAI = re.compile(
    r"สมัคร|ประกัน|สังคม|มาตรา|จ่าย|เงิน|ไหม|มั้ย|อะไร|เท่า|ยังไง|อย่างไร|ครับ|ค่ะ|คะ|คับ|สวัสดี|ดี|ได้|"
    r"อยาก|ต้อง|บาท|เดือน|ทางเลือก|สิทธิ|เอกสาร|เบิก|ป่วย|ติดต่อ|ที่ไหน|ขอบคุณ|ขอ|ลูก|สอบถาม|ถาม|เจ้าหน้าที่|"
    r"ตาย|ยกเลิก|เปลี่ยน|แก้|ออม|ลาออก|สำนักงาน|เบอร์|โทร|เช็ค|สถานะ|กี่|มี|ไม่|เลย|ทำ"
)
_COMMON_ENGLISH = re.compile(
    r"\b(?:hello|hi|how|what|where|when|why|can|register|apply|pay|payment|money|help|please|thanks?|"
    r"thank|you|the|is|are|do|much|social|security|section|option|office|phone|benefit|status|cancel)\b"
)


def _looks_english(text: str) -> bool:
    words = _LATIN_WORD.findall(text)
    if _COMMON_ENGLISH.search(text):
        return True
    return (
        bool(words)
        and all(_VOWEL.search(w) for w in words)
        and not re.search(r"[;,./\[\]'=\-]\S", text)
    )


def _to_thai(text: str) -> str | None:
    """Thai, when the text is Latin keys that spell common Thai words; digits of a Thai layout
    included.
    """
    if (
        _THAI.search(text)
        or not _LATIN_RUN.fullmatch(text)
        or len(text) < 4
        or _looks_english(text.lower())
    ):
        return None
    thai: str = eng_to_thai(text)
    known = sum(len(m[0]) for m in _COMMON_THAI.finditer(thai))
    return (
        thai if known >= 3 and known * 4 >= len(thai) and not _BROKEN_START.search(thai) else None
    )


def _to_english(text: str) -> str | None:
    if not _BROKEN_START.search(text):
        return None
    english: str = thai_to_eng(text)
    return english if _COMMON_ENGLISH.search(english.lower()) else None


def turned_round(text: str) -> str:
    """The text as meant, when it was clearly typed in the other layout; else the text itself."""
    return _to_thai(text) or _to_english(text) or text
