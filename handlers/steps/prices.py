"""The option by what it costs: «ตัวร้อยนึง», «เดือนละ 300», whatever the law's prices are today."""

import re
from dataclasses import replace

from handlers.steps.outcome import Heard, Invalid, Parser, Value, without
from handlers.steps.text import plain
from nlp.entities import find
from nlp.facts import facts_on
from nlp.normalise import normalise

OPTIONS = (1, 2, 3)
_NOT_WANTED = re.compile(r"(?:ไม่|บ่)(?:เอา|ใช่|เลือก|อยาก|ชอบ)|แพง|(?:ไม่|บ่)(?:มี|ถึง|พอ|ไหว)")
_WHOLE = re.compile(
    r"(?:เอา|ขอ|เลือก)?\s?(?:(?:ทางเลือก|ตัวเลือก|แผน)\s?(?:ที่\s?)?(?:[123]|หนึ่ง|สอง|สาม|แรก)"
    r"|(?:ตัว|อัน)\s?(?:ละ\s?)?(?:70|100|300|เจ็ดสิบ|ร้อย(?:เดียว|นึง)?|สามร้อย)\s?(?:บาท)?)"
    r"(?:(?:ก็)?พอ|แล้วกัน|ละกัน|เลย)*(?:เจ้า)?"
)
_IN_A_MESSAGE = re.compile(
    r"(?:^|(?<=[\s|,]))(?:เลือก|เอา|ขอ|สนใจ|สมัคร)?\s?((?:ทางเลือก|ทาง|แบบ|แผน)\s?(?:ที่\s?)?[123])(?=[\s|,]|$)"
)
_BARE = re.compile(r"(?<![\d/.\-])\d{2,3}(?![\d/.\-])")


def by_price(base: Parser) -> Parser:
    """A parser of options that reads an option's price too, when nothing else names one."""

    def read(text: str, heard: Heard) -> Value:
        try:
            return base.read(text, heard)
        except Invalid as refusal:
            found = None if refusal.code != "choose" else _costing(text, heard)
            if found is None:
                raise
            return str(found)

    return replace(base, read=read, take=take)


def take(text: str) -> tuple[str, str] | None:
    """An option as the whole message, which is no occupation and no name, whatever is asked; or one
    that is called so in a longer message.
    """
    said = plain(text)
    if _WHOLE.fullmatch(said):
        return said, ""
    found = _IN_A_MESSAGE.search(said)
    if found is None:
        return None
    return found[1], without(said, found)


def _costing(text: str, heard: Heard) -> int | None:
    if _NOT_WANTED.search(plain(text)):
        return None
    named = find(normalise(text), heard.today).entities
    if named.option or named.options:
        return named.option
    facts = facts_on(heard.today)
    bare = _BARE.search(plain(text))
    amount = named.amount if named.amount is not None or not bare else int(bare[0])
    fitting = [n for n in OPTIONS if facts[f"contribution.option{n}"] == amount]
    return fitting[0] if fitting else None
