"""Questions about the form itself: when somebody calls, what it costs, changing an answer later."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handlers import answering
from handlers.conversation import Form
from handlers.display import who
from handlers.form import DRAFT_DAYS, live
from handlers.phrases import filled, long_date
from handlers.replies import Reply, Say
from handlers.steps.text import asks, clean
from handlers.turn import Decision, Turn
from nlp.intents import Intent
from nlp.understanding import Entities

_KEYS = frozenset({"words", "steps", "statement", "th", "en", "intent"})


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question: how it is asked, where, what is said, which answer of nlp follows."""

    words: re.Pattern[str]
    steps: frozenset[str]
    th: str
    en: str
    intent: Intent | None
    statement: bool
    """It may be told without a question word."""

    def told(self, lang: str) -> str:
        return self.en if lang == "en" else self.th


@cache
def form_questions() -> dict[str, FormQuestion]:
    """All of them, by id, checked once."""
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    found = {}
    for name, table in raw.items():
        if unknown := set(table) - _KEYS:
            raise ValueError(f"form_questions.toml [{name}]: unknown keys {sorted(unknown)}")
        found[name] = FormQuestion(
            words=re.compile("|".join(f"(?:{w})" for w in table["words"]), re.IGNORECASE),
            steps=frozenset(table.get("steps", ())),
            th=table.get("th", ""),
            en=table.get("en", ""),
            intent=Intent(table["intent"]) if "intent" in table else None,
            statement=table.get("statement", False),
        )
    return found


def which(text: str, step_id: str) -> FormQuestion | None:
    """The question about the form that these words ask at this step."""
    said, asked = clean(text), asks(text)
    fitting = (
        q
        for q in form_questions().values()
        if (asked or q.statement) and (not q.steps or step_id in q.steps)
    )
    return next((q for q in fitting if q.words.search(said)), None)


def asks_when_called(text: str) -> bool:
    """«เขาจะโทรมาเมื่อไหร่», also where no form is open."""
    return asks(text) and form_questions()["call_when"].words.search(clean(text)) is not None


def told(turn: Turn, form: Form, question: FormQuestion) -> Decision:
    """Its answer; the form goes on after it."""
    own: list[Reply] = []
    if question.th:
        due = long_date(turn.tools.call_due(), turn.lang)
        name = who(live(turn, form), turn.lang)
        own.append(Say(filled(question.told(turn.lang), due=due, who=name, days=str(DRAFT_DAYS))))
    if question.intent is None:
        return turn.reply(*own)
    return answering.asked(turn, question.intent, Entities()).after(*own)
