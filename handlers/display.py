"""Answers as people read them: on the review, in echoes, on cards."""

import re
from datetime import date

from handlers.flow import Answers
from handlers.phrases import long_date, word
from handlers.steps.outcome import Value
from handlers.steps.phone import pretty
from handlers.steps.thai_id import SKIP
from handlers.wording import steps

_ISO = re.compile(r"^\d{4}-\d\d-\d\d$")


def shown(step_id: str, value: Value, lang: str) -> str:
    """The value in words; the ID number with its middle hidden."""
    if not isinstance(value, str):
        return full_name(value) if step_id == "name" else address(value)
    if step_id == "id_number":
        return word("card", "skipped", lang) if value == SKIP else masked(value)
    if step_id == "phone":
        return pretty(value)
    if step_id == "birth_date" and _ISO.match(value):
        return long_date(date.fromisoformat(value), lang)
    return steps()[step_id].option_label(value, lang) or value


def grouped(code: str) -> str:
    """A code in fours, easier to read aloud and to type: `K7M2-9QXT`."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def full_name(name: "dict[str, str] | Value") -> str:
    """นางบุญมี ศรีสุข: the title goes with the first name unless it is a rank."""
    if isinstance(name, str):
        return name
    title, first, last = name.get("title", ""), name.get("first", ""), name.get("last", "")
    joint = "" if title in ("", "นาย", "นาง", "นางสาว") else " "
    return f"{title}{joint}{first} {last}".strip()


def address(place: Value) -> str:
    """12 ม.4 ต.ในเมือง อ.เมืองขอนแก่น จ.ขอนแก่น; in Bangkok แขวง and เขต."""
    if isinstance(place, str):
        return place
    bangkok = place.get("code", "").startswith("10")
    marks = ("แขวง", "เขต", "") if bangkok else ("ต.", "อ.", "จ.")
    levels = (place.get("tambon", ""), place.get("district", ""), place.get("province", ""))
    named = " ".join(mark + name for mark, name in zip(marks, levels, strict=True) if name)
    return f"{place.get('line', '')} {named}".strip()


def masked(number: str) -> str:
    """1-1017-xxxxx-xx-6: enough to know it again, too little to use."""
    return f"{number[0]}-{number[1:5]}-xxxxx-xx-{number[-1]}"


def who(answers: Answers, lang: str) -> str:
    """How the person being registered is called: «คุณ», «คนที่จะสมัคร» or by first name."""
    if answers.get("consent") != "other":
        return word("card", "you", lang)
    name = answers.get("name")
    if isinstance(name, str) or not name:
        return word("card", "them", lang)
    return ("คุณ" if lang == "th" else "") + name.get("first", "")
