"""The figures of the dashboard, read from the roll-ups alone."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.lead_search import Scope
from db.rollups import EVERYWHERE, WAIT_HOURS, Rollup, summed_up

FLOWS = ("submitted", "contacted", "member")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both in it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days just before it."""
        length = timedelta(days=self.days)
        return Period(self.first - length, self.last - length)


def total(session: Session, scope: Scope, metric: str, period: Period) -> int:
    """How many in the period."""
    return sum(by_value(session, scope, metric, "all", period).values())


def by_value(
    session: Session, scope: Scope, metric: str, split: str, period: Period
) -> dict[str, int]:
    """How many in the period for each value of a split, the most first."""
    chosen = select(Rollup.value, func.sum(Rollup.n)).where(*_in(scope, metric, split, period))
    found = session.execute(chosen.group_by(Rollup.value)).all()
    return dict(sorted(((v, int(n)) for v, n in found if n), key=lambda pair: -pair[1]))


def by_province(session: Session, scope: Scope, metric: str, period: Period) -> dict[str, int]:
    """How many in the period in each province."""
    chosen = select(Rollup.province, func.sum(Rollup.n)).where(
        *_of(metric, "all", period), *_scoped(scope), Rollup.province != EVERYWHERE
    )
    return {p: int(n) for p, n in session.execute(chosen.group_by(Rollup.province)) if n}


def by_day(session: Session, scope: Scope, metric: str, period: Period) -> list[int]:
    """How many on each day of the period."""
    chosen = select(Rollup.day, func.sum(Rollup.n)).where(*_in(scope, metric, "all", period))
    counts = {day: int(n) for day, n in session.execute(chosen.group_by(Rollup.day))}
    days = (period.first + timedelta(days=n) for n in range(period.days))
    return [counts.get(day, 0) for day in days]


def waiting(session: Session, scope: Scope, period: Period) -> dict[int, float]:
    """Within how many hours 50, 90 and 95 of 100 people were first spoken to."""
    counts = by_value(session, scope, "wait", "hours", period)
    return percentiles({int(top): number for top, number in counts.items()}, (50, 90, 95))


def percentiles(counts: Mapping[int, int], wanted: tuple[int, ...]) -> dict[int, float]:
    """Percentiles out of classes: in proportion between a class's ends."""
    everybody = sum(counts.values())
    found: dict[int, float] = {}
    for percent in wanted if everybody else ():
        rank, seen, low = everybody * percent / 100, 0, 0
        for top in WAIT_HOURS:
            here = counts.get(top, 0)
            if here and seen + here >= rank:
                found[percent] = low + (top - low) * (rank - seen) / here
                break
            seen, low = seen + here, top
    return found


def standing(session: Session, scope: Scope) -> dict[str, int]:
    """How many leads have each status now."""
    chosen = select(Rollup.value, func.sum(Rollup.n)).where(
        Rollup.metric == "open", *_scoped(scope)
    )
    return {status: int(n) for status, n in session.execute(chosen.group_by(Rollup.value)) if n}


def overdue(session: Session, scope: Scope, today: date) -> dict[str, int]:
    """How many open leads are past their day in each province, the most first."""
    late = (Rollup.metric == "due", Rollup.split == "all", Rollup.day < today)
    chosen = select(Rollup.province, func.sum(Rollup.n)).where(*late, *_scoped(scope))
    found: dict[str, int] = defaultdict(int)
    for province, number in session.execute(chosen.group_by(Rollup.province)):
        found[province] += int(number or 0)
    return dict(sorted(((p, n) for p, n in found.items() if n > 0), key=lambda pair: -pair[1]))


def _in(scope: Scope, metric: str, split: str, period: Period) -> list[ColumnElement[bool]]:
    if scope.provinces is None and summed_up(metric, split):
        return [*_of(metric, split, period), Rollup.province == EVERYWHERE]
    return [*_of(metric, split, period), *_scoped(scope)]


def _of(metric: str, split: str, period: Period) -> list[ColumnElement[bool]]:
    return [
        Rollup.metric == metric,
        Rollup.split == split,
        Rollup.day >= period.first,
        Rollup.day <= period.last,
    ]


def _scoped(scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope.provinces is None else [Rollup.province.in_(scope.provinces)]
