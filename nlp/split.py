"""Two questions in one message, taken apart: «สมัครยังไง จ่ายเท่าไหร่»."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

from nlp.tokens import dialect, talk

_SHORTEST, _MOST = 6, 3
_LONG_WORD = 4
"""A dialect word shorter than this counts only where it ends a sentence: «ใส» is in many words."""
_ENDS = r"(?=$|[ ?,]|ค่ะ|คะ|ครับ|คับ|เจ้า|เด้อ|น้อ|อ่?ะ|ล่ะ|วะ|นะ|แล้ว)"
_REQUEST = rf"(?:ขอ|ช่วย|รบกวน)(?!.{{0,6}}ถาม)[^ ]{{2,30}}?หน่อย{_ENDS}"
"""«ขอเบอร์หน่อย» asks too; «ขอถามหน่อย» only leads to a question."""
_EITHER = r"(?<=[ก-๙])หรือ(?!ยัง|เปล่า|ไม่)[^ ]{2,14}(?= แล้ว)"
"""«คนหรือบอท แล้ว…»."""
_GOES_ON = r"(?:(?:ถึง|จะ|ต่อ|ใน|จาก|กับ|ก่อน)[^ ]*?(?= |แล้ว|$))?"
"""«กี่เดือนถึงเบิกได้»: the question word stands first, what it asks of behind it."""
_NOT_NOTHING = r"(?![ัิ-ฺ็-๎]|เลย(?! ?(?:ไหม|มั้ย))|สัก(?:อย่าง|คน|ที)|ไม่ได้|ๆ)"
"""«ไม่มีอะไรเลย», «อะไรๆ» ask nothing; a vowel or tone makes another word of it."""
_TELLS = re.compile(r"ไม่รู้|บ่ฮู้|ไม่ทราบ|(?:ไม่|บ่)[^ ]{0,16}ใคร")
_NOT_ALONE = re.compile(
    r"(?:(?:เป็น(?:อะ)?ไร|ได้|ดี|จริง|ใช่|ถูก|แม่น|ว่า)*(?:ไหม|มั้ย|หรือเปล่า|หรือยัง|บ่|ก่อ|ยังไง|หรือไม่)"
    r"|(?:จะ)?(?:ได้)?(?:เงิน|คืน)*(?:เท่า(?:ไหร่|ไร|ใด)|กี่บาท|จักบาท|ตอนไหน|เมื่อไหร่)"
    r"|(?:จะ)?ได้(?:อะไร)?เพิ่ม(?:อะไร|มา|ไหม)*(?:บ้าง)?|ก่อน|บ้าง)"
    r"(?:ค่ะ|คะ|ครับ|นะ|จ้ะ| )*"
)
"""What only finishes the question before it: «ขาดไปกี่เดือน เป็นไรไหม», «จะได้คืนไหม ได้เท่าไหร่»."""
_JOINS = re.compile("|".join(sorted(map(re.escape, talk("joins")), key=len, reverse=True)))


@cache
def _question() -> re.Pattern[str]:
    """The end of a question, with the polite words after it."""
    central = talk("asks")
    said = {*central, *(word for word, means in dialect().items() if means in central)}
    long = [word for word in said if word in central or len(word) >= _LONG_WORD]
    short = [word for word in said if word not in long]
    longer_first = sorted(long, key=len, reverse=True)
    after = "|".join(map(re.escape, sorted(talk("after_question"), key=len, reverse=True)))
    counted = r"(?:กี่|จัก) ?(?:บาท|เดือน|ปี|วัน|โมง|คืน|คน|ครั้ง|งวด|มื้อ|ขวบ|อย่าง)"
    asks = [
        counted,
        rf"(?:{'|'.join(map(re.escape, longer_first))}){_NOT_NOTHING}",
        rf"(?:{'|'.join(map(re.escape, sorted(short, key=len, reverse=True)))}){_ENDS}",
        rf"บ่{_ENDS}",
        _REQUEST,
        _EITHER,
    ]
    return re.compile(rf"(?:{'|'.join(asks)}){_GOES_ON}(?:{after}| )*")


def parts_of(text: str) -> list[str]:
    """Each question with what leads to it; empty when there are not two."""
    parts, start, heard = list[str](), 0, 0
    for end in _ends(text):
        part, clause = text[start:end], text[heard:end]
        heard = end
        if _tells(clause):
            continue
        if parts and _NOT_ALONE.fullmatch(_trimmed(part)):
            parts[-1] += part
        else:
            parts.append(part)
        start = end
    if parts:
        parts[-1] += text[start:]
    parts = [_trimmed(part) for part in parts]
    if not 2 <= len(parts) <= _MOST or any(len(part) < _SHORTEST for part in parts):
        return []
    return parts


def _ends(text: str) -> Iterator[int]:
    """Where each question ends: what is asked of may stand behind the word that asks, up to a space
    («อันไหนดีกว่ากัน»).
    """
    found = list(_question().finditer(text))
    for one, following in zip_longest(found, found[1:]):
        end, limit = one.end(), following.start() if following else len(text)
        space = text.find(" ", end - 1)
        yield space if end < space < limit else end


def _tells(clause: str) -> bool:
    """«ไม่รู้จะทำอะไรดี» tells, and leads to the question that follows."""
    return _TELLS.search(clause) is not None


def _trimmed(part: str) -> str:
    part = part.strip(" ,?")
    joined = _JOINS.match(part)
    return part[joined.end() :].strip() if joined else part
