"""Beginning, going on with, and ending a registration."""

import re
from dataclasses import replace

from handlers.conversation import Form
from handlers.display import who
from handlers.effects import Effect, Remind, SetMenu
from handlers.flow import answered, path, repaired
from handlers.form import flow_of, live
from handlers.phrases import button, say
from handlers.registration import REGISTRATION
from handlers.replies import Say
from handlers.review import closed, go_on
from handlers.steps.outcome import Heard, Invalid
from handlers.steps.text import asks, clean, plain
from handlers.turn import Decision, Turn
from nlp.understanding import Entities

_NEXT_PERSON = r"(?:(?:คน|ราย)?ต่อไป|อีก(?:คน|ราย)(?:นึง|หนึ่ง)?|(?:คน|ราย)ที่\s?(?:\d+|สอง|สาม|สี่|ห้า|หก))"
_FOR_SOMEONE = re.compile(
    rf"^(?:แล้ว|{_NEXT_PERSON}|อยาก|ขอ|จะ|ช่วย|มา|หนู|ผม|ฉัน|\s)*(?:สมัคร|ลงทะเบียน|ลงชื่อ)"
    r"(?:\s?(?:มาตรา|ม\.?)\s?40)?\s?ให้(?!ฉัน|ผม|หนู|หน่อย|ที|เลย|ด้วย|ได้)"
)

_WITH_OPTION = re.compile(
    r"^(?:งั้น|โอเค|อยาก|ขอ|จะ| )*สมัคร(?:เลย)?\s?(?:มาตรา|ม\.?)?\s?(?:40)?\s?(?:เป็น)?"
    r"(?:ทางเลือก|แบบ|อัน|ตัว|แผน)(?!ไหน)"
)
_TELLS_DATA = re.compile(
    r"^(?:สวัสดี\S*\s|หวัดดี\S*\s)?(?:หนู|ผม|ฉัน|ดิฉัน|ป้า|ลุง|ยาย)?(?:อยาก|ขอ|จะ|ต้องการ|สนใจ|มา)*"
    r"(?:สมัคร|ลงทะเบียน|ลงชื่อ).*(?:\d{9}|ชื่อ\s?[ก-๙]{2,}\s[ก-๙]{2,}|เกิด\S{0,6}\s?\d)"
)
_NOT_OWN = re.compile(
    r"^(?:อ๋อ|อ้าว|เอ้ย|เอ๊ย|เดี๋ยว|โทษที|\s|,)*"
    r"(?:ไม่ใช่(?:ของ)?(?:หนู|ผม|ฉัน|เรา|ตัวเอง|ตัวฉัน)|ไม่ได้(?:สมัคร|ทำ|ลง)ให้(?:ตัวเอง|หนู|ผม|ฉัน))\S{0,6}\s?"
    r"(?:เป็น)?(?:ของ|ให้|สมัครให้|ทำให้|ลงให้)"
    r"(?:คุณ)?(?:แม่|พ่อ|ยาย|ตา|ย่า|ปู่|ป้า|ลุง|น้า|อา|พี่|น้อง|ลูก|หลาน|แฟน|ผัว|เมีย|สามี|ภรรยา|เพื่อน|คนอื่น)"
)
_FOR_OTHERS = re.compile(
    r"(?:สมัคร|ลงทะเบียน|ลงชื่อ|ทำ|กรอก|พิมพ์)\s?แทน|(?:สมัคร|ลงทะเบียน|ลงชื่อ)\s?(?:ให้(?!ฉัน|ผม|หนู|หน่อย|ที|เลย|ด้วย|ได้))"
    r"|ใช้(?:ไลน์|มือถือ|เครื่อง|โทรศัพท์)(?:เครื่อง)?(?:เดียว|กี่)|(?:ไลน์|มือถือ|เครื่อง)เดียว.{0,8}(?:หลาย|กี่|ทั้งบ้าน|\d)\s?คน"
    r"|(?:จะ|อยาก|ขอ|มา|พา)ลงให้?(?:ลูกบ้าน|ชาวบ้าน|คนใน|คนอื่น|คนแก่|เพื่อนบ้าน|สมาชิก|ญาติ)"
)


def start(turn: Turn, text: str = "", entities: Entities | None = None) -> Decision:
    """A new form, or the one that is open. «สมัครให้แม่» answers the first question already."""
    form = turn.talk.form
    if form is not None:
        if not (form.consent_at and is_for_other(turn, text)):
            return resume(turn)
        return _form_open(turn, form)
    return fresh(turn, text, entities)


def begun(turn: Turn, text: str) -> Decision | None:
    """A wish to register that tells for whom, or tells the answers before they are asked."""
    if names_the_person(text):
        return start(turn, text)
    if tells_data(text):
        return start(turn).after(Say(say("consent_first", turn.lang)))
    return None


def fresh(turn: Turn, text: str = "", entities: Entities | None = None) -> Decision:
    """A new form from the first step."""
    serial = turn.talk.forms + 1
    form = Form(REGISTRATION.id, serial, REGISTRATION.steps[0].id)
    turn = turn.with_talk(replace(turn.talk, forms=serial, pending="", side=None))
    if entities and entities.option:
        form = replace(form, answers={"option": str(entities.option)})
    if is_for_other(turn, text):
        form = answered(REGISTRATION, form, "consent", "other", turn.today)
    return go_on(turn, form)


def names_the_person(text: str) -> bool:
    """«สมัครให้ยายหน่อย ยายไม่มีไลน์», «สมัครให้ตัวเอง»: a wish, not a question about it."""
    return _FOR_SOMEONE.match(clean(text)) is not None and not asks(text)


def tells_data(text: str) -> bool:
    """«อยากสมัครค่ะ ชื่อ วันดี มีสุข เบอร์ 081…»: the answers before the consent."""
    said = re.sub(r"(?<=\d)[\s\-]+(?=\d)", "", clean(text))
    return _TELLS_DATA.match(said) is not None and not asks(text)


def is_next_person(text: str) -> bool:
    """«คนต่อไป», «อีกคน»: after one registration, the next one."""
    return re.fullmatch(_NEXT_PERSON, plain(text)) is not None


def asks_for_others(text: str) -> bool:
    """«ลงชื่อให้ชาวบ้านทำยังไง», «สมัครแทนแม่ได้ไหม»."""
    return _FOR_OTHERS.search(clean(text)) is not None and asks(text)


def is_not_own(text: str) -> bool:
    """«อ๋อ ไม่ใช่ของหนูนะ ของแม่»: the form is another person's, whose consent it needs."""
    return _NOT_OWN.match(clean(text)) is not None and not asks(text)


def is_of_other(form: Form) -> bool:
    """Whether the form is another person's already."""
    return form.answers.get("consent") == "other"


def names_the_option(text: str) -> bool:
    """«สมัครทางเลือก 3», as our own button says it: a wish, not a question about it."""
    return _WITH_OPTION.match(clean(text)) is not None and not asks(text)


def is_for_other(turn: Turn, text: str) -> bool:
    """«สมัครให้แม่», «สมัครให้คนอื่น»."""
    consent = REGISTRATION.steps[0].parser
    try:
        return "ให้" in text and consent.read(text, Heard(turn.today)) == "other"
    except Invalid:
        return False


def resume(turn: Turn, *lead: str) -> Decision:
    """The open question again; a flow that changed meanwhile leads to its first open step."""
    form = turn.talk.form
    if form is None:
        return fresh(turn)
    mended = repaired(flow_of(form), form, turn.today)
    told = lead or (say("resumed", turn.lang),)
    return go_on(turn, mended, *told)


def _form_open(turn: Turn, form: Form) -> Decision:
    quick = [
        button("resume", turn.lang),
        button("register_other", turn.lang, data="do:restart_other"),
    ]
    name = who(live(turn, form), turn.lang)
    return turn.say("form_open", quick=quick, who=name)


def end(turn: Turn, form: Form, key: str) -> Decision:
    """The form is forgotten, with a kind word."""
    quick = [button("menu", turn.lang), button("staff", turn.lang)]
    return turn.say(key, quick=quick, talk=closed(turn.talk, form), effects=forgotten(turn, form))


def forgotten(turn: Turn, form: Form) -> tuple[Effect, ...]:
    """What must happen when a form goes: no reminders, and the menu of before."""
    if not form.consent_at:
        return ()
    menu = SetMenu("registered" if turn.tools.leads() else "new")
    return (menu, Remind("expire", None), Remind("unfinished", None))


def ended(turn: Turn, form: Form) -> str:
    """Why the form stops here; empty when it goes on."""
    return REGISTRATION.ended(path(REGISTRATION, form.answers, turn.today).answers)
