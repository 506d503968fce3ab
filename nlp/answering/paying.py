"""Choices for the questions about money paid in: rates, ahead, missed months, savings, tax."""

from nlp.answering.choice import Choice, Question, named_keys
from nlp.answering.lines import line, right_lines
from nlp.answering.receiving import saved_so_far
from nlp.answering.words import word
from nlp.calculators import MONTHS_A_YEAR, OPTIONS, after_miss, cost, monthly, option_for
from nlp.facts import Reading, facts_on


def contribution_rate(question: Question) -> Choice:
    """A number of months gives a total; an amount names or affords an option."""
    entities, facts, option = question.entities, question.facts, question.option
    if entities.particular == "year":
        key = "case.total" if option else "case.total_each"
        return Choice((key,), _totals(question, MONTHS_A_YEAR))
    if entities.months and option:
        values = _totals(question, entities.months)
        return Choice(("case.total",), values)
    if entities.months:
        return Choice(("case.total_each",), _totals(question, entities.months))
    if _in_cut(question):
        return Choice(("case.covid",))
    if option:
        return Choice(named_keys(question), {"year_cost": cost(facts, option)})
    if entities.amount is not None and entities.on is None:
        return _by_amount(question, entities.amount)
    return Choice()


def _by_amount(question: Question, amount: int) -> Choice:
    facts = question.facts
    if amount in _cut_prices(facts):
        return Choice(("case.was_cut",))
    option = option_for(facts, amount)
    if option is None:
        return Choice(("case.too_little", "base"), {"amount": amount})
    price = monthly(facts, option)
    keys = ("case.which_option",) if price == amount else ("base", "case.affordable")
    values = {
        "amount": amount,
        "option": option,
        "monthly": price,
        "year_cost": cost(facts, option),
    }
    return Choice(keys, values)


def _cut_prices(facts: Reading) -> set[int]:
    """The contributions while they were cut, which some still have in mind."""
    then = facts_on(facts.day("law.cut_from"))
    return {monthly(then, option) for option in OPTIONS} - {monthly(facts, o) for o in OPTIONS}


def _in_cut(question: Question) -> bool:
    cut_from, cut_until = (question.facts.day(f"law.cut_{end}") for end in ("from", "until"))
    return cut_from <= question.day <= cut_until


def _totals(question: Question, months: int) -> dict[str, int | str]:
    values: dict[str, int | str] = {"months": months}
    for option in OPTIONS:
        values[f"total{option}"] = cost(question.facts, option, months)
    if question.option:
        values["option"] = question.option
        values["monthly"] = monthly(question.facts, question.option)
        values["total"] = cost(question.facts, question.option, months)
    return values


def payment_advance(question: Question) -> Choice:
    """Whether so many months may be paid ahead, and what they cost."""
    months, amount = question.entities.months, question.entities.amount
    if not months and amount and amount >= monthly(question.facts, OPTIONS[0]):
        return _months_for(question, amount)
    if not months:
        return Choice()
    values = _totals(question, months)
    if months > question.facts["pay.ahead_months"]:
        return Choice(("case.too_many",), values)
    return Choice(("case.fits" if question.option else "case.fits_each",), values)


def _months_for(question: Question, amount: int) -> Choice:
    """How many months an amount pays ahead in each option it suffices for, no more than allowed."""
    facts, lang = question.facts, question.lang
    longest = facts["pay.ahead_months"]
    lines = [
        line("ahead", lang, option=option, months=min(longest, amount // monthly(facts, option)))
        for option in OPTIONS
        if amount >= monthly(facts, option)
    ]
    return Choice(("case.by_amount",), {"amount": amount, "lines": "\n".join(lines)})


def payment_arrears(question: Question) -> Choice:
    """What each right loses after so many missed months."""
    months, missed = question.entities.months, question.entities.missed
    paid, missed = (months, missed) if missed else (None, months)
    if not missed:
        return Choice()
    lang = question.lang
    rights = after_miss(question.facts, missed, option=question.option, paid_before=paid)
    lost = "regain" if paid is None else "to_go"
    lines = right_lines(rights, lang, held_child="held_child", lost=lost)
    if question.option != OPTIONS[0]:
        lines.append(line("not_counted", lang, right=word("right", "old_age", lang)))
    values: dict[str, int | str] = {"months": missed, "lines": "\n".join(lines)}
    if paid is None:
        return Choice(("case.simulated",), values)
    return Choice(("case.simulated_paid",), values | {"paid": paid})


def extra_savings(question: Question) -> Choice:
    """Whether an amount may be saved, and what a year of it makes."""
    amount = question.entities.amount
    if amount and question.entities.months and question.option != OPTIONS[0]:
        return saved_so_far(question)
    if question.option == OPTIONS[0] or not amount:
        return Choice(named_keys(question))
    values = {"amount": amount, "year": amount * MONTHS_A_YEAR}
    if amount > question.facts["extra_savings.max"]:
        return Choice(("case.too_much",), values)
    # An amount that is a contribution may be what is paid now, not what is to be saved.
    prices = {monthly(question.facts, option) for option in OPTIONS}
    return Choice(("base", "case.fits") if amount in prices else ("case.fits",), values)


def tax_deduction(question: Question) -> Choice:
    """What a year costs; whether it may be deducted is not confirmed."""
    values = {f"year{option}": cost(question.facts, option) for option in OPTIONS}
    if question.option is None:
        return Choice(values=values)
    own = {"option": question.option, "year_cost": values[f"year{question.option}"]}
    return Choice(("case.option",), values | own)
