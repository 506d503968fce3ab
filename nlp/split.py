"""Two questions in one message, taken apart: «สมัครยังไง จ่ายเท่าไหร่»."""

from nlp.tokens import cut, dialect, talk

_ASKS, _AFTER = tuple(talk("asks")), talk("after_question")
"""A word that ends so asks as well: «ทำอะไร», «ตอนไหน»."""
_TELLS = ("ไม่รู้", "บ่ฮู้", "ไม่ทราบ")
_JOINS = sorted(talk("joins"), key=len, reverse=True)
_SHORTEST, _MOST = 6, 3


def parts_of(text: str) -> list[str]:
    """Each question with what leads to it; empty when there are not two."""
    parts, current, asked = [], "", False
    for word in cut(text):
        if asked and not (word in _AFTER or not word.strip()):
            parts.append(current)
            current, asked = "", False
        current += word
        asked = asked or (dialect().get(word, word).endswith(_ASKS) and not _told(current))
    if asked or not parts:
        parts.append(current)
    else:
        parts[-1] += current
    parts = [_trimmed(part) for part in parts]
    if len(parts) < 2 or len(parts) > _MOST or any(len(part) < _SHORTEST for part in parts):
        return []
    return parts


def _told(part: str) -> bool:
    """«ไม่รู้จะทำอะไรดี» tells, and leads to the question that follows."""
    return any(word in part for word in _TELLS)


def _trimmed(part: str) -> str:
    part = part.strip(" ,?")
    for word in _JOINS:
        if part.startswith(word):
            return part[len(word) :].strip()
    return part
