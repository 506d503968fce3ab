"""The choice for money when ill: the days, in hospital or not, the option and the months paid."""

from nlp.answering.choice import Choice, Question, named_keys
from nlp.answering.lines import line
from nlp.calculators import OPTIONS, sickness


def benefit_sickness(question: Question) -> Choice:
    """The sum for the days named, and whether the months paid are enough."""
    entities = question.entities
    parts = _parts(question)
    if parts is not None and entities.months is None:
        return parts
    keys, values = _sick_days(question)
    months = entities.months
    if months is None:
        if keys:
            keys.append("case.condition")
        return Choice(tuple(keys) or named_keys(question), values)
    need = question.facts.peek("sickness.paid")
    values |= {"months": months, "more": max(0, need - months)}
    keys = keys or [*named_keys(question), "base"][:1]
    if months < need:
        return Choice(("case.not_covered", *keys), values)
    return Choice((*keys, "case.covered"), values)


def _parts(question: Question) -> Choice | None:
    """A stay, the rest after it and visits, each told of in one message, with their sum."""
    entities, facts = question.entities, question.facts
    stay_days, rest_days = entities.days or 0, entities.rest_days or 0
    if not rest_days and not entities.visits:
        return None
    option = question.option or OPTIONS[0]
    limit = facts[f"sickness.days_option{option}"]
    if stay_days + rest_days > limit or question.day < facts.day("law.new_from"):
        # Which days count first is not known, nor how the older visits went with a stay.
        return Choice(("case.parts_over", "base")) if rest_days else None
    stay = sickness(facts, option, stay_days, in_hospital=entities.in_hospital is not False)
    rest = sickness(facts, option, rest_days, in_hospital=False)
    visits = min(entities.visits or 0, facts["sickness.visits_per_year"])
    seen = visits * facts["sickness.visit_amount"]
    kind = "rest" if entities.in_hospital is False else "stay"
    told = (
        (kind, stay_days, stay.amount),
        ("rest", rest_days, rest.amount),
        ("visit", visits, seen),
    )
    lines = [
        line(f"sick_{part}", question.lang, count=count, amount=amount)
        for part, count, amount in told
        if count
    ]
    values: dict[str, int | str] = {
        "lines": "\n".join(lines),
        "total": stay.amount + rest.amount + seen,
    }
    case = "case.seen" if len(lines) == 1 else "case.parts_seen" if visits else "case.parts"
    return Choice((case, "case.condition"), values)


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
