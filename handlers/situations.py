"""What somebody's situation makes of a question: a death, neighbours to register, a wait."""

import re
from dataclasses import replace
from datetime import timedelta

from handlers import answering, form_questions, leads, rights, starting
from handlers.commands import command
from handlers.phrases import button, call, say
from handlers.replies import Say
from handlers.turn import Decision, Turn
from nlp.intents import Intent
from nlp.understanding import Outcome, Understanding

_ABOUT_JOINING = frozenset(
    {
        Intent.REGISTER_HOW,
        Intent.REGISTER_START,
        Intent.REGISTER_DOCUMENTS,
        Intent.PROJECT_INFO,
        Intent.ELIGIBILITY,
    }
)
CARE_LASTS = timedelta(hours=1)
_NO_MATTER_OF_OURS = frozenset(
    {Intent.THANKS_BYE, Intent.GREET, Intent.COMPLAINT, Intent.OUT_OF_SCOPE, Intent.HELP_MENU}
)
_KEPT_HOW_LONG = re.compile(r"กี่(?:ปี|วัน|เดือน)|นาน(?:แค่ไหน|เท่าไ|ไหม)|(?:ลบ|ทิ้ง)เมื่อไ")
_WAITS = re.compile(r"รอ|กี่วัน|เมื่อไ[หร]|นาน|ยังไม่")
_OF_DEATH = (Intent.BENEFIT_DEATH, Intent.CLAIM_HOW, Intent.QUALIFYING_PERIOD)
_HAS_DIED = re.compile(
    r"(?:พ่อ|แม่|สามี|ภรรยา|เมีย|ผัว|ยาย|ตา|ปู่|ย่า|ป้า|ลุง|น้า|อา|พี่|น้อง|แฟน|ลูก|หลาน)"
    r"[ก-๙]{0,8}(?:ตาย(?!ตัว)|เสีย(?!เงิน|ค่า|สิทธิ|ตัง)|จากไป)"
)
_WHAT_IF = re.compile(r"ถ้า|หาก|สมมติ|เผื่อ|กลัว|ตาย(?:แล้ว)?ได้")
_WHAT_TO_DO = re.compile(r"ทำ(?:ยังไง|ไง|อย่างไร|อะไร)|ยื่น|เบิก|เอกสาร|เฮ็ด")


def in_despair(turn: Turn, text: str) -> bool:
    """Soon after words of despair: thanks, or words we don't understand, get no cheerful reply."""
    since = turn.talk.cared_at
    if since is None or turn.now - since > CARE_LASTS:
        return False
    understood = turn.tools.understand(text, None)
    sure = understood.outcome is Outcome.ANSWER and understood.intent not in _NO_MATTER_OF_OURS
    return not sure and not command(text, in_form=False)


def hear(turn: Turn, understood: Understanding, text: str) -> Decision | None:
    """What is said to somebody in such a situation; None: in none of them."""
    if loss := _of_a_loss(understood, text):
        return answering.answered(turn, loss).after(Say(say("sorry_for_loss", turn.lang)))
    about_joining = _ABOUT_JOINING & {understood.intent, *understood.suggestions}
    if about_joining and starting.asks_for_others(text):
        quick = [button("register_other", turn.lang), button("menu", turn.lang)]
        return turn.say("for_others", quick=quick)
    topic = turn.talk.topic_on(turn.now)
    if topic is not None and topic.intent is Intent.TALK_TO_STAFF and _WAITS.search(text):
        return turn.say("staff_waited_for", quick=[call(turn.lang), button("menu", turn.lang)])
    changes = understood.intent is Intent.CHANGE_OPTION and understood.outcome is Outcome.ANSWER
    if changes and leads.open_ones(turn):
        return leads.choose(turn, "fix", leads.fix_option)
    if understood.intent is Intent.PRIVACY and _KEPT_HOW_LONG.search(text):
        return rights.notice(turn)
    if form_questions.asks_when_called(text):
        return leads.status(turn)
    return None


def _of_a_loss(understood: Understanding, text: str) -> Understanding | None:
    """The question of somebody who has lost a relative: nobody is asked back in grief."""
    if understood.entities.benefit != "death" or not _HAS_DIED.search(text):
        return None
    if _WHAT_IF.search(text):
        return None
    if understood.outcome is Outcome.ANSWER:
        return understood if understood.intent in _OF_DEATH else None
    if not set(understood.suggestions) & set(_OF_DEATH):
        return None
    intent = Intent.CLAIM_HOW if _WHAT_TO_DO.search(text) else Intent.BENEFIT_DEATH
    return replace(understood, intent=intent, outcome=Outcome.ANSWER)
