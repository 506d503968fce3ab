"""Choices for the questions about joining: age, occupation, other schemes, offices, options."""

from nlp.answering.choice import Choice, Question, named_keys
from nlp.answering.words import word
from nlp.calculators import OPTIONS, option_for
from nlp.intents import Intent
from nlp.offices import BANGKOK, offices_in

_RIDER = "rider"
_RULED_OUT = {"s33", "s39", "civil_service"}
_NONTHABURI = "นนทบุรี"
"""The province of the headquarters, which takes no applications of Section 40."""


def eligibility(question: Question) -> Choice:
    """An age or another scheme that is named decides before the occupation does."""
    entities = question.entities
    if _outside_ages(question) or (question.age is not None and not entities.schemes):
        return eligibility_age(question)
    if entities.schemes:
        return Choice(named_keys(question), page=Intent.ELIGIBILITY_OTHER_SCHEME)
    studied = question.day >= question.facts.day("law.riders_studied_from")
    if entities.occupation == _RIDER and studied:
        return Choice(("case.rider",))
    if entities.occupation:
        name = word("occupation", entities.occupation, "th")
        return Choice(("case.occupation",), {"occupation": name})
    return Choice()


def eligibility_age(question: Question) -> Choice:
    """Whether an age can join, and what is special about it."""
    age = question.age
    if age is None:
        return Choice(page=Intent.ELIGIBILITY_AGE)
    values = {"age": age, "wait": max(0, question.facts["age.min"] - age)}
    case = _age_case(question, age)
    last_day = question.entities.particular == "until_day" and case != "too_old"
    keys = (f"case.{case}", *(("particular.until_day",) if last_day else ()))
    return Choice(keys, values, page=Intent.ELIGIBILITY_AGE)


def _age_case(question: Question, age: int) -> str:
    low, high = question.facts["age.min"], question.facts["age.max"]
    if age < low:
        return "too_young"
    if age > high:
        return "too_old"
    if age == high:
        return "last_year"
    if age < question.facts.peek("age.adult"):
        return "minor"
    return "senior" if age >= question.facts.peek("old_age.age") else "fits"


def eligibility_health(question: Question) -> Choice:
    """A scheme or an age that rules joining out does so whatever the health."""
    if _outside_ages(question):
        return eligibility_age(question)
    if _RULED_OUT & set(question.entities.schemes):
        return Choice(named_keys(question), page=Intent.ELIGIBILITY_OTHER_SCHEME)
    return Choice()


def eligibility_nationality(question: Question) -> Choice:
    """An age that rules joining out does so whatever the nationality."""
    return eligibility_age(question) if _outside_ages(question) else Choice()


def registering(question: Question) -> Choice:
    """Who is too old is told so before any paper. A small age may be a child's, so it is let be."""
    too_old = question.age is not None and question.age > question.facts.peek("age.max")
    return eligibility_age(question) if too_old else Choice()


def _outside_ages(question: Question) -> bool:
    low, high = question.facts.peek("age.min"), question.facts.peek("age.max")
    return question.age is not None and not low <= question.age <= high


def compare_options(question: Question) -> Choice:
    """Two options named: only their cards. Children, many days ill or a budget: the option they
    point to.
    """
    named = tuple(sorted({o for o in question.entities.options if o in OPTIONS}))
    if len(named) > 1:
        return Choice(cards=tuple(option - 1 for option in named))
    if question.entities.children:
        return Choice(("case.children", "base"))
    days = question.entities.days
    if days is not None and days > question.facts.peek("sickness.days_option1"):
        return Choice(("case.many_days", "base"))
    amount = question.entities.amount
    affordable = option_for(question.facts, amount) if amount is not None else None
    if affordable is None:
        return Choice()
    values = {"amount": amount or 0, "option": affordable}
    return Choice(("case.budget", "base"), values)


def office_location(question: Question) -> Choice:
    """The office of a province; Bangkok has an office for each of its areas."""
    offices = offices_in(question.entities.province or "")
    if not offices:
        return Choice()
    values: dict[str, int | str] = {"office": offices[0].name, "count": len(offices)}
    if offices[0].province == BANGKOK:
        return Choice(("case.bangkok",), values)
    if offices[0].province == _NONTHABURI:
        return Choice(("case.nonthaburi",), values)
    return Choice(("case.province",), values)
