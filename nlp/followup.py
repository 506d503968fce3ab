"""What the talk was about: «แล้วทางเลือก 3 ล่ะ» is the last question again, with another option."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np

from nlp.classifier import INTENTS, Prediction
from nlp.extract.groups import without_named
from nlp.extract.spans import Sign
from nlp.facts import book
from nlp.intents import Intent
from nlp.numbers import WORDS, value_of
from nlp.reading import Reading
from nlp.tokens import talk, words
from nlp.understanding import Entities, Outcome, Topic, Understanding

_FILLER = talk("follow_up") | talk("particles")
_SURE = 0.95
_NO_TOPIC = frozenset(
    (
        Intent.GREET,
        Intent.THANKS_BYE,
        Intent.HELP_MENU,
        Intent.OUT_OF_SCOPE,
        Intent.BOT_IDENTITY,
        Intent.TALK_TO_STAFF,
    )
)
_ABOUT_OPTIONS = frozenset(
    (Intent.COMPARE_OPTIONS, Intent.BENEFITS_OVERVIEW, Intent.ABOUT_SECTION40, Intent.OPTION_DETAIL)
)
_BENEFITS = frozenset(intent for intent in Intent if intent.startswith("benefit_"))
_LIKELIER: Mapping[Intent, tuple[Intent, ...]] = {
    **dict.fromkeys(_BENEFITS, (Intent.CLAIM_HOW, Intent.QUALIFYING_PERIOD)),
    Intent.CLAIM_HOW: (Intent.CLAIM_HOW, Intent.QUALIFYING_PERIOD),
    Intent.REGISTER_HOW: (Intent.REGISTER_DOCUMENTS, Intent.REGISTER_START),
    Intent.REGISTER_START: (
        Intent.REGISTER_DOCUMENTS,
        Intent.REGISTER_STATUS,
        Intent.REGISTER_EDIT,
        Intent.REGISTER_CANCEL,
    ),
    Intent.CONTRIBUTION_RATE: (
        Intent.PAYMENT_CHANNEL,
        Intent.PAYMENT_ADVANCE,
        Intent.PAYMENT_ARREARS,
        Intent.OPTION_DETAIL,
    ),
    Intent.PAYMENT_CHANNEL: (Intent.PAYMENT_ARREARS, Intent.PAYMENT_ADVANCE),
    Intent.COMPARE_OPTIONS: (Intent.CHANGE_OPTION, Intent.CONTRIBUTION_RATE),
}
_CLAIMS = _BENEFITS | {Intent.CLAIM_HOW}
_BENEFIT_INTENTS = {
    "death": Intent.BENEFIT_DEATH,
    "disability": Intent.BENEFIT_DISABILITY,
    "old_age": Intent.BENEFIT_OLD_AGE,
    "child": Intent.BENEFIT_CHILD,
    "sickness": Intent.BENEFIT_SICKNESS,
}
_BENEFITS_BY_INTENT = {intent: benefit for benefit, intent in _BENEFIT_INTENTS.items()}
_BY_BENEFIT = frozenset((Intent.CLAIM_HOW, Intent.QUALIFYING_PERIOD))
"""Questions that are asked of one benefit or another."""
_TELLS_BENEFITS = _BENEFITS | _ABOUT_OPTIONS | {Intent.CONTRIBUTION_RATE, Intent.CHANGE_OPTION}
_BY_AGE = frozenset((Intent.BENEFIT_OLD_AGE, Intent.COMPARE_OPTIONS))
_AGES = range(10, 111)
_JOINING = frozenset((Intent.ELIGIBILITY, Intent.ELIGIBILITY_AGE, Intent.ELIGIBILITY_OTHER_SCHEME))
_OLD = re.compile(r"(?:ตอน|พอ|ถ้า)?(?:แก่(?!น)|ชรา(?!พร|ภาพ)|อายุมาก)(?:ตัว)?(?:แล้ว|ไป)?")
_GETS = re.compile(r"(?:ได้|มี|คุ้มครอง)(?:อะไร|ไร|หยัง|อิหยัง|อีหยัง)(?:บ้าง)?")
_PAYS_BY = re.compile(
    r"7 ?[-/]? ?(?:11|eleven)|เซเว่น|โลตัส|บิ๊กซี|ธนาคาร|ธกส|แอป|ตู้|ไปรษณีย์|(?:ตัด|หัก|ไม่มี)บัญชี|พร้อมเพย์|โอน"
)
_HOW_MUCH = re.compile(
    r"(?:แล้ว|ตกลง|สรุป)?(?:จะ)?ได้(?:เงิน)?(?:เท่าไ\S*|เท่าใด|กี่บาท|จักบาท|จั๊กบาท)(?:ค่ะ|คะ|ครับ|ล่ะ|อ่ะ| )*"
)
_DAYS = re.compile(rf"(\d{{1,3}}|{WORDS}) ?(?:วัน|คืน|มื้อ)(?!ละ|ที่แล้ว|ก่อน)")
_SHORT = 30
"""A message longer than this (characters) says itself what it is about."""
_MEANS: tuple[tuple[frozenset[Intent], re.Pattern[str], Intent, Intent], ...] = (
    (
        _CLAIMS,
        re.compile(r"^(?!.*(?:สมัคร|ลงทะเบียน|ขึ้นทะเบียน|เข้าร่วม))"),
        Intent.REGISTER_DOCUMENTS,
        Intent.CLAIM_HOW,
    ),
    (
        _CLAIMS,
        re.compile(r"กี่วัน(?:ถึง|จะ|กว่า)*(?:ได้รับ|ได้เงิน|เงิน|โอน|เข้า)"),
        Intent.BENEFIT_SICKNESS,
        Intent.CLAIM_HOW,
    ),
    (_CLAIMS, re.compile(r"^(?!.*ปี).*กี่วัน"), Intent.QUALIFYING_PERIOD, Intent.CLAIM_HOW),
    (
        frozenset((Intent.REGISTER_HOW, Intent.REGISTER_DOCUMENTS, Intent.ELIGIBILITY)),
        re.compile(r"เสีย(?:เงิน|ตัง|ค่า)|ฟรี"),
        Intent.BOT_IDENTITY,
        Intent.CONTRIBUTION_RATE,
    ),
    (
        frozenset((Intent.ELIGIBILITY_OTHER_SCHEME, Intent.OTHER_SECTION)),
        re.compile(r"ออก"),
        Intent.RESIGN_MEMBERSHIP,
        Intent.ELIGIBILITY_OTHER_SCHEME,
    ),
)
"""After such a topic, such words mean another thing than they would alone: «ใช้เอกสารอะไร» after a
benefit asks for the papers to claim it, «กี่วันถึงได้» when the money comes.
"""
_BOOST = 3.0
"""How much likelier a question is right after the one it usually follows."""
_INHERITS_OPTION = (
    _BENEFITS
    | _ABOUT_OPTIONS
    | {
        Intent.CONTRIBUTION_RATE,
        Intent.PAYMENT_ADVANCE,
        Intent.PAYMENT_ARREARS,
        Intent.EXTRA_SAVINGS,
        Intent.QUALIFYING_PERIOD,
        Intent.CLAIM_HOW,
    }
)


_OF_OLD_AGE = frozenset((Intent.BENEFIT_OLD_AGE, Intent.EXTRA_SAVINGS))
_TELLS_MONTHS = _OF_OLD_AGE | {Intent.CONTRIBUTION_RATE}
"""Months told there are those that old age is reckoned with: «แล้วได้คืนกี่บาท»."""
_COUNTS = _INHERITS_OPTION | {
    Intent.ELIGIBILITY_AGE,
    Intent.TAX_DEDUCTION,
    Intent.CHANGE_OPTION,
    Intent.GOVERNMENT_AID,
}
"""Questions whose answer depends on a number, a sum or a day."""


def merged(new: Entities, old: Entities) -> Entities:
    """What is named now, and of the rest what was named before."""
    kept = {
        f.name: getattr(old, f.name) for f in fields(Entities) if getattr(new, f.name) in (None, ())
    }
    kept.pop("particular", None)
    if new.options:
        kept.pop("option", None)
    if new.province is not None:
        kept.pop("district", None)
        kept.pop("tambon", None)
    return replace(new, **kept)


def follow_up(message: Reading, topic: Topic | None) -> Understanding | None:
    """The topic's question again, when the message only names something else to ask it of."""
    if topic is None or topic.intent in _NO_TOPIC:
        return None
    named, short = _named(message, topic.intent), len(message.text) <= _SHORT
    intent = None
    if topic.intent is Intent.PAYMENT_CHANNEL and _PAYS_BY.search(message.text) and short:
        intent = Intent.PAYMENT_CHANNEL
    elif named.option is not None and short and _GETS.search(message.text):
        intent = Intent.OPTION_DETAIL
    elif topic.intent in _BY_BENEFIT and _HOW_MUCH.fullmatch(message.text):
        intent = _BENEFIT_INTENTS.get(topic.entities.benefit or "")
    elif named != Entities() and not _says_more(message.masked):
        intent = _intent(named, topic.intent)
    if intent is None:
        return None
    entities = merged(named, topic.entities)
    return Understanding(message.text, intent, _SURE, Outcome.ANSWER, entities, (intent,))


def _says_more(text: str) -> bool:
    """Whether there are words besides what is named and what may stand around it."""
    said = words(_OLD.sub(" ", without_named(text)))
    return any(word not in _FILLER for word in said if not _is_sign(word))


def _named(message: Reading, before: Intent) -> Entities:
    """What is named; old age, days and bare numbers by what the talk is about."""
    named, text = message.entities, message.text
    if before in _TELLS_BENEFITS and named.benefit is None and _OLD.search(message.masked):
        named = replace(named, benefit="old_age")
    if before in _JOINING and named.age is None and named.amount in _AGES and "บาท" not in text:
        named = replace(named, age=named.amount, amount=None)
    if before is Intent.BENEFIT_SICKNESS and named.days is None and (days := _DAYS.search(text)):
        named = replace(named, days=value_of(days[1]))
    if named == Entities() and Sign.NUMBER in message.masked:
        return _bare_number(text, before)
    return named


def _bare_number(text: str, before: Intent) -> Entities:
    """«แล้ว 3 ล่ะ» is an option after a question of options, «ถ้า 70 ล่ะ» an age after one of age."""
    numbers = re.findall(r"\d+", text)
    value = int(numbers[0]) if len(numbers) == 1 and len(numbers[0]) < 4 else 0
    if before in (Intent.ELIGIBILITY, Intent.ELIGIBILITY_AGE) and value in _AGES:
        return Entities(age=value)
    if before in _INHERITS_OPTION and value in (1, 2, 3):
        return Entities(option=value, options=(value,))
    return Entities()


def _is_sign(word: str) -> bool:
    return all("\ue000" <= c <= "\uf8ff" for c in word)


def _intent(named: Entities, before: Intent) -> Intent | None:
    if named.benefit is not None and before not in _BY_BENEFIT:
        return _BENEFIT_INTENTS[named.benefit] if before in _TELLS_BENEFITS else None
    if named.options:
        if len(named.options) > 1:
            return Intent.COMPARE_OPTIONS if before in _ABOUT_OPTIONS else before
        return Intent.OPTION_DETAIL if before in _ABOUT_OPTIONS else before
    if named.province is not None or named.district is not None:
        at_a_place = before in (Intent.OFFICE_LOCATION, Intent.CONTACT_HOTLINE)
        return Intent.OFFICE_LOCATION if at_a_place else None
    return _of_a_person(named, before)


def _of_a_person(named: Entities, before: Intent) -> Intent | None:
    """The question when only somebody's age, work or other scheme is told."""
    if named.age is not None and before not in _BY_AGE:
        return Intent.ELIGIBILITY_AGE if before in _JOINING else None
    if named.on is not None and named.on < book().history_from:
        return None
    if named.children and before in _TELLS_BENEFITS:
        return Intent.BENEFIT_CHILD
    if named.schemes:
        return Intent.ELIGIBILITY_OTHER_SCHEME if before in _JOINING else None
    if named.occupation is not None:
        return Intent.ELIGIBILITY if before in _JOINING else None
    return before if before in _COUNTS else None


def inherited(named: Entities, intent: Intent, topic: Topic | None) -> Entities:
    """An option or province named a moment ago still holds where the question needs one."""
    if topic is None:
        return named
    if not named.options and intent in _INHERITS_OPTION and topic.entities.option is not None:
        named = replace(named, option=topic.entities.option, options=(topic.entities.option,))
    if intent in _BY_BENEFIT and named.benefit is None:
        named = replace(
            named, benefit=topic.entities.benefit or _BENEFITS_BY_INTENT.get(topic.intent)
        )
    if named.months is None and intent in _OF_OLD_AGE and topic.intent in _TELLS_MONTHS:
        named = replace(named, months=topic.entities.months)
    if intent is topic.intent is Intent.ELIGIBILITY_OTHER_SCHEME and not named.schemes:
        named = replace(named, schemes=topic.entities.schemes)
    if (
        named.province is None
        and intent is Intent.OFFICE_LOCATION
        and topic.entities.province is not None
    ):
        named = replace(
            named,
            province=topic.entities.province,
            district=named.district or topic.entities.district,
        )
    return named


def in_context(prediction: Prediction, topic: Topic | None, text: str = "") -> Prediction:
    """Questions that usually follow the topic's are somewhat likelier."""
    if topic is None or topic.intent in _NO_TOPIC:
        return prediction
    for topics, words_of_it, is_not, but in _MEANS:
        if topic.intent in topics and words_of_it.search(text):
            prediction = _moved(prediction, is_not, but)
    likelier = set(_LIKELIER.get(topic.intent, ()))
    if len(text) <= _SHORT:
        likelier.add(topic.intent)
    if not likelier:
        return prediction
    probabilities = prediction.probabilities.copy()
    probabilities[[INTENTS.index(intent) for intent in likelier]] *= _BOOST
    return replace(
        prediction, probabilities=(probabilities / np.sum(probabilities)).astype(np.float32)
    )


def _moved(prediction: Prediction, is_not: Intent, but: Intent) -> Prediction:
    """What speaks for the one speaks for the other."""
    probabilities = prediction.probabilities.copy()
    probabilities[INTENTS.index(but)] += probabilities[INTENTS.index(is_not)]
    probabilities[INTENTS.index(is_not)] = 0
    return replace(prediction, probabilities=probabilities)
