"""Two questions in one message, taken apart: «สมัครยังไง จ่ายเท่าไหร่»."""

from nlp.tokens import cut, dialect

_ASKS = frozenset(
    "ไหม อย่างไร เท่าไหร่ อะไร ที่ไหน เมื่อไหร่ หรือเปล่า หรือยัง กี่บาท กี่เดือน กี่ปี กี่วัน ได้ไหม ใคร ทำไม ยังไง เท่าไร"
    " อะไรบ้าง ทำอย่างไร ดีไหม คุ้มไหม ไหน กี่โมง".split()
)
_AFTER = frozenset("บ้าง ครับ คะ ค่ะ นะ อ่ะ ล่ะ เจ้า เด้อ น้อ คับ จ้ะ จ๊ะ ได้ ? ๆ , ดี อ่า ฮะ หนอ".split())
_JOINS = frozenset(" แล้ว แล้วก็ และ กับ อีกอย่าง แล้วถ้า".split(" "))
_SHORTEST, _MOST = 6, 3


def parts_of(text: str) -> list[str]:
    """Each question with what leads to it; empty when there are not two."""
    parts, current, asked = [], "", False
    for word in cut(text):
        if asked and not (word in _AFTER or not word.strip()):
            parts.append(current)
            current, asked = "", False
        current += word
        asked = asked or dialect().get(word, word) in _ASKS
    if asked or not parts:
        parts.append(current)
    else:
        parts[-1] += current
    parts = [_trimmed(part) for part in parts]
    if len(parts) < 2 or len(parts) > _MOST or any(len(part) < _SHORTEST for part in parts):
        return []
    return parts


def _trimmed(part: str) -> str:
    part = part.strip(" ,?")
    for word in sorted(_JOINS, key=len, reverse=True):
        if word and part.startswith(word):
            return part[len(word) :].strip()
    return part
