"""The schemes a person has themselves: «สามีเป็นข้าราชการ» tells nothing about the wife."""

import re
from dataclasses import replace

from handlers.steps.outcome import Heard, Invalid, Parser, Value
from handlers.steps.text import plain

_RELATIVE = re.compile(
    r"(?:ลูก(?!จ้าง)|หลาน|สามี|ผัว|ภรรยา|เมีย|แฟน|พ่อ(?!ค้า)|แม่(?!ค้า|บ้าน)|พี่|น้อง)(?:ชาย|สาว|เขย|สะใภ้)?"
    r"\s?(?:เขา|ก็)?(?:เป็น|ทำ|มี|ได้|อยู่|รับ)"
)


def own_schemes(base: Parser) -> Parser:
    """A parser of schemes that doesn't take a relative's for the person's own."""

    def read(text: str, heard: Heard) -> Value:
        if heard.answers.get("consent") != "other" and _RELATIVE.search(plain(text)):
            raise Invalid("relative")
        return base.read(text, heard)

    return replace(base, read=read, invalid=(*base.invalid, "relative"))
