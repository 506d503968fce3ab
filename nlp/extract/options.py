"""The option (ทางเลือก 1, 2, 3) a message names, by number, by word or by its monthly price."""

import re
from collections.abc import Mapping
from itertools import chain

from nlp.extract.spans import Sign, Span
from nlp.numbers import value_of

_STRONG = (
    r"(?:ทางเลือกา?|ทางเลิอก|ทางเลือด|ทางเลีอก|ทางเรือก|ตัวเลือก|แพ็?[กค]เก[จต]|packages?|options?|opt\.?"
    r"|ทล\.?)"
)
_WEAK = r"(?:แบบ|แผน|อัน|ข้อ|ทาง)"
_PERIOD = r"เดือน(?!หน้า|ที่แล้ว|ก่อน|ละ)|ปี(?! ?(?:หน้า|ที่แล้ว|ก่อน|ละ|นี้|\d\d(?!\d)|25\d\d))"
_NUMBER = (
    r"(?:[123](?!\d|[.,]\d{2})|หนึ่ง|นึง|แรก|สอง|สาม(?!ารถ|ี)|(?:one|two|three)\b)"
    rf"(?! ?(?:{_PERIOD}|คน|วัน|บาท|ร้อย|พัน|หมื่น"
    r"|แสน|สิบ|ครั้ง|งวด|คืน|ขวบ|สาขา|โมง|อย่าง|ทาง|ตัว|สิบ))"
)
_DIGIT = (
    r"(?:[123](?!\d)|แรก|สอง|สาม(?!ารถ|ี))"
    rf"(?! ?(?:{_PERIOD}|คน|วัน|บาท|ร้อย|พัน|หมื่น|ครั้ง"
    r"|งวด|คืน|ขวบ|โมง|อย่าง))"
)
_NOT_COUNTED = rf"(?!ารถ|ี| ?(?:{_PERIOD}|คน|วัน|บาท|ร้อย|พัน|หมื่น|สิบ|ครั้ง|อย่าง))"
_NEXT = (
    rf"(?: ?(?:,|/|กับ|และ|หรือ|เป็น|ไปเป็น|ไป) ?(?:{_STRONG}|{_WEAK})? ?(?:ที่ ?)?{_NUMBER}| {_NUMBER}"
    rf"|(?:หนึ่ง|สอง|สาม){_NOT_COUNTED}"
    rf"| ?(?:อยาก|จะ|ขอ)?(?:ย้าย|เปลี่ยน|ขึ้น|ลง)(?:ไป|มา|เป็น)+ ?"
    rf"(?:{_STRONG}|{_WEAK})? ?(?:ที่ ?)?{_NUMBER})"
)
_NAMED = re.compile(rf"(?:{_STRONG} ?(?:ที่ ?)?{_NUMBER}|{_WEAK} ?(?:ที่ ?{_NUMBER}|{_DIGIT})){_NEXT}*")
_RANGE = re.compile(rf"{_STRONG} ?(?:ที่ ?)?([12]) ?(?:-|ถึง) ?([23])(?!\d)")
_WHICH = re.compile(r"[123](?!\d)|หนึ่ง|นึง|แรก|สอง|สาม|(?:one|two|three)\b")
_VALUES = {"1": 1, "หนึ่ง": 1, "นึง": 1, "แรก": 1, "2": 2, "สอง": 2, "3": 3, "สาม": 3}
_VALUES |= {"one": 1, "two": 2, "three": 3}
_PRICE = re.compile(
    rf"(?:{_STRONG}|แบบ|แผน|อัน|ตัว) ?(?:ที่|ละ)? ?(?:จ่าย|ส่ง|เสีย)? ?(?:เดือนละ)? ?"
    r"(\d{2,4}(?![\d/])|(?:หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)?(?:สิบ|ร้อย)(?:เดียว"
    r"|นึง)?)(?: ?บาท)?(?! ?(?:เดือน(?!หน้า|ที่แล้ว|ก่อน)|ปี(?!หน้า|ที่แล้ว|ก่อน)|คน))"
)

_SUM = r"(\d{2,3}(?![\d/])|(?:หนึ่ง|สอง|สาม|เจ็ด)?(?:สิบ|ร้อย)(?:เดียว|นึง)?)(?: ?บาท)?"
_FROM_TO = re.compile(
    rf"จาก ?{_SUM} ?(?:เป็น|ไปเป็น|ไป|มาเป็น|มา|เข้า|ขึ้น) ?{_SUM}(?! ?(?:เดือน|ปี|คน|วัน))"
)
_ENGLISH_PRICE = re.compile(r"\b(\d{2,3}) ?(?:baht|bath)? option")


_EXTREME = re.compile(
    rf"(?:{_STRONG}|{_WEAK}|ตัว)(?:ที่)? ?((?:ราคา|จ่าย)?(?:(ถูก|น้อย|ต่ำ)|แพง|มาก|สูง)(?:ที่)?สุด)"
)
"""«อันถูกสุด», «แบบแพงที่สุด»: by what they cost."""
_BUYS = re.compile(
    rf"(?<!\d){_SUM} ?(?:นี่|เนี่ย|นี้)? ?(?:แล้ว|จะ)*(?:ได้|มี|คุ้มครอง)(?:อะไร|ไร|หยัง|อิหยัง|อีหยัง)"
)
"""«สามร้อยได้อะไร» asks of the option that costs it."""


def find_options(text: str, prices: Mapping[int, int]) -> tuple[tuple[int, ...], list[Span]]:
    """Options named, in order, each once. `prices`: baht a month → option."""
    found: list[tuple[int, int]] = []
    spans: list[Span] = []
    for match in _RANGE.finditer(text):
        first, last = int(match[1]), int(match[2])
        found += [(match.start(), option) for option in range(first, last + 1)]
        spans.append(Span(match.start(1), match.end(2), Sign.OPTION))
    for match in _NAMED.finditer(text):
        if spans and match.start() < spans[-1].end and match.end() > spans[-1].start:
            continue
        for number in _WHICH.finditer(text, match.start(), match.end()):
            found.append((number.start(), _VALUES[number[0]]))
            spans.append(Span(number.start(), number.end(), Sign.OPTION))
    for match in _FROM_TO.finditer(text):
        pair = [(match.start(i), prices.get(value_of(match[i]) or 0)) for i in (1, 2)]
        found += [(at, option) for at, option in pair if option and None not in dict(pair).values()]
    for match in _EXTREME.finditer(text):
        found.append((match.start(1), prices[(min if match[2] else max)(prices)]))
        spans.append(Span(*match.span(1), Sign.OPTION))
    for match in chain(_PRICE.finditer(text), _BUYS.finditer(text), _ENGLISH_PRICE.finditer(text)):
        option = prices.get(value_of(match[1]) or 0)
        if option is not None:
            found.append((match.start(1), option))
    return tuple(dict.fromkeys(option for _, option in sorted(found))), spans
