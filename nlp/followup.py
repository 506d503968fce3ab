"""What the talk was about: «แล้วทางเลือก 3 ล่ะ» is the last question again, with another option."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np

from nlp.classifier import INTENTS, Prediction
from nlp.extract.groups import without_schemes
from nlp.extract.spans import Sign
from nlp.intents import Intent
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
    Intent.CONTRIBUTION_RATE: (Intent.PAYMENT_CHANNEL, Intent.PAYMENT_ADVANCE),
    Intent.PAYMENT_CHANNEL: (Intent.PAYMENT_ARREARS, Intent.PAYMENT_ADVANCE),
    Intent.COMPARE_OPTIONS: (Intent.CHANGE_OPTION, Intent.CONTRIBUTION_RATE),
}
_CLAIMS = _BENEFITS | {Intent.CLAIM_HOW}
_JOINS = re.compile(r"สมัคร|ลงทะเบียน|ขึ้นทะเบียน|เข้าร่วม")
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


def merged(new: Entities, old: Entities) -> Entities:
    """What is named now, and of the rest what was named before."""
    kept = {
        f.name: getattr(old, f.name) for f in fields(Entities) if getattr(new, f.name) in (None, ())
    }
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
    said = words(without_schemes(message.masked))
    if any(word not in _FILLER for word in said if not _is_sign(word)):
        return None
    named = message.entities
    if named == Entities() and Sign.NUMBER in message.masked:
        named = _bare_number(message.text, topic.intent)
    intent = None if named == Entities() else _intent(named, topic.intent)
    if intent is None:
        return None
    entities = merged(named, topic.entities)
    return Understanding(message.text, intent, _SURE, Outcome.ANSWER, entities, (intent,))


def _bare_number(text: str, before: Intent) -> Entities:
    """«แล้ว 3 ล่ะ» is an option after a question of options, «ถ้า 70 ล่ะ» an age after one of age."""
    numbers = re.findall(r"\d+", text)
    value = int(numbers[0]) if len(numbers) == 1 and len(numbers[0]) < 4 else 0
    if before in (Intent.ELIGIBILITY, Intent.ELIGIBILITY_AGE) and 10 <= value <= 110:
        return Entities(age=value)
    if before in _INHERITS_OPTION and value in (1, 2, 3):
        return Entities(option=value, options=(value,))
    return Entities()


def _is_sign(word: str) -> bool:
    return all("\ue000" <= c <= "\uf8ff" for c in word)


def _intent(named: Entities, before: Intent) -> Intent | None:
    if named.options:
        if len(named.options) > 1:
            return Intent.COMPARE_OPTIONS if before in _ABOUT_OPTIONS else before
        return Intent.OPTION_DETAIL if before in _ABOUT_OPTIONS else before
    if named.province is not None or named.district is not None:
        return before if before in (Intent.OFFICE_LOCATION, Intent.CONTACT_HOTLINE) else None
    if named.age is not None and before is Intent.ELIGIBILITY:
        return Intent.ELIGIBILITY_AGE
    if named.schemes:
        return (
            Intent.ELIGIBILITY_OTHER_SCHEME
            if before in (Intent.ELIGIBILITY, Intent.ELIGIBILITY_OTHER_SCHEME)
            else None
        )
    return before


def inherited(named: Entities, intent: Intent, topic: Topic | None) -> Entities:
    """An option or province named a moment ago still holds where the question needs one."""
    if topic is None:
        return named
    if not named.options and intent in _INHERITS_OPTION and topic.entities.option is not None:
        named = replace(named, option=topic.entities.option, options=(topic.entities.option,))
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
    if topic is not None and topic.intent in _CLAIMS and not _JOINS.search(text):
        prediction = _papers_of_the_claim(prediction)
    likelier = _LIKELIER.get(topic.intent, ()) if topic is not None else ()
    if not likelier:
        return prediction
    probabilities = prediction.probabilities.copy()
    probabilities[[INTENTS.index(intent) for intent in likelier]] *= _BOOST
    return replace(
        prediction, probabilities=(probabilities / np.sum(probabilities)).astype(np.float32)
    )


def _papers_of_the_claim(prediction: Prediction) -> Prediction:
    """«ใช้เอกสารอะไร» after a question of a benefit means the papers to claim it."""
    probabilities = prediction.probabilities.copy()
    joining, claim = INTENTS.index(Intent.REGISTER_DOCUMENTS), INTENTS.index(Intent.CLAIM_HOW)
    probabilities[claim] += probabilities[joining]
    probabilities[joining] = 0
    return replace(prediction, probabilities=probabilities)
