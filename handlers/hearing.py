"""What a person says while a form is open: a command, a correction, an answer or a question."""

import re
from dataclasses import replace

from handlers import acting, form_questions
from handlers.commands import command
from handlers.conversation import Form
from handlers.correction import CORRECTION
from handlers.display import shown, who
from handlers.flow import REVIEW, Step, heard, moved, path, repaired
from handlers.form import MISSES_BEFORE_PERSON, ask, flow_of, half_understood, live
from handlers.form_commands import obey
from handlers.phrases import filled, say
from handlers.registration import REGISTRATION, correction, hints
from handlers.review import go_on, means_send, means_wrong, submit
from handlers.sources import opens_source
from handlers.starting import end, ended, is_not_own, is_of_other
from handlers.steps.outcome import Heard, Invalid, More, Value
from handlers.steps.text import asks, clean
from handlers.taking import Taken, echo, named_step, news_of_verdict, put, take_sure
from handlers.turn import MAX_QUICK, Decision, Turn
from handlers.wording import steps
from nlp.intents import Intent
from nlp.understanding import Outcome, Understanding

_DECIDED = re.compile(r"^(?:เอา|เลือก|ขอเลือก|ขอเป็น|ตอบ|สมัคร(?:แบบ|ทางเลือก))")
_WISH = re.compile(r"^(?:อยาก|ขอ|ช่วย|รบกวน|สอบถาม|ถาม)")
_ALSO_ANSWERS = ("skip", "lang_th", "lang_en", "resume")
_ECHOED = ("name", "birth_date", "phone", "id_number", "address", "province", "occupation")
_WHY = re.compile(
    r"^(?:แล้ว)?(?:ทำไม|เพื่ออะไร|เอาไป(?:ทำ(?:อะไร|ไร|หยัง)|ไหน)|ใช้ทำ(?:อะไร|ไร)|ถามทำไม|จำเป็น|เฮ็ดหยัง|why)|ทำไม(?:ต้อง|ถึง)|ไปทำ(?:อะไร|ไม)",
    re.IGNORECASE,
)
_NOTHING_READ = frozenset(
    ["choose", "no_date", "no_place", "no_province", "no_number", "not_name", "not_words"]
)
"""Refusals of words that are no answer at all: those may be a question."""
_NEVER_AN_ANSWER = frozenset(
    {
        Intent.REGISTER_START,
        Intent.REGISTER_CANCEL,
        Intent.REGISTER_STATUS,
        Intent.TALK_TO_STAFF,
        Intent.COMPLAINT,
        Intent.GREET,
        Intent.THANKS_BYE,
        Intent.HELP_MENU,
        Intent.PRIVACY,
        Intent.BOT_IDENTITY,
    }
)
_CONSENTS = frozenset({"consent", "their_consent", "guardian"})
"""Nobody agrees by asking: «เสียเงินไหมก่อนจะยินยอม» is no consent, whatever words are in it."""
_ASKED_BACK = _CONSENTS | {"option", "schemes"}
"""Where a question that is not quite understood must not be taken for an answer."""
LONGEST = 600
"""No answer is longer; a whole pasted page costs no more time than that."""
SURE = 0.6
"""A statement is taken for a question only above this; words with a question mark need none."""


def hear(turn: Turn, form: Form, text: str) -> Decision:
    """Whatever is said, the form is kept and the open question comes back."""
    text = text[:LONGEST]
    form = repaired(flow_of(form), form, turn.today)
    name = command(text, in_form=True)
    step = flow_of(form).step(form.at)
    if name and not (step and name in _ALSO_ANSWERS and _answers(turn, form, step, text)):
        return obey(turn, form, name)
    if about_form := form_questions.which(text, form.at):
        taken, _ = take_sure(turn, form, text, but="")
        told = form_questions.told(turn, taken.form, about_form)
        return _goes_on(turn, taken.form, told, *echo(turn, taken.form, taken.steps))
    if form.flow == REGISTRATION.id and is_not_own(text) and not is_of_other(form):
        return acting.obey(turn, "restart_other")
    wanted = named_step(turn, form, text)
    if wanted is not None:
        return _corrected(turn, form, *wanted)
    if form.at != REVIEW and _WHY.search(clean(text)) and (reason := _why(turn, form)):
        return ask(turn, form, reason)
    if form.at == REVIEW and means_send(text):
        return submit(turn, form)
    if form.at == REVIEW and means_wrong(text):
        return obey(turn, form, "edit")
    if (asked := _asked(turn, form, step, text)) is not None:
        return asked
    if form.at == REVIEW:
        return _at_review(turn, form, text)
    return answer(turn, form, step, text) if step else go_on(turn, form)


def _asked(turn: Turn, form: Form, step: Step | None, text: str) -> Decision | None:
    """What to do with words that look like a question; None: they may be an answer all the same."""
    agreeing = form.at in _CONSENTS
    if not asks(text) or (_DECIDED.match(clean(text)) and not agreeing):
        return None
    if step and step.id == "name" and _reads(turn, form, step, text):
        return None
    understood = turn.tools.understand(text, turn.talk.topic_on(turn.now))
    if understood.outcome is Outcome.ANSWER and understood.intent is not Intent.OUT_OF_SCOPE:
        return interrupted(turn, form, understood)
    if form.at in _ASKED_BACK and understood.suggestions:
        return interrupted(turn, form, replace(understood, outcome=Outcome.ASK))
    return refused(turn, form, step, Invalid("choose")) if step and agreeing else None


def _answers(turn: Turn, form: Form, step: Step, text: str) -> bool:
    """Whether the words answer the open step; «ไทย» is a card before it is a language."""
    return not step.loose and _reads(turn, form, step, text)


def _reads(turn: Turn, form: Form, step: Step, text: str) -> bool:
    try:
        step.parser.read(text, Heard(turn.today, partial=form.partial))
    except (Invalid, More):
        return False
    return True


def _why(turn: Turn, form: Form) -> str:
    """What the open question is for."""
    words = steps()[form.at]
    told = words.why_en if turn.lang == "en" else words.why
    return filled(told, **hints(form.answers))


def answer(turn: Turn, form: Form, step: Step, text: str) -> Decision:
    """The answer to the open step, and to others in the same message."""
    taken, rest = take_sure(turn, form, text, but=step.id)
    answers = path(flow_of(form), taken.form.answers, turn.today).answers
    if taken.steps and not rest and step.loose:
        return go_on(turn, taken.form, *echo(turn, taken.form, taken.steps))
    try:
        value = step.parser.read(rest or text, heard(taken.form, answers, turn.today))
    except More as more:
        if step.loose and (talk := _talk_instead(turn, text)):
            return interrupted(turn, form, talk)
        return ask(turn, half_understood(taken.form, more), *echo(turn, taken.form, taken.steps))
    except Invalid as refusal:
        if taken.steps:
            return go_on(turn, taken.form, *echo(turn, taken.form, taken.steps))
        return _not_an_answer(turn, form, step, text, refusal)
    if step.loose and _own_words(step, value) and (talk := _talk_instead(turn, text)):
        return interrupted(turn, form, talk)
    said = (step.id,) if step.id in _ECHOED else ()
    after = put(turn, taken.form, step, value)
    return accepted(turn, form, Taken(after, (*said, *taken.steps)))


def _own_words(step: Step, value: Value) -> bool:
    """Not one of the options and not a whole name: almost any words would have passed."""
    return isinstance(value, str) and steps()[step.id].option_label(value, "th") is None


def _talk_instead(turn: Turn, text: str) -> Understanding | None:
    """«สมัคร», «สวัสดี», «ขอคุยกับคน» where any words would be an answer: they are none."""
    understood = turn.tools.understand(text, turn.talk.topic_on(turn.now))
    if not _is_sure(understood):
        return None
    if understood.intent in _NEVER_AN_ANSWER or _WISH.match(clean(text)):
        return understood
    return None


def accepted(turn: Turn, before: Form, taken: Taken, key: str = "noted") -> Decision:
    """Goes on after answers: to the end, a kind no, the next question or the review."""
    form = taken.form
    if form.flow == CORRECTION.id:
        return _correction_done(turn, form)
    reason = ended(turn, form)
    if reason:
        return end(turn, form, reason)
    name = who(live(turn, form), turn.lang)
    lead = [*echo(turn, form, taken.steps, key), news_of_verdict(turn, before, form, name)]
    return go_on(turn, form, *lead)


def _correction_done(turn: Turn, form: Form) -> Decision:
    """A sent registration is corrected; an open form goes on."""
    step, reference = str(form.answers["which"]), str(form.answers["reference"])
    value = form.answers[step]
    talk = replace(turn.talk, side=None)
    told = say(
        "fixed",
        turn.lang,
        label=steps()[step].title(turn.lang),
        value=shown(step, value, turn.lang),
    )
    effect = correction(reference, step, value)
    if talk.form is not None:
        return go_on(turn.with_talk(talk), talk.form, told, effects=(effect,))
    return turn.reply(told, talk=talk, effects=(effect,))


def _corrected(turn: Turn, form: Form, step: Step, text: str) -> Decision:
    """An earlier answer, corrected in words. Without a new value: that question again."""
    answers = path(flow_of(form), form.answers, turn.today).answers
    there = moved(form, step.id)
    if not text:
        return ask(turn, there)
    try:
        value = step.parser.read(text, heard(there, answers, turn.today))
    except More as more:
        return ask(turn, half_understood(there, more))
    except Invalid as refusal:
        return refused(turn, there, step, refusal)
    after = put(turn, form, step, value)
    return accepted(turn, form, Taken(after, (step.id,)), key="corrected")


def _at_review(turn: Turn, form: Form, text: str) -> Decision:
    understood = turn.tools.understand(text, turn.talk.topic_on(turn.now))
    if _is_sure(understood):
        return interrupted(turn, form, understood)
    key = "review_again" if form.tries % 2 == 0 else "review_again_2"
    return go_on(turn, replace(form, tries=form.tries + 1), say(key, turn.lang))


def _not_an_answer(turn: Turn, form: Form, step: Step, text: str, refusal: Invalid) -> Decision:
    if refusal.code in _NOTHING_READ and any(letter.isalpha() for letter in text):
        understood = turn.tools.understand(text, turn.talk.topic_on(turn.now))
        if _is_sure(understood) and (not form.partial or understood.intent in _NEVER_AN_ANSWER):
            return interrupted(turn, form, understood)
        if asks(text):
            return interrupted(turn, replace(form, tries=form.tries + 1), understood)
    return refused(turn, form, step, refusal)


def _is_sure(understood: Understanding) -> bool:
    sure = understood.outcome is Outcome.ANSWER and understood.confidence >= SURE
    return sure and understood.intent is not Intent.OUT_OF_SCOPE


def refused(turn: Turn, form: Form, step: Step, refusal: Invalid) -> Decision:
    """The reason with an example, in other words each time; then a person is offered."""
    form = replace(form, tries=form.tries + 1)
    names = {"who": who(live(turn, form), turn.lang), **hints(form.answers), **refusal.hints}
    if turn.lang == "en":
        reason = say("not_read", turn.lang) if form.tries % 2 else say("not_read_2", turn.lang)
    else:
        wordings = steps()[step.id].invalid[refusal.code]
        reason = filled(wordings[(form.tries - 1) % len(wordings)], **names)
    offer = say("offer_person", turn.lang) if form.tries >= MISSES_BEFORE_PERSON else ""
    return _again(turn, form, reason, offer)


def _again(turn: Turn, form: Form, reason: str, offer: str) -> Decision:
    """The reason alone says what is wanted: the question is not repeated below it."""
    asked = ask(turn, form)
    return turn.reply(
        "\n".join(t for t in (reason, offer) if t),
        quick=asked.replies.quick,
        talk=asked.talk,
        effects=asked.effects,
    )


def interrupted(turn: Turn, form: Form, understood: Understanding) -> Decision:
    """A question in the middle: answered, then the open step is asked again."""
    if understood.intent in (Intent.REGISTER_START, Intent.REGISTER_EDIT):
        return obey(turn, form, "edit" if understood.intent is Intent.REGISTER_EDIT else "resume")
    if understood.intent is Intent.REGISTER_CANCEL:
        return _given_up(turn, form, understood)
    if understood.intent is Intent.CHANGE_OPTION and (step := _option_of(turn, form)):
        return _corrected(turn, form, step, str(understood.entities.option or ""))
    told = acting.meant(turn, _of_the_other_scheme(understood, form))
    then = _goes_on(turn, form, told)
    if understood.outcome is Outcome.ASK:
        choices = (*told.replies.quick[:3], *then.replies.quick)
        return replace(then, replies=replace(then.replies, quick=choices[:MAX_QUICK]))
    return then


def _given_up(turn: Turn, form: Form, understood: Understanding) -> Decision:
    """No more of this form; «ลบข้อมูล» is about all that is held, a sent registration too."""
    if form.flow == CORRECTION.id:
        return acting.meant(turn.with_talk(replace(turn.talk, side=None)), understood)
    return obey(turn, form, "erase" if "ลบ" in understood.text else "cancel")


def _option_of(turn: Turn, form: Form) -> Step | None:
    """The step of the option, where one is chosen that can still be changed here."""
    chosen = "option" in path(flow_of(form), form.answers, turn.today).answers
    return flow_of(form).step("option") if chosen and form.at != "option" else None


def _of_the_other_scheme(understood: Understanding, form: Form) -> Understanding:
    """«เดือนหน้าจะออกแล้ว» of somebody in Section 33 or 39 is about leaving that."""
    scheme = form.answers.get("schemes")
    if understood.intent is not Intent.RESIGN_MEMBERSHIP or scheme not in ("s33", "s39"):
        return understood
    named = replace(understood.entities, schemes=(scheme,))
    return replace(understood, intent=Intent.ELIGIBILITY_OTHER_SCHEME, entities=named)


def _goes_on(turn: Turn, form: Form, told: Decision, *lead: str) -> Decision:
    """What was told, with its source, then the open step again."""
    then = go_on(turn.with_talk(told.talk), form, *lead, say("on_with_form", turn.lang))
    if shown_source := tuple(b for b in told.replies.quick if opens_source(b)):
        choices = (*then.replies.quick[: MAX_QUICK - 1], *shown_source[:1])
        then = replace(then, replies=replace(then.replies, quick=choices))
    return then.after(*told.replies.messages[:3], effects=told.effects)
