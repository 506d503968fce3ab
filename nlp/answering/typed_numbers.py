"""Finds numbers that were typed into words, where only facts may tell a number of the law."""

import re

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_THAI_NUMBERS = "หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ยี่สิบ|เอ็ด|ร้อย|พัน|หมื่น|แสน|ล้าน|ครึ่ง"
_FILLED = "\ufffc"
"""Stands for a placeholder: «{facts.…} ล้านคน» types no number."""
_THAI = re.compile(
    rf"(?<!{_FILLED})(?<!{_FILLED}\s)({_THAI_NUMBERS})+\s?(บาท|เดือน|ปี|วัน|ครั้ง|คน|เปอร์เซ็นต์)|ร้อยละ\S*"
)
_ENGLISH = re.compile(
    r"""\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|sixty
      |seventy|eighty|ninety|hundred|thousand|million|half)[\s-]
      (baht|months?|years?|days?|times|per\s?cent|children|people)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_NAMES_AND_FORMS = re.compile(
    r"""ทางเลือก\s?[123](,\s[123]|\s(และ|หรือ)\s[123])*
      | มาตรา\s?(33|39|40)(,\s(33|39|40)|\s(และ|หรือ|กับ)\s(33|39|40))*
      | (เรื่อง\s)?(33|39|40)(:|\sและ\s39\sโทร)
      | ม\.40 | สปส\.\s\d-\d+(/\S+)? | SSO\s\d-\d+(/\S+)? | 7-Eleven
      | Sections?\s(33|39|40)(\s(and|or|under)\s(33|39))* | For\s33\sand\s39
      | [Oo]ptions?\s[123](,\s[123])*(\s(and|or)\s[123])* | as\s2\splus | เหมือน\s[12]\b
    """,
    re.VERBOSE,
)


def typed_numbers(text: str) -> list[str]:
    """Digits in a text that name no option, section or form; numbers in words before a unit."""
    bare = _NAMES_AND_FORMS.sub("", _PLACEHOLDER.sub(_FILLED, text))
    # \d is every script's digits; circled and the like are numeric without being digits.
    found = [word for word in bare.split() if any(map(_is_digit, word))]
    worded = [match[0] for pattern in (_THAI, _ENGLISH) for match in pattern.finditer(bare)]
    return found + worded


def _is_digit(sign: str) -> bool:
    """Digits of all scripts, and ½ or ③; not 十, which no citizen would read, nor ใ or ๆ."""
    return sign.isdigit() or (sign.isnumeric() and not sign.isalpha())
