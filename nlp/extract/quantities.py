"""Ages, months paid, money, days ill and children: each number of a message read by what
stands around it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.extract.spans import Sign, Span, overlaps
from nlp.numbers import NUMBER, WORDS, value_of

_LEFT, _RIGHT = 30, 22
_NUMBER = re.compile(rf"(?<!\d)(?<!\d[.,]){NUMBER}")
_HINT = re.compile(
    r"\d|[หสเแย](?:นึ|นึ่|อง|าม|ี่|้า|ก|จ็?ด|ปด|ก้า|ิบ)|นึง|ร้อย|ฮ้อย|พัน|หมื่น|แสน|ล้าน|ซาว|ครึ่ง|เดียว|แฝด|ลูก|บุตร|กว่า|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b"
)
_MONEY_WORD = re.compile(r"ร้อย|ฮ้อย|พัน|หมื่น|แสน|ล้าน")
_NOT_MONEY = re.compile(
    r" ?(?:คน|กิโล|เปอร์|%|ทั้ง|ละ|เอ็ด|ไร่|ตัว|ครั้ง|เรื่อง|กว่าคน|แปด|ปี|เดือน(?!นี้|หน้า)|วัน|เมตร)|ธ|ธุ์|ธ์|แสง|ดิจิ"
    r"|(?:พ|ป|ฝ)รื่?อ"
)

_BAHT = re.compile(r" ?(?:กว่า ?)?(?:บาท|บาด|บ\.|฿|baht|bath|บ(?= |/|$))")
_GOLD_CARD = re.compile(r" ?บาท ?(?:รักษา|ใช้ได้)")
_FULL_YEARS = re.compile(r" ?(?:ปี ?(?:บริบูรณ์|เต็ม|ขึ้นไป|กว่า)|ขวบ|years? old|yrs? old)")
_GROWN_UP = 13
"""Years from which a number beside a person is read as an age."""
_MONTH = re.compile(r" ?(?:กว่า ?)?(?:(?:เดือน|เดิอน|งวด)(?!ละ(?!$|ค่ะ|คะ|ครับ)|หน้า|นี้)|months?\b)")
_YEAR = re.compile(
    r" ?(?:กว่า ?)?(?:ปี(?!ที่|ละ|ก่อน)|years?\b)( ?ครึ่ง)?(?: ?กับ)?(?: ?(\d{1,2}|" + WORDS + r"?) ?เดือน)?"
)
_IN_MONTHS = re.compile(r" ?ใน ?\d+ ?(?:เดือน|งวด)")
_DAY = re.compile(
    r" ?(?:กว่า ?)?(?:(วัน|คืน|มื้อ|อาทิตย์|อาทิต|สัปดาห์|สัปดา)(?!ละ|ที่แล้ว|ก่อน)|(days?|nights?|weeks?)\b)"
)
_WEEKS = ("อาทิต", "สัปดา", "week")
_PEOPLE = re.compile(r" ?คน(?!ที่|โต)")
_KIDS = re.compile(r" ?(?:kids?|child(?:ren)?|sons?|daughters?)\b")
_OTHER_UNIT = re.compile(
    r" ?(?:โมง|ทุ่ม|ครั้ง|กิโล|ไร่|%|เปอร์|ชั่วโมง|ชม|นาที|สาขา|ทางเลือก(?! ?\d)|แบบ(?! ?\d)"
    r"|ข้อ|อย่าง|ตัว|เมตร|กรัม|องศา|ใบ|เรื่อง|ช่อง|ตำบล|หมู่บ้าน|ใน ?\d|/\d|ทวิ|เท่า|คน)"
)
_WHOLE_WORD = re.compile(r"$|[^\u0e30-\u0e3f\u0e45-\u0e4ex]")
_AFTER_SMALL = re.compile(r"$| |จะ|ได้|แล้ว|ยัง|อยู่|ต้อง|ควร|เลือก|,")

_AGE_BEFORE = re.compile(
    r"(?:(?<!หมด)อายุ|วัย)(?!เท่า|ความ|ขึ้นเลข)[^\d]{0,14}$|\b(?:age|aged|i am|i ?m|she is|he is) $"
)
_TURNS_BEFORE = re.compile(r"ครบ ?$")
_RETIRING = (55, 60, 65)
_THIS_YEAR = re.compile(r"(?:ปีนี้|ตอนนี้)(?:ก็|จะ|ครบ|เข้า|ได้| )*$")
_PERSON_BEFORE = re.compile(
    r"(?:^|ผม|หนู|ฉัน|เรา|แม่|พ่อ|ยาย|ตา|ลุง|ป้า|น้า|อา|พี่|น้อง|ลูก|เมีย|ผัว|สามี|ภรรยา"
    r"|แฟน|แก|เขา|ปู่|ย่า|ดิฉัน|กระผม|ข้อย|เพิ่น|เปิ้น|อุ้ย) ?(?:ก็|เพิ่ง|จะ|ครบ|ย่าง)?$"
)
_SOMEBODY_BEFORE = re.compile(
    r"(?:(?<!ตัด)(?<!ทำ)ผม|หนู|ฉัน|แม่|พ่อ|(?<!ข)ยาย|(?<!ม)ตา|ลุง|ป้า|(?<!ห)น้า|พี่|เมีย|ผัว|สามี|ภรรยา"
    r"|แฟน|ปู่|ย่า|อุ้ย|คน|(?:พ่อ|แม่|คน)(?:แก่|เฒ่า)) ?$"
)
_AGE_AFTER = re.compile(r" ?(?:กว่า|แล้ว|ค่ะ|คะ|ครับ|คับ|จ้า|นะ|เอง|สมัคร|อะ|แม่|พ่อ)")
"""What tells an age from the price of an option, after a person and a number."""
_PRICES_OF_OPTIONS = re.compile(r"\d0|ร้อย|สิบ$")
_PAID_BEFORE = re.compile(
    r"ส่ง|จ่าย|สมทบ|สมาชิก|ผู้ประกันตน|ล่วงหน้า|ขาด|ค้าง|หยุด|รวด|ออม|เข้าระบบ|สมัครมา"
    r"|สมัครได้|มาตรา \d\d มา|ชำระ|ครบ|\bpaid|\bpay|\bmiss"
)
_MISSED_BEFORE = re.compile(
    r"(?:ขาด|ค้าง|ลืม|หยุด|(?:ไม่|บ่)(?:ได้|เคย)?(?:ส่ง|จ่าย)|เว้น)(?:ส่ง|จ่าย|สมทบ|เงิน|ไป|มา|แค่|อยู่| )*$"
)
_NOT_PAID = re.compile(
    r"(?:ท้อง|ครรภ์|อายุครรภ์|คลอด|ลูก|บุตร|หลาน|ทารก|รอ|ยื่น|อายุ|ผ่อน|กู้|พัก|นอน)(?:[^\d ]{0,8}) ?$"
    r"|(?:ออกจากงาน|ตกงาน|ว่างงาน|แต่งงาน|ย้าย|เสียไป|เสียมา|ตาย|อายุ)[^\d]{0,14} ?$"
    r"|อายุ[^\d]{0,8}\d+ ?ปี ?$"
)
_CHILDREN_BEFORE = re.compile(
    r"(?:ลูก|บุตร|เด็ก)(?:ผม|หนู|ฉัน|เต้า|เล็กๆ|เล็ก|สาว|ชาย|น้อย|ๆ|อยู่|มี|ทั้งหมด|ตั้ง|แค่|อีก)* ?$"
)
_BARE_CHILDREN = re.compile(r"(?:ลูก|บุตร) ?$")
_MONEY_BEFORE = re.compile(
    r"(?:เดือนละ|วันละ|ปีละ|งวดละ|คนละ|ครั้งละ|จ่าย|จาย|ส่ง|เสีย|ออม|ออมเพิ่ม|เพิ่ม|ได้|เงิน[ก-๙]{0,6}|ราคา|หัก|โอน|ยอด|แบบ|ตัว|อัน"
    r"|ผิดไป|เกินไป|ขาดไป|ค่า[ก-๙]{0,8}|เบี้ย[ก-๙]{0,14}|เหลือ|หนี้|รายได้[ก-๙]{0,4}|เงินเดือน"
    r"|งบ|รับ|คืน|แค่|ตั้ง|อีก|ใส่|ฝาก|ชรา|ทางเลือก|รวม|เยียวยา|แพ็?[กค]เก[จต]|บัตรคนจน|บัตรสวัสดิการ) ?$"
)
_SICK = re.compile(
    r"ป่วย|นอน|โรงบาล|โรงพยาบาล|โฮงบาล|โฮงยา|โฮงหมอ|รพ|แอดมิ|admit|หยุด|พัก|เจ็บ|หมอ|ไข้|ผ่าตัด|ไม่สบาย|บ่สบาย|หัก|กักตัว|โควิด|hospital|doctor|sick|\bill\b|ผู้ป่วย|อุบัติ|รถล้ม|รถชน"
)
_RESTING_BEFORE = re.compile(
    r"(?:พัก(?:ฟื้น|รักษา)?|นอน(?:โรง|รพ|โฮง| ?รพ)|(?:หมอ|แพทย์)[ก-๙]{0,8}หยุด)[ก-๙ .]{0,12}$"
)
_MONTH_DAYS = 30
_ABOUT = re.compile(r"(?:หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า){2}")
"""«สองสามเดือน»: about two; the less is what can be counted on."""
_SONS_AND_DAUGHTERS = re.compile(
    rf"(?:ลูก)?(?:สาว|หญิง|ชาย) ?({NUMBER}) ?(?:คน)? ?(?:กับ|และ|,)? ?"
    rf"(?:ลูก)?(?:สาว|หญิง|ชาย) ?({NUMBER})(?! ?(?:ปี|ขวบ))"
)
_WAITING = re.compile(r"(?:รอ(?!ง)|ยื่น|ส่งเรื่อง|ภายใน|อีก|เปิด|ปิด|แจ้ง|ทำการ)[^\d]{0,14}$")
_IMPLICIT = re.compile(
    r"(?<!ที่)(?:(ครึ่งปี)|(ปีครึ่ง)|(ครึ่งเดือน)|(ปี|เดือน|งวด|คืน|วัน|มื้อ|อาทิตย์|อาทิต|สัปดาห์)(?:นึง|หนึ่ง|เดียว)|(ปีกว่า))"
)
_YEAR_AND = re.compile(r"(?:ส่ง|จ่าย|สมทบ|ออม)[ก-๙]{0,8}?(?<!กี่)ปี ?(?:กับ|กว่า)? ?$")
"""«ส่งมาปีกับสามเดือน»: one year and three months."""
_IMPLICIT_CHILD = re.compile(r"ลูก(?:สาว|ชาย|น้อย)?(?:อยู่)?คนเดียว")
_ALONE = re.compile(r"เลี้ยง$")
_TWINS = re.compile(r"(?:ลูก|ท้อง)แฝด")
_NO_CHILD = re.compile(r"(?:ไม่|บ่)(?:ได้)?มี(?:ลูก|บุตร)")
_SECTIONS = frozenset((33, 39, 40))


@dataclass(slots=True)
class Quantities:
    """The first number of each kind."""

    age: int | None = None
    months: int | None = None
    amount: int | None = None
    days: int | None = None
    children: int | None = None
    missed: int | None = None
    """Months not paid, when months paid are told before them; alone they are `months`."""
    missed_first: bool = False


def find_quantities(text: str, taken: Sequence[Span]) -> tuple[Quantities, list[Span]]:
    """`taken`: characters that say an option, a date or a place and are not to be read again."""
    out, spans = Quantities(), list[Span]()
    if not _HINT.search(text):
        return out, spans
    sick = is_sick(text)
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if overlaps(start, end, taken) or overlaps(start, end, spans):
            continue
        value = _counted(match[0])
        sign = None if value is None else _read(out, text, start, end, value, sick)
        if sign is not None:
            spans.append(Span(start, end, sign))
        elif match[0][0].isdigit() and not _names_something(value):
            spans.append(Span(start, end, Sign.NUMBER))
    _implicit(out, text, taken, spans, sick)
    _implicit_children(out, text)
    if out.missed is not None:
        _settle_missed(out)
    return out, spans


def _settle_missed(out: Quantities) -> None:
    """Missed months alone are `months`. Missed first and paid after: a general answer is better
    than one for a history that was not told in full.
    """
    if out.months is None:
        out.months, out.missed = out.missed, None
    elif out.missed_first:
        out.months = out.missed = None


def is_sick(text: str) -> bool:
    """Whether the message tells of illness, so that days in it are days ill."""
    return _SICK.search(text) is not None


def _counted(words: str) -> int | None:
    value = value_of(words)
    if value is not None and _ABOUT.fullmatch(words) and value % 10 == value // 10 + 1:
        return value // 10
    return value


def _names_something(value: int | None) -> bool:
    """Numbers that are names: sections of the law, hotlines."""
    return value in _SECTIONS or value in (1506, 1111, 1694, 1669, 1330, 1300, 191)


def _read(out: Quantities, text: str, start: int, end: int, value: int, sick: bool) -> Sign | None:
    before, after = text[max(0, start - _LEFT) : start], text[end : end + _RIGHT]
    if _BAHT.match(after) or _GOLD_CARD.match(after):
        return (
            None if _other_baht(before, after, value) else _put(out, "amount", value, Sign.AMOUNT)
        )
    if _FULL_YEARS.match(after) and not (_PAID_BEFORE.search(before) and "กว่า" in after[:8]):
        return _put(out, "age", value, Sign.AGE) if value <= 115 else None
    if _MONTH.match(after):
        return _months(out, before, after, value)
    if _IN_MONTHS.match(after):
        return _put(out, "months", value, Sign.MONTHS)
    year, day = _YEAR.match(after), _DAY.match(after)
    if year is not None:
        return _years(out, before, value, year)
    if day is not None:
        weeks = 7 if (day[1] or day[2]).startswith(_WEEKS) else 1
        ill = sick and not _WAITING.search(before)
        return _put(out, "days", value * weeks, Sign.DAYS) if ill else None
    if _KIDS.match(after) or _PEOPLE.match(after):
        told = _KIDS.match(after) or _CHILDREN_BEFORE.search(before)
        return _put(out, "children", value, Sign.CHILDREN) if told and value < 20 else None
    if _OTHER_UNIT.match(after):
        return None
    return _without_unit(out, text[start:end], before, after, value)


def _other_baht(before: str, after: str, value: int) -> bool:
    """The name of the gold card, or the baht that gold is weighed in."""
    before = before.rstrip()
    return (
        _GOLD_CARD.match(after) is not None
        or (value == 30 and before.endswith(("บัตร", "สิทธิ", "สิทธิ์")))
        or before.endswith(("ทองคำ", "ซื้อทอง", "ขายทอง"))
    )


def _months(out: Quantities, before: str, after: str, value: int) -> Sign | None:
    if _RESTING_BEFORE.search(before):
        return _put(out, "days", value * _MONTH_DAYS, Sign.DAYS)
    to_come = before.endswith(("อีก", "อีก ")) and "จะครบ" in after
    if to_come or _NOT_PAID.search(before):
        return None
    value += 12 if _YEAR_AND.search(before) else 0
    return _put(out, _paid_or_missed(before), value, Sign.MONTHS)


def _paid_or_missed(before: str) -> str:
    return "missed" if _MISSED_BEFORE.search(before) else "months"


def _put(out: Quantities, name: str, value: int, sign: Sign) -> Sign:
    out.missed_first = out.missed_first or (name == "missed" and out.months is None)
    if getattr(out, name) is None:
        setattr(out, name, value)
    return sign


def _years(out: Quantities, before: str, value: int, year: re.Match[str]) -> Sign | None:
    if _AGE_BEFORE.search(before) or _THIS_YEAR.search(before):
        return _put(out, "age", value, Sign.AGE) if value <= 115 else None
    if _PAID_BEFORE.search(before) and value <= 60:
        months = value * 12 + (6 if year[1] else 0) + (value_of(year[2]) or 0 if year[2] else 0)
        return _put(out, "months", months, Sign.MONTHS)
    if 13 <= value <= 110 and _PERSON_BEFORE.search(before):
        return _put(out, "age", value, Sign.AGE)
    return None


def _without_unit(out: Quantities, words: str, before: str, after: str, value: int) -> Sign | None:
    if _AGE_BEFORE.search(before) and value <= 115 and _WHOLE_WORD.match(after):
        return _put(out, "age", value, Sign.AGE)
    if _GROWN_UP <= value <= 110 and (
        _THIS_YEAR.search(before) or (not before and after.startswith(("แล้ว", " แล้ว", "กว่าแล้ว")))
    ):
        return _put(out, "age", value, Sign.AGE)
    if value in _RETIRING and _TURNS_BEFORE.search(before):
        return _put(out, "age", value, Sign.AGE)
    if _says_an_age(before, after, words, value):
        return _put(out, "age", value, Sign.AGE)
    if _BARE_CHILDREN.search(before) and value <= 12 and _AFTER_SMALL.match(after):
        return _put(out, "children", value, Sign.CHILDREN)
    if value in _SECTIONS or _NOT_MONEY.match(after):
        return None
    money_word = _MONEY_WORD.search(words) is not None
    bare = money_word and words in ("ร้อย", "ฮ้อย", "พัน", "หมื่น", "แสน", "ล้าน")
    said_before = _MONEY_BEFORE.search(before) is not None
    if (money_word and not bare) or (said_before and (money_word or value >= 20)):
        return _put(out, "amount", value, Sign.AMOUNT)
    return None


def _says_an_age(before: str, after: str, words: str, value: int) -> bool:
    """«ยาย 63 ทำนา», «ลุงหกสิบเอ็ดแล้ว»: a person and a number that is no price or section."""
    if not _GROWN_UP <= value <= 99 or value in _SECTIONS or not _SOMEBODY_BEFORE.search(before):
        return False
    if after.startswith(("-", "/", ".", "x")) or not _WHOLE_WORD.match(after):
        return False
    return _PRICES_OF_OPTIONS.search(words) is None or _AGE_AFTER.match(after) is not None


def _implicit(
    out: Quantities, text: str, taken: Sequence[Span], spans: list[Span], sick: bool
) -> None:
    """«ปีครึ่ง», «เดือนเดียว», «คืนนึง»: numbers without a number."""
    for match in _IMPLICIT.finditer(text):
        if overlaps(*match.span(), taken) or overlaps(*match.span(), spans):
            continue
        before = text[max(0, match.start() - _LEFT) : match.start()]
        unit = match[4]
        if unit in ("คืน", "วัน", "มื้อ", "อาทิตย์", "อาทิต", "สัปดาห์"):
            if sick and not _WAITING.search(before):
                _put(out, "days", 7 if unit.startswith(_WEEKS) else 1, Sign.DAYS)
        elif unit == "เดือน" and _RESTING_BEFORE.search(before):
            _put(out, "days", _MONTH_DAYS, Sign.DAYS)
        elif _PAID_BEFORE.search(before) and not _NOT_PAID.search(before) and not match[3]:
            months = 6 if match[1] else 18 if match[2] else 12 if unit == "ปี" or match[5] else 1
            _put(out, _paid_or_missed(before), months, Sign.MONTHS)


def _implicit_children(out: Quantities, text: str) -> None:
    """«ลูกคนเดียว», «ลูกแฝด», «ลูกชาย 1 ลูกสาว 2», «ไม่มีลูก»."""
    both, alone = _SONS_AND_DAUGHTERS.search(text), _IMPLICIT_CHILD.search(text)
    if _NO_CHILD.search(text):
        _put(out, "children", 0, Sign.CHILDREN)
    elif _TWINS.search(text):
        _put(out, "children", 2, Sign.CHILDREN)
    elif both:
        out.children = (value_of(both[1]) or 0) + (value_of(both[2]) or 0)
    elif alone and not _ALONE.search(text[: alone.start()]):
        _put(out, "children", 1, Sign.CHILDREN)
