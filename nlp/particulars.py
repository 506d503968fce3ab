"""Small questions beside the big ones: a fee, a last day, a year to come. By rule, since each is
one sentence of a page and no intent of its own.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from nlp.followup import merged
from nlp.intents import Intent
from nlp.reading import Reading
from nlp.understanding import Outcome, Topic, Understanding

PATH = Path(__file__).parent / "lexicon" / "particulars.toml"
_CLAIMS = re.compile(r"เบิก|เคลม")
_SURE = 0.95
_LONGEST = 90
"""A longer message tells a story; its question may be another one."""
_BENEFITS = frozenset(
    {
        *(intent for intent in Intent if intent.startswith("benefit")),
        Intent.CLAIM_HOW,
        Intent.QUALIFYING_PERIOD,
    }
)


@dataclass(frozen=True, slots=True)
class Particular:
    """How one is asked, whose page answers it, and the topics it is asked under (none: any)."""

    words: re.Pattern[str]
    intent: Intent
    after_benefits: Intent
    topics: frozenset[Intent]


@cache
def particulars() -> Mapping[str, Particular]:
    """All of them, by id."""
    raw = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return {
        name: Particular(
            words=re.compile("|".join(f"(?:{words})" for words in table["words"])),
            intent=Intent(table["intent"]),
            after_benefits=Intent(table.get("after_benefits", table["intent"])),
            topics=frozenset(Intent(topic) for topic in table.get("topics", ())),
        )
        for name, table in raw.items()
    }


def particular(message: Reading, topic: Topic | None) -> Understanding | None:
    """The small question that a short message asks; None: none."""
    if len(message.text) > _LONGEST:
        return None
    about = topic.intent if topic else None
    for name, one in particulars().items():
        if (one.topics and about not in one.topics) or not one.words.search(message.text):
            continue
        of_benefits = about in _BENEFITS or _CLAIMS.search(message.text)
        intent = one.after_benefits if of_benefits else one.intent
        named = replace(message.entities, particular=name)
        if topic is not None and about is intent:
            # A day told before may be another year's: «ปีหน้าจะขึ้นไหม», then «ทั้งปีกี่บาท».
            named = merged(named, replace(topic.entities, on=None, on_words=None))
        return Understanding(message.text, intent, _SURE, Outcome.ANSWER, named, (intent,))
    return None
