"""The figures of the dashboard, read from the roll-ups alone."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Session

from db.lead_search import Scope
from db.rollups import EVERYWHERE, MONTHLY, WAIT_HOURS, Rollup, summed_up

FLOWS = ("submitted", "contacted", "member")
DAY, MONTH = timedelta(days=1), timedelta(days=31)


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


def totals(
    session: Session, scope: Scope, metrics: Sequence[str], period: Period
) -> dict[str, int]:
    """How many of each in the period."""
    found = dict.fromkeys(metrics, 0)
    for metric, _, _, number in _summed(session, scope, metrics, ("all",), period):
        found[metric] += number
    return found


def by_value(
    session: Session, scope: Scope, metric: str, split: str, period: Period
) -> dict[str, int]:
    """How many in the period for each value of a split, the most first."""
    return by_values(session, scope, metric, (split,), period)[split]


def by_values(
    session: Session, scope: Scope, metric: str, splits: Sequence[str], period: Period
) -> dict[str, dict[str, int]]:
    """The same of several splits."""
    found: dict[str, Counter[str]] = {split: Counter() for split in splits}
    for _, split, value, number in _summed(session, scope, (metric,), splits, period):
        found[split][value] += number
    return {split: dict((+values).most_common()) for split, values in found.items()}


def by_province(session: Session, scope: Scope, metric: str, period: Period) -> dict[str, int]:
    """How many in the period in each province."""
    chosen = select(Rollup.province, func.sum(Rollup.n)).where(
        Rollup.metric == metric, Rollup.split == "all", *_during(period), *_provinces(scope)
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


def _summed(
    session: Session, scope: Scope, metrics: Sequence[str], splits: Sequence[str], period: Period
) -> list[tuple[str, str, str, int]]:
    """(metric, split, value, how many); a value may come more than once."""
    keys = (Rollup.metric, Rollup.split, Rollup.value)
    country = scope.provinces is None and all(summed_up(m, s) for m in metrics for s in splits)
    pieces = _in_months(period) if country else [(None, period)]
    chosen = [
        select(*keys, func.sum(Rollup.n))
        .where(
            Rollup.metric.in_(metrics),
            Rollup.split.in_(splits),
            *(_provinces(scope) if province is None else [Rollup.province == province]),
            *_during(piece),
        )
        .group_by(*keys)
        for province, piece in pieces
    ]
    found = session.execute(union_all(*chosen) if len(chosen) > 1 else chosen[0])
    return [(metric, split, value, int(n)) for metric, split, value, n in found]


def _in_months(period: Period) -> list[tuple[str | None, Period]]:
    """The period of the whole country: its months, and the days before and after them."""
    first = period.first
    months = first if first.day == 1 else (first.replace(day=1) + MONTH).replace(day=1)
    rest = (period.last + timedelta(days=1)).replace(day=1)
    if months >= rest:
        return [(EVERYWHERE, period)]
    pieces: list[tuple[str | None, Period]] = [(MONTHLY, Period(months, rest - DAY))]
    if first < months:
        pieces.append((EVERYWHERE, Period(first, months - DAY)))
    if rest <= period.last:
        pieces.append((EVERYWHERE, Period(rest, period.last)))
    return pieces


def _in(scope: Scope, metric: str, split: str, period: Period) -> list[ColumnElement[bool]]:
    place = _scoped(scope)
    if scope.provinces is None and summed_up(metric, split):
        place = [Rollup.province == EVERYWHERE]
    return [Rollup.metric == metric, Rollup.split == split, *_during(period), *place]


def _during(period: Period) -> list[ColumnElement[bool]]:
    return [Rollup.day >= period.first, Rollup.day <= period.last]


def _provinces(scope: Scope) -> list[ColumnElement[bool]]:
    """The rows of provinces alone, not the country's."""
    return _scoped(scope) or [Rollup.province.not_in((EVERYWHERE, MONTHLY))]


def _scoped(scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope.provinces is None else [Rollup.province.in_(scope.provinces)]
