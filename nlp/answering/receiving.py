"""Choices for the questions about money received: each benefit, the months it needs, the claim."""

from dataclasses import replace
from datetime import date

from nlp.answering.choice import Choice, Chooser, Question, named_keys
from nlp.answering.illness import benefit_sickness
from nlp.answering.lines import right_lines, sum_lines
from nlp.calculators import (
    MONTHS_A_YEAR,
    OLD_AGE_OPTIONS,
    OPTIONS,
    RightAfterMiss,
    child,
    death,
    disability_step,
    monthly,
    old_age,
    rules,
)
from nlp.chart import MAX_YEARS, chart_path
from nlp.facts import short_date
from nlp.intents import Intent

_WITH_CHILD = OPTIONS[-1]
_MOST_MONTHS = MAX_YEARS * MONTHS_A_YEAR
"""Nobody can have paid for longer: a slip of the finger gets the rule instead of a sum."""


def benefit_disability(question: Question) -> Choice:
    """Until 2025 the step for the months paid; since then only the ends of the ladder are known."""
    months = question.entities.months
    if months is None or "disability.step4_paid" not in question.facts:
        return Choice(named_keys(question))
    amount = disability_step(question.facts, months)
    if amount is None:
        return Choice(("case.too_few",), {"months": months})
    return Choice(("case.step",), {"months": months, "amount": amount})


def benefit_death(question: Question) -> Choice:
    """The sum for the option and the months paid."""
    months, option, facts = question.entities.months, question.option, question.facts
    if months is None:
        return Choice(named_keys(question))
    if months < facts.peek("death.paid"):
        return Choice(("case.too_few",), {"months": months})
    has_extra = "death.extra_paid" in facts
    if option is None:
        values: dict[str, int | str] = {
            "months": months,
            "funeral1": death(facts, OPTIONS[0]).funeral,
            "funeral3": death(facts, OPTIONS[-1]).funeral,
        }
        extra = ("case.extra",) if has_extra else ()
        return Choice(("case.months_ok", *extra, "case.condition"), values)
    grant = death(facts, option, months if has_extra else None)
    sums: dict[str, int | str] = {
        "option": option,
        "months": months,
        "funeral": grant.funeral,
        "extra": grant.extra,
        "total": grant.total,
    }
    if grant.extra:
        return Choice(("case.total", "case.condition"), sums)
    later = ("case.extra",) if has_extra and option != OPTIONS[-1] else ()
    return Choice(("case.funeral_only", *later, "case.condition"), sums)


def benefit_old_age(question: Question) -> Choice:
    """The lump sum for the option, the months and the extra savings named."""
    entities, facts = question.entities, question.facts
    months, option = entities.months, question.option
    extra = max(0, entities.amount or 0)
    for priced in OLD_AGE_OPTIONS:
        # An amount that is a contribution names the option rather than extra savings.
        if extra and option in (None, priced) and extra == monthly(facts, priced):
            option, extra = priced, 0
    if option == OPTIONS[0] or not months or months > _MOST_MONTHS:
        return Choice((f"option.{option}",) if option else ())
    limit = facts.peek("extra_savings.max")
    capped = ("case.savings_capped",) if extra > limit else ()
    if option is None:
        sums: dict[str, int | str] = {"months": months}
        for o in OLD_AGE_OPTIONS:
            sums[f"total{o}"] = old_age(facts, o, months, extra).total
            sums[f"chart{o}"] = chart_path(o, months, min(extra, limit))
        return Choice(("case.sum_each", *capped), sums)
    total = old_age(facts, option, months, extra)
    values: dict[str, int | str] = {
        "option": option,
        "months": months,
        "total": total.total,
        "chart": chart_path(option, months, min(extra, limit)),
        "lines": sum_lines(total, facts["old_age.bonus_paid"], question.lang),
    }
    return Choice(("case.sum", *capped), values)


def benefit_child(question: Question) -> Choice:
    """Only option 3 pays; the number and the age of the children, and the months paid, decide."""
    entities, option, facts = question.entities, question.option, question.facts
    if option is not None and option != _WITH_CHILD:
        return Choice(("case.not_in_option",), {"option": option})
    keys: list[str] = []
    values: dict[str, int | str] = {}
    months, need = entities.months, facts.peek("child.paid")
    if months is not None and months < need:
        keys.append("case.too_few")
        values |= {"months": months, "more": need - months}
    if entities.child_ages:
        key, told = _by_ages(question)
        keys.append(key)
        values |= told
    elif entities.children:
        keys.append("case.children")
        values |= {
            "children": entities.children,
            "amount": child(facts, entities.children),
        }
    grown = entities.age is None or entities.age >= facts.peek("age.min")
    if not grown and not entities.child_ages and entities.age is not None:
        keys.append(f"case.{_child_case(entities.age, facts.peek('child.until_age'))}")
        values["age"] = entities.age
    if keys and len(keys) == 1 and "case.too_few" not in keys:
        keys.append("case.condition")
    return Choice(tuple(keys), values)


def _by_ages(question: Question) -> tuple[str, dict[str, int | str]]:
    """How many of the children are young enough; one at the very limit is not counted on."""
    ages, until = question.entities.child_ages, question.facts.peek("child.until_age")
    young = sum(age < until for age in ages)
    shown: dict[str, int | str] = {"ages": ", ".join(map(str, ages)), "young": young}
    if not young and until not in ages:
        return "case.all_old", shown
    edge = "_edge" if until in ages else ""
    return f"case.by_ages{edge}", {**shown, "amount": child(question.facts, young)}


def _child_case(age: int, until_age: int) -> str:
    if age == until_age:
        return "child_edge"
    return "child_young" if age < until_age else "child_old"


def benefit_maternity(question: Question) -> Choice:
    """Not paid for; a hospital stay may still be a question of sickness."""
    entities = question.entities
    return Choice(("base", "case.in_hospital") if entities.in_hospital or entities.days else ())


def option_detail(question: Question) -> Choice:
    """An option asked about for one benefit, or for months paid, is asked about that."""
    entities = question.entities
    if entities.benefit is None and entities.months and question.option in OLD_AGE_OPTIONS:
        return _on_page_of("old_age", question)
    return benefits(question)


def benefits(question: Question) -> Choice:
    """The benefit named of the option named; else all of the option's."""
    if question.option and question.entities.benefit in _BENEFITS:
        return _on_page_of(question.entities.benefit, question)
    return Choice(named_keys(question))


def saved_so_far(question: Question) -> Choice:
    """What extra savings over the months named add up to at old age."""
    return _on_page_of("old_age", question)


def _on_page_of(benefit: str, question: Question) -> Choice:
    intent, choose = _BENEFITS[benefit]
    return replace(choose(question), page=intent)


def qualifying_period(question: Question) -> Choice:
    """Which rights the months paid in a row have reached, and what is still to pay."""
    months, benefit = question.entities.months, question.entities.benefit
    if months is not None and benefit in _WITH_RULE:
        return _on_page_of(benefit, question)
    if months is None:
        return Choice((f"benefit.{benefit}",) if benefit else ())
    history = [True] * min(months, _MOST_MONTHS)
    reached = [
        RightAfterMiss(rule, rule.holds(history), rule.months_to_go(history))
        for rule in rules(question.facts, question.option)
    ]
    lines = right_lines(reached, question.lang, held="reached", lost="to_go")
    values: dict[str, int | str] = {"months": months, "lines": "\n".join(lines)}
    return Choice(("case.reached", "case.disability"), values)


def claim_how(question: Question) -> Choice:
    """The papers of the benefit named; days ill or children name one too."""
    entities = question.entities
    benefit = entities.benefit
    if benefit is None and (entities.days or entities.in_hospital is not None):
        benefit = "sickness"
    if benefit is None and entities.children:
        benefit = "child"
    papers = f"benefit.{benefit}" if benefit in _BENEFITS else "base"
    if entities.on is None or entities.on > question.today:
        return Choice((papers,))
    last = _years_later(entities.on, question.facts["claim.years"])
    late = "late" if last < question.today else "in_time"
    days = {
        "from": short_date(entities.on, question.lang),
        "until": short_date(last, question.lang),
    }
    return Choice((f"case.{late}", papers), days)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # 29 February has no twin in most years.
        return day.replace(year=day.year + years, day=28)


_WITH_RULE = ("sickness", "death", "child")
_BENEFITS: dict[str, tuple[Intent, Chooser]] = {
    "sickness": (Intent.BENEFIT_SICKNESS, benefit_sickness),
    "disability": (Intent.BENEFIT_DISABILITY, benefit_disability),
    "death": (Intent.BENEFIT_DEATH, benefit_death),
    "old_age": (Intent.BENEFIT_OLD_AGE, benefit_old_age),
    "child": (Intent.BENEFIT_CHILD, benefit_child),
}
