"""«Which option for me»: four questions, and a recommendation with its reasons in baht."""

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
from nlp.facts import Numbers, Reading, facts_on
from nlp.intents import Intent
from nlp.understanding import Entities


@dataclass(frozen=True, slots=True)
class Pick:
    """One answer to tap."""

    value: str
    label: str
    en: str


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
        """The value a typed answer stands for: a label, or a number where one is asked."""
        said = "".join(text.split())
        for pick, button in zip(self.picks, self.buttons(today), strict=True):
            if said in (pick.value, "".join(button.label.split())):
                return pick.value
        digits = "".join(character for character in said if character.isdigit())
        return str(int(digits)) if digits and self.id in ("age", "budget") else None


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
