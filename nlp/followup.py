"""What the talk was about: «แล้วทางเลือก 3 ล่ะ» is the last question again, with another option."""

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np

from nlp.classifier import INTENTS, Prediction
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
}
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
    if topic is None or topic.intent in _NO_TOPIC or message.entities == Entities():
        return None
    if any(word not in _FILLER for word in words(message.masked) if not _is_sign(word)):
        return None
    intent = _intent(message.entities, topic.intent)
    if intent is None:
        return None
    entities = merged(message.entities, topic.entities)
    return Understanding(message.text, intent, _SURE, Outcome.ANSWER, entities, (intent,))


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


def in_context(prediction: Prediction, topic: Topic | None) -> Prediction:
    """Questions that usually follow the topic's are somewhat likelier."""
    likelier = _LIKELIER.get(topic.intent, ()) if topic is not None else ()
    if not likelier:
        return prediction
    probabilities = prediction.probabilities.copy()
    probabilities[[INTENTS.index(intent) for intent in likelier]] *= _BOOST
    return replace(
        prediction, probabilities=(probabilities / np.sum(probabilities)).astype(np.float32)
    )
