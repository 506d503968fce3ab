"""The choice for money when ill: the days, in hospital or not, the option and the months paid."""

from nlp.answering.choice import Choice, Question, named_keys
from nlp.calculators import OPTIONS, sickness


def benefit_sickness(question: Question) -> Choice:
    """The sum for the days named, and whether the months paid are enough."""
    entities = question.entities
    keys, values = _sick_days(question)
    months = entities.months
    if months is None:
        if entities.days and entities.days > 0:
            keys.append("case.condition")
        return Choice(tuple(keys) or named_keys(question), values)
    need = question.facts.peek("sickness.paid")
    values |= {"months": months, "more": max(0, need - months)}
    keys = keys or [*named_keys(question), "base"][:1]
    if months < need:
        return Choice(("case.not_covered", *keys), values)
    return Choice((*keys, "case.covered"), values)


def _sick_days(question: Question) -> tuple[list[str], dict[str, int | str]]:
    """The variants for the days and the kind of illness named, with their sums."""
    days, in_hospital = question.entities.days, question.entities.in_hospital
    if days is None or days <= 0:
        kinds = {None: [], True: ["case.in_hospital"], False: ["case.at_home"]}
        return kinds[in_hospital], {}
    facts, option = question.facts, question.option or OPTIONS[0]
    stay = sickness(facts, option, days, in_hospital=True)
    rest = sickness(facts, option, days, in_hospital=False)
    values: dict[str, int | str] = {
        "days": days,
        "option": option,
        "amount": rest.amount if in_hospital is False else stay.amount,
        "rest_amount": rest.amount,
        "paid_days": stay.paid_days,
        "amount3": sickness(facts, OPTIONS[-1], days, in_hospital=in_hospital is not False).amount,
        "rest_amount3": sickness(facts, OPTIONS[-1], days, in_hospital=False).amount,
    }
    kind = {None: "either", True: "inpatient", False: "rest"}[in_hospital]
    if days < facts.peek("sickness.rest_from_days") and in_hospital is not True:
        return ["case.rest_too_short" if in_hospital is False else "case.either_too_short"], values
    suffix = ""
    if days > stay.limit:
        suffix = "_capped" if question.option else "_by_option"
    return [f"case.{kind}{suffix}"], values
