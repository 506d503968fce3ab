"""What a person pays and gets, in whole baht, from the numbers of the law."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.facts import Numbers

OPTIONS = (1, 2, 3)
OLD_AGE_OPTIONS = (2, 3)
MONTHS_A_YEAR = 12
_LADDER = ("step4", "step3", "step2", "step1")


@dataclass(frozen=True, slots=True)
class Sickness:
    """Money for days ill; the year's limit may make `paid_days` fewer."""

    amount: int
    paid_days: int
    per_day: int
    limit: int


@dataclass(frozen=True, slots=True)
class OldAge:
    """The lump sum before the yearly yield."""

    contributions: int
    extra: int
    bonus: int

    @property
    def total(self) -> int:
        """All parts together."""
        return self.contributions + self.extra + self.bonus


@dataclass(frozen=True, slots=True)
class Death:
    """What the person who arranges the funeral gets, and the extra grant."""

    funeral: int
    extra: int

    @property
    def total(self) -> int:
        """Both grants together."""
        return self.funeral + self.extra


@dataclass(frozen=True, slots=True)
class Rule:
    """`paid` of the `window` months before the month of the event; `name` is the right."""

    name: str
    paid: int
    window: int

    def holds(self, history: Sequence[bool]) -> bool:
        """True if the last months of the history (oldest first) satisfy the rule."""
        return sum(history[-self.window :]) >= self.paid

    def months_to_go(self, history: Sequence[bool]) -> int:
        """Months to pay in a row from now until the rule holds: 0 when it does."""
        months = list(history)
        for count in range(self.paid + 1):
            if self.holds(months):
                return count
            months.append(True)
        raise AssertionError("paying every month satisfies any rule")


@dataclass(frozen=True, slots=True)
class RightAfterMiss:
    """A right after missed months: held or not, and how many months of paying bring it back."""

    rule: Rule
    held: bool
    months_to_go: int


def monthly(numbers: Numbers, option: int) -> int:
    """The member's contribution a month."""
    return numbers[f"contribution.option{option}"]


def cost(numbers: Numbers, option: int, months: int = MONTHS_A_YEAR) -> int:
    """What some months cost; a year unless said."""
    return monthly(numbers, option) * months


def option_for(numbers: Numbers, amount: int) -> int | None:
    """The dearest option a monthly amount pays for; None if it pays for none."""
    affordable = [option for option in OPTIONS if monthly(numbers, option) <= amount]
    return max(affordable, default=None)


def sickness(numbers: Numbers, option: int, days: int, *, in_hospital: bool) -> Sickness:
    """Money for days in hospital, or of rest that a doctor ordered.

    Rest shorter than the law counts gives nothing.
    """
    per_day = numbers["sickness.inpatient_per_day" if in_hospital else "sickness.rest_per_day"]
    limit = numbers[f"sickness.days_option{option}"]
    paid_days = min(days, limit)
    if not in_hospital and days < numbers["sickness.rest_from_days"]:
        paid_days = 0
    return Sickness(per_day * paid_days, paid_days, per_day, limit)


def old_age(numbers: Numbers, option: int, months: int, extra_per_month: int = 0) -> OldAge:
    """The lump sum of option 2 or 3, under the rules known until 2025; yield is not in it."""
    extra = min(extra_per_month, numbers["extra_savings.max"])
    bonus = 0
    if option == OPTIONS[-1] and months >= numbers["old_age.bonus_paid"]:
        bonus = numbers["old_age.bonus_amount"]
    return OldAge(numbers[f"old_age.per_month_option{option}"] * months, extra * months, bonus)


def death(numbers: Numbers, option: int, months: int | None = None) -> Death:
    """The funeral grant, and the extra grant of options 1 and 2 after enough months."""
    extra = 0
    has_extra = option != OPTIONS[-1] and months is not None
    if has_extra and months is not None and months >= numbers["death.extra_paid"]:
        extra = numbers["death.extra_amount"]
    return Death(numbers[f"death.funeral_option{option}"], extra)


def child(numbers: Numbers, children: int) -> int:
    """Child allowance a month in option 3."""
    return numbers["child.amount"] * min(children, numbers["child.max_children"])


def disability_step(numbers: Numbers, months: int) -> int | None:
    """The monthly amount after `months` paid in a row, on the ladder in force until 2025.

    Raises KeyError for the law since 2026, whose steps are not known.
    """
    for step in _LADDER:
        if months >= numbers[f"disability.{step}_paid"]:
            return numbers[f"disability.{step}_amount"]
    return None


def rules(numbers: Numbers, option: int | None = None) -> tuple[Rule, ...]:
    """The N-of-M rules of an option's rights; all of them when no option is named."""
    names = ["sickness", "death"]
    if option in (None, OPTIONS[-1]):
        names.append("child")
    return tuple(Rule(name, numbers[f"{name}.paid"], numbers[f"{name}.window"]) for name in names)


def after_miss(
    numbers: Numbers, missed: int, *, option: int | None = None, paid_before: int | None = None
) -> tuple[RightAfterMiss, ...]:
    """Each right after the last `missed` months were not paid.

    paid_before: months paid in a row before the gap; enough for every rule unless said.
    """
    found = []
    for rule in rules(numbers, option):
        before = rule.window if paid_before is None else paid_before
        history = [True] * before + [False] * missed
        to_go = rule.months_to_go(history)
        found.append(RightAfterMiss(rule, rule.holds(history), to_go))
    return tuple(found)
