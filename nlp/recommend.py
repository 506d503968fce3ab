"""«Which option for me»: four questions, and a recommendation with its reasons in baht."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from nlp.answer import Answer
from nlp.answering.choice import Choice, Question
from nlp.answering.choosers import CHOOSERS
from nlp.answering.compose import compose
from nlp.answering.content import FOLDER, Content, Pages, content, parse
from nlp.answering.fill import filled
from nlp.calculators import MONTHS_A_YEAR, OPTIONS, monthly
from nlp.cards import Button
from nlp.entities import find
from nlp.facts import Numbers, Reading, facts_on
from nlp.intents import Intent
from nlp.normalise import normalise
from nlp.numbers import NUMBER, value_of
from nlp.understanding import Entities

UNKNOWN = "unknown"
OLDEST = 115
_BARE = re.compile(
    rf"(?:อายุ|ประมาณ|ราวๆ?|ก็|ตอนนี้|เดือนละ|ได้|ไหว| )*({NUMBER}) ?(?:ปี|บาท|กว่า)?"
    r"(?:ค่ะ|คะ|ครับ|คับ|จ้า|จ้ะ|แล้ว|นะ|ก็ไหว|ก็ได้|ก็พอ|พอ|ไหว| )*"
)
_UNSURE = re.compile(r"(?:ไม่|บ่)(?:ค่อย)?(?:แน่ใจ|รู้|ทราบ|ฮู้)|แล้วแต่|ยังไง(?:ก็)?ได้|อะไรก็ได้")


@dataclass(frozen=True, slots=True)
class Pick:
    """One answer to tap."""

    value: str
    label: str
    en: str
    says: str
    """How people say it besides (a regular expression)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One of the questions; words may name facts, so they are given for a day."""

    id: str
    words: str
    en: str
    picks: tuple[Pick, ...]

    def text(self, today: date, lang: str = "th") -> str:
        """The question in words."""
        facts = facts_on(today)
        template = self.en if lang == "en" else self.words
        return filled(template, facts, lang).text({"child_age": child_age_limit(facts)})

    def buttons(self, today: date, lang: str = "th") -> tuple[Button, ...]:
        """A button for each answer; its data is ``rec:<id>=<value>``."""
        facts = facts_on(today)
        labels = (
            filled(pick.en if lang == "en" else pick.label, facts, lang).text({})
            for pick in self.picks
        )
        return tuple(
            Button(label, data=f"rec:{self.id}={pick.value}", say=label)
            for pick, label in zip(self.picks, labels, strict=True)
        )

    def read(self, text: str, today: date) -> str | None:
        """The value a typed answer stands for; None: it is no answer to this question."""
        said = "".join(text.split())
        for pick, button in zip(self.picks, self.buttons(today), strict=True):
            if said in (pick.value, "".join(button.label.split())):
                return pick.value
        message = normalise(text)
        if number := self._number(message, today):
            return number
        found = [pick.value for pick in self.picks if re.search(pick.says, message)]
        if len(found) > 1 and self.id == "worry":
            return "all"
        return found[0] if found else UNKNOWN if _UNSURE.search(message) else None

    def _number(self, message: str, today: date) -> str:
        """An age or a sum, in words or digits; an option stands for what it costs."""
        named, bare = find(message, today).entities, _BARE.fullmatch(message)
        value = value_of(bare[1]) if bare else None
        if self.id == "age" and not named.options and named.amount is None:
            value = named.age if named.age is not None else value
            return str(value) if value is not None and value <= OLDEST else ""
        if self.id == "budget":
            if named.option:
                return str(monthly(Reading(facts_on(today)), named.option))
            return str(named.amount or value or "")
        if self.id == "children" and named.age is not None:
            return "yes" if named.age < child_age_limit(facts_on(today)) else "no"
        return ""


def child_age_limit(numbers: Numbers) -> int:
    """A child must be younger than this when paying starts for any allowance to come of it."""
    return numbers["child.until_age"] - -(-numbers["child.paid"] // MONTHS_A_YEAR)


def next_question(answers: Mapping[str, str], today: date) -> Ask | None:
    """The next question worth asking; None when the answers decide already."""
    facts = Reading(facts_on(today))
    age, budget = answers.get("age", ""), _budget(answers.get("budget", ""), facts)
    if age.isdecimal() and not _may_join(int(age), facts):
        return None
    settled = {"children", "worry"} if budget == "low" else set[str]()
    if budget == "middle":
        # The child allowance is out of reach, so the children change nothing.
        settled = {"children"}
    if budget == "high" and answers.get("children") == "yes":
        settled = {"worry"}
    open_ = (q for q in QUESTIONS if q.id not in answers and q.id not in settled)
    return next(open_, None)


def recommend(
    answers: Mapping[str, str],
    today: date,
    *,
    lang: str = "th",
    easy: bool = False,
    pages: Pages = content,
) -> Answer:
    """The option that fits the answers (by question id; those missing count as unknown).

    An age as a number that is outside the limits gets the answer about age instead.
    """
    facts = Reading(facts_on(today))
    age = answers.get("age", "")
    entities = Entities(age=int(age)) if age.isdecimal() else Entities()
    question = Question(entities, facts, today, today, lang)
    if question.age is not None and not _may_join(question.age, facts):
        refusal = CHOOSERS[Intent.ELIGIBILITY_AGE](question)
        page = pages(Intent.ELIGIBILITY_AGE)
        return compose(Intent.ELIGIBILITY_AGE, page, refusal, question, easy=easy)
    prices = {f"monthly{option}": monthly(facts, option) for option in OPTIONS}
    gaps = {f"gap1{option}": monthly(facts, option) - prices["monthly1"] for option in OPTIONS[1:]}
    choice = Choice((f"case.{_case(answers, facts)}",), prices | gaps)
    made = compose(Intent.COMPARE_OPTIONS, _page(), choice, question, easy=easy)
    side_by_side = compose(
        Intent.COMPARE_OPTIONS, content(Intent.COMPARE_OPTIONS), Choice(), question, easy=easy
    )
    return replace(made, cards=side_by_side.cards)


def _case(answers: Mapping[str, str], facts: Reading) -> str:
    """The recommendation by its table in recommend.toml, from the strongest reason down."""
    budget, worry = _budget(answers.get("budget", ""), facts), answers.get("worry", "")
    if budget == "low":
        return "budget"
    if budget == "high" and answers.get("children") == "yes":
        return "child"
    if _is_senior(answers.get("age", ""), facts) and worry in ("old_age", "all", ""):
        return "senior"
    if budget == "high" and worry in ("family", "sickness", "all"):
        return worry
    if worry in ("old_age", "all"):
        return "old_age_high" if budget == "high" else "old_age"
    return "enough"


def _may_join(age: int, facts: Reading) -> bool:
    return facts.peek("age.min") <= age <= facts.peek("age.max")


def _budget(answer: str, facts: Reading) -> str:
    if not answer.isdecimal():
        return answer
    if int(answer) >= facts.peek("contribution.option3"):
        return "high"
    return "middle" if int(answer) >= facts.peek("contribution.option2") else "low"


def _is_senior(answer: str, facts: Reading) -> bool:
    if answer.isdecimal():
        return int(answer) >= facts.peek("old_age.age")
    return answer == "senior"


@cache
def _page() -> Content:
    raw = tomllib.loads((FOLDER / "recommend.toml").read_text(encoding="utf-8"))
    return parse("recommend.toml", {key: raw[key] for key in raw if key != "question"})


def _questions() -> tuple[Ask, ...]:
    raw = tomllib.loads((FOLDER / "recommend.toml").read_text(encoding="utf-8"))
    return tuple(
        Ask(q["id"], q["ask"], q["en"], tuple(Pick(**choice) for choice in q["choices"]))
        for q in raw["question"]
    )


QUESTIONS = _questions()
