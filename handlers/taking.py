"""Answers inside a message: several at once, corrections of earlier ones, what is shown back."""

import re
from dataclasses import dataclass, replace
from datetime import date

from handlers.conversation import Form
from handlers.display import shown
from handlers.eligibility import No, verdict
from handlers.flow import REVIEW, Answers, Step, answered, path, way
from handlers.form import flow_of
from handlers.phrases import say, word
from handlers.registration import REGISTRATION
from handlers.steps.outcome import CUT, Heard, Invalid, More, Value
from handlers.steps.text import asks, clean
from handlers.turn import Turn
from handlers.wording import steps

_CONSENTS = ("consent", "their_consent", "guardian")
_WRONG = r"(?:มัน)?(?:ผิด|ไม่ถูก|ไม่ใช่|เปลี่ยน|ใหม่|บ่แม่น|เดิมผิด|wrong)"
_CHANGE = r"(?:ขอ|อยาก|ช่วย)?(?:แก้ไข|แก้|เปลี่ยน|change|edit)(?:ตรง|ข้อ|เรื่อง|(?:ไป|มา)?เป็น)?"
_OOPS = re.compile(
    r"^(?:(?:เอ้ย|เอ๊ย|เอ้อ|เออ|เอ่อ|อุ๊ย|อ้าว|เฮ้ย|โทษที|โทษ|ขอโทษ(?:ที)?|เดี๋ยว(?:ก่อน)?|โอ๊ะ|oops|sorry)(?:ค่ะ|ครับ|นะ|จ้ะ|ๆ)*[\s,.]*)+"
)
_WRONG_ONE = re.compile(
    r"^(?:ไม่ใช่|ผิด|พิมพ์ผิด|บอกผิด|ใส่ผิด|กรอกผิด|บ่แม่น|เอาใหม่|no)(?:แล้ว|ค่ะ|ครับ|[ๆ\s,])*"
)
_NO_NUMBER = re.compile(
    r"(?:เอา|ลบ|ถอน)เลข(?:บัตร|ประจำตัว)\S{0,10}\s?(?:ออก|ทิ้ง|ไป)|ไม่(?:อยาก)?ให้เลขบัตร\S{0,10}แล้ว"
)
"""«เอาเลขบัตรออก»: it was optional, and is taken back as easily."""
LISTED_FROM = 3
_SURNAME = "นามสกุล"
"""Of a name only this part: the first name stays."""
_OPTION_NUMBERS = {"หนึ่ง": "1", "แรก": "1", "สอง": "2", "สาม": "3"}
_OTHER_OPTION = re.compile(
    r"^(?:ไม่เอา(?:แล้ว|อันนั้น|อันนี้)?|เปลี่ยนใจ(?:แล้ว)?|[\s,])*"
    r"(?:ขอ)?(?:เปลี่ยน(?:เป็น|เอา|ไป)+|เอา(?:เป็น)?|กลับไป(?:เอา)?)\s?"
    r"(?:ทางเลือก|แบบ|อัน|ตัว|แผน)?(?:ที่)?\s?"
    r"([123](?!\d)|หนึ่ง|สอง|สาม(?!ร้อย)|แรก|(?:70|100|300|เจ็ดสิบ|ร้อย(?:เดียว|นึง)?|สามร้อย)(?:\s?บาท)?"
    r"|(?:ถูก|แพง)(?:ที่)?สุด)\s?(?:ดีกว่า|แทน|แล้วกัน|ละกัน|ก็ได้|ก็พอ|นะ|ค่ะ|ครับ|จ้า)*$"
)
_PARTICLES = re.compile(
    r"^(?:นะ|ค่ะ|คะ|ครับ|ขอ|ต้อง|ที่ถูก|จริงๆ|จริง ๆ|เป็น|เอา|คือ|ใหม่|แก้|ไป|อัน|ต้องเป็น|to|is"
    r"|หน่อย|ด้วย|ให้|ที|[:,\s\-])+"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A form after answers were put in, and the steps they were of."""

    form: Form
    steps: tuple[str, ...] = ()


def put(turn: Turn, form: Form, step: Step, value: Value) -> Form:
    """The form with an answer; the moment of a consent is kept with it."""
    form = answered(flow_of(form), form, step.id, value, turn.today)
    if step.id in _CONSENTS and value != "no" and not _waits_for_person(step, value):
        return replace(form, consent_at=form.consent_at or turn.now.isoformat())
    return form


def _waits_for_person(step: Step, value: Value) -> bool:
    """«สมัครให้คนอื่น» is no consent yet: the person's own follows."""
    return step.id == "consent" and value == "other"


def take_sure(turn: Turn, form: Form, text: str, *, but: str) -> tuple[Taken, str]:
    """Takes whole numbers, dates and addresses out of a message for steps still open."""
    taken, rest = Taken(form), text
    if not form.consent_at:
        return taken, rest
    answers = path(flow_of(form), form.answers, turn.today).answers
    for step in way(flow_of(form), form.answers, turn.today).steps:
        if step.id == but or step.parser.take is None:
            continue
        found = step.parser.take(rest)
        value = _value(step, found[0], Heard(turn.today, answers)) if found else None
        if found and value is not None and answers.get(step.id) == value:
            rest = _without_label(found[1], step.id)
        elif found and value is not None and step.id not in answers:
            taken = Taken(put(turn, taken.form, step, value), (*taken.steps, step.id))
            rest = _without_label(found[1], step.id)
    return taken, rest


def _without_label(rest: str, step_id: str) -> str:
    """«สมชาย ใจดี เบอร์ 081…»: the word for what was taken goes with it."""
    named = "|".join(re.escape(name) for name in sorted(_names(step_id), key=len, reverse=True))
    label = rf"(?:\s|^)(?:{named}|โทร|เกิด(?:วันที่)?|อยู่)[\s:.]*(?=\{CUT}|$)"
    return " ".join(re.sub(label, " ", rest).replace(CUT, " ").split())


def _value(step: Step, text: str, heard: Heard) -> Value | None:
    try:
        return step.parser.read(text, heard)
    except (Invalid, More):
        return None


def named_step(turn: Turn, form: Form, text: str) -> tuple[Step, str] | None:
    """«เบอร์ผิด เอา 081…», «แก้ชื่อ»: the step that is to change, and what follows.

    A step still ahead counts too once its answer follows: it is answered early.
    """
    if not form.consent_at and form.flow == REGISTRATION.id:
        return None
    said = _OOPS.sub("", clean(text))
    number = flow_of(form).step("id_number")
    if number is not None and number.id in form.answers and _NO_NUMBER.search(said):
        return number, steps()[number.id].options[0].id
    answers = path(flow_of(form), form.answers, turn.today).answers
    ahead = way(flow_of(form), form.answers, turn.today).steps
    names = [(name, step) for step in ahead for name in _names(step.id)]
    for name, step in sorted(names, key=lambda pair: -len(pair[0])):
        rest = _after_naming(name, said, oops=said != clean(text))
        if rest is not None and (step.id in answers or (rest and not asks(text))):
            return step, f"{name} {rest}" if rest and name == _SURNAME else rest
    return _other_option(said, ahead, form, turn.today) or _said_again(
        turn, form, said, ahead, answers
    )


def _other_option(
    said: str, steps_on_way: tuple[Step, ...], form: Form, today: date
) -> tuple[Step, str] | None:
    """«ไม่เอา เปลี่ยนเป็น 3», «เอา 2 ดีกว่า»: the option, once it is chosen, needs no name."""
    other = _OTHER_OPTION.match(said)
    step = next((s for s in steps_on_way if s.id == "option"), None)
    if not other or step is None or form.at == "option" or "option" not in form.answers:
        return None
    number = _OPTION_NUMBERS.get(other[1], other[1])
    return (step, number) if _value(step, number, Heard(today, form.answers)) else None


def _said_again(
    turn: Turn, form: Form, said: str, steps_on_way: tuple[Step, ...], answers: Answers
) -> tuple[Step, str] | None:
    """«ไม่ใช่ๆ 0812345679»: which earlier answer this is, by its kind. A whole number or address
    needs no «ไม่ใช่» where nothing else is asked, or the open step can't read it.
    """
    wrong = _WRONG_ONE.match(said)
    if asks(said):
        return None
    rest = said[wrong.end() :] if wrong else said
    for step in reversed(steps_on_way):
        found = step.parser.take(rest) if step.parser.take and step.id in answers else None
        if not found or _value(step, found[0], Heard(turn.today, answers)) is None:
            continue
        if wrong or form.at == REVIEW or (_is_all(found[1], step) and not _reads(turn, form, said)):
            return step, found[0]
    return None


def _is_all(rest: str, step: Step) -> bool:
    return not any(letter.isalnum() for letter in _without_label(rest, step.id))


def _reads(turn: Turn, form: Form, text: str) -> bool:
    """Whether the open step understands the words, if only in part."""
    step = flow_of(form).step(form.at)
    try:
        if step is not None:
            step.parser.read(text, Heard(turn.today, form.answers, form.partial))
    except Invalid:
        return False
    except More:
        return True
    return step is not None


def _after_naming(name: str, said: str, *, oops: bool = False) -> str | None:
    """What follows «แก้<name>», «<name>ผิด» or, after «เอ๊ย», the name; None: none is said."""
    spelt = re.escape(name)
    pointing = r"(?:นี้|เมื่อกี้|ตะกี้|ที่ให้ไป|ก็|สะกด|พิมพ์|กรอก|ใส่|บอก|\s)*"
    pattern = rf"^(?:{_CHANGE}\s*{spelt}|{spelt}{pointing}{_WRONG})"
    found = re.match(pattern, said, re.IGNORECASE)
    if not found and oops and not asks(said):
        found = re.match(rf"^{spelt}\s*(?=\S)", said, re.IGNORECASE)
    if not found:
        return None
    rest = re.sub(r"\s*(?:ผิด|แล้ว)$", "", said[found.end() :]).strip()
    return _PARTICLES.sub("", rest)


def _names(step_id: str) -> tuple[str, ...]:
    words = steps().get(step_id)
    return (*words.names, words.label) if words else ()


def echo(turn: Turn, form: Form, step_ids: tuple[str, ...], key: str = "noted") -> list[str]:
    """What was understood, shown back: «ได้ค่ะ เบอร์โทร: 081-234-5678»; of much, a list."""
    given = [step_id for step_id in step_ids if step_id in form.answers]
    listed = len(given) >= LISTED_FROM
    lines = [
        say(
            "noted_one" if listed else key,
            turn.lang,
            label=steps()[step_id].title(turn.lang),
            value=shown(step_id, form.answers[step_id], turn.lang),
        )
        for step_id in given
    ]
    return [say("noted_all", turn.lang), *lines] if listed else lines


def news_of_verdict(turn: Turn, before: Form, after: Form, who: str) -> str:
    """Why the person can't join, when an answer has just shown it."""
    no = _verdict(turn, after)
    if no is None or no == _verdict(turn, before):
        return ""
    return word("no", no.code, turn.lang, **{"who": who, **no.hints})


def _verdict(turn: Turn, form: Form) -> No | None:
    return verdict(path(flow_of(form), form.answers, turn.today).answers, turn.today)
