"""The ages of several children: «ลูก 2 คน 5 ขวบกับ 10 ขวบ», «อายุ 2 4 แล้วก็ 9 ขวบ»."""

import re

from nlp.numbers import NUMBER, value_of

_CHILD = re.compile(r"ลูก(?!จ้าง|ค้า|บ้าน|หนี้)|บุตร|เด็ก|หลาน")
_YEARS = r"(?: ?(?:ปี|ขวบ))?"
_JOINED = r"(?:(?: ?(?:,|กับ|และ|แล้วก็|อีกคน|คนโต|คนเล็ก|คนกลาง) ?)+| +)"
_AGES = re.compile(rf"(?<![\d.,])(?:{NUMBER}{_YEARS}{_JOINED})+{NUMBER} ?ขวบ")
_ONE = re.compile(rf"({NUMBER}){_YEARS}(?! ?คน)")
_OLDEST = 20


def find_child_ages(text: str) -> tuple[int, ...]:
    """Two ages or more, in years; none when the message tells of no children."""
    said = _AGES.search(text) if _CHILD.search(text) else None
    if said is None:
        return ()
    ages = [value_of(one[1]) for one in _ONE.finditer(said[0])]
    found = tuple(age for age in ages if age is not None and age <= _OLDEST)
    return found if len(found) > 1 else ()
