"""The figures of the dashboard, read from the roll-ups alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from db.lead_search import Scope
from db.rollups import EVERYWHERE, MONTHLY, WAIT_HOURS, OfficeRollup, Rollup, summed_up

FLOWS = ("submitted", "contacted", "member")
WAIT, PERCENTS = "wait", (50, 90, 95)
K = TypeVar("K")
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


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a period: whole months, read as such, or days."""

    period: Period
    by_month: bool = False

    @property
    def country(self) -> str:
        """Under which province the whole country's rows are filed."""
        return MONTHLY if self.by_month else EVERYWHERE

    def filed(self, splits: Sequence[str]) -> list[str]:
        """Under which splits a province's rows are filed."""
        return [split + MONTHLY if self.by_month else split for split in splits]


@dataclass(frozen=True, slots=True)
class Course:
    """How many came how far in a period, and within how many hours 50, 90 and 95 of 100 people
    were first spoken to.
    """

    flows: Mapping[str, int]
    waiting: Mapping[int, float]


def totals(
    session: Session, scope: Scope, metrics: Sequence[str], period: Period
) -> dict[str, int]:
    """How many of each in the period."""
    found = dict.fromkeys(metrics, 0)
    for _, metric, _, _, number in _summed(session, scope, metrics, ("all",), [period]):
        found[metric] += number
    return found


def courses(session: Session, scope: Scope, *periods: Period) -> list[Course]:
    """How far people came in each of these periods, and how long they waited: one question."""
    totals: list[Counter[str]] = [Counter(dict.fromkeys(FLOWS, 0)) for _ in periods]
    waits: list[Counter[int]] = [Counter() for _ in periods]
    asked = ((*FLOWS, WAIT), ("all", "hours"))
    for which, metric, _, value, number in _summed(session, scope, *asked, periods):
        if metric == WAIT:
            waits[which][int(value)] += number
        else:
            totals[which][metric] += number
    return [
        Course(dict(flows), percentiles(+waited, PERCENTS))
        for flows, waited in zip(totals, waits, strict=True)
    ]


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
    for _, _, split, value, number in _summed(session, scope, (metric,), splits, [period]):
        found[split][value] += number
    return {split: dict((+values).most_common()) for split, values in found.items()}


def by_province(session: Session, scope: Scope, metric: str, period: Period) -> dict[str, int]:
    """How many in the period in each province."""
    found: Counter[str] = Counter()
    for piece in _pieces(period, summed=summed_up(metric, "all")):
        split = piece.filed(("all",))[0]
        chosen = select(Rollup.province, func.sum(Rollup.n)).where(
            Rollup.metric == metric,
            Rollup.split == split,
            *_during(piece.period),
            *_provinces(scope),
        )
        found.update(_numbers(session, chosen.group_by(Rollup.province)))
        found.subtract(_elsewhere(session, scope, "province", metric, split, piece.period))
    return dict(+found)


def by_day(session: Session, scope: Scope, metric: str, period: Period) -> list[int]:
    """How many on each day of the period."""
    chosen = select(Rollup.day, func.sum(Rollup.n)).where(*_in(scope, metric, "all", period))
    counts = Counter(_numbers(session, chosen.group_by(Rollup.day)))
    counts.subtract(_elsewhere(session, scope, "day", metric, "all", period))
    days = (period.first + timedelta(days=n) for n in range(period.days))
    return [max(counts[day], 0) for day in days]


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
    found = Counter(_numbers(session, chosen.group_by(Rollup.value)))
    found.subtract(_elsewhere(session, scope, "value", "open", "status"))
    return dict(+found)


def overdue(session: Session, scope: Scope, today: date) -> dict[str, int]:
    """How many open leads are past their day in each province, the most first."""
    late = (Rollup.metric == "due", Rollup.split == "all", Rollup.day < today)
    chosen = select(Rollup.province, func.sum(Rollup.n)).where(*late, *_scoped(scope))
    found = Counter(_numbers(session, chosen.group_by(Rollup.province)))
    until = Period(date.min, today - DAY)
    found.subtract(_elsewhere(session, scope, "province", "due", "all", until))
    return dict((+found).most_common())


def _numbers(session: Session, chosen: Select[K, int]) -> dict[K, int]:
    return {key: int(number or 0) for key, number in session.execute(chosen)}


def _elsewhere(
    session: Session,
    scope: Scope,
    by: str,
    metric: str,
    split: str,
    period: Period | None = None,
) -> dict[Any, int]:
    """What lies in these provinces but was handed to other offices than these."""
    if not scope.offices:
        return {}
    column = getattr(OfficeRollup, by)
    chosen = select(column, func.sum(OfficeRollup.n)).where(
        OfficeRollup.metric == metric, OfficeRollup.split == split, *_handed(scope, period)
    )
    return _numbers(session, chosen.group_by(column))


def _handed(scope: Scope, period: Period | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        OfficeRollup.province.in_(scope.provinces or ()),
        OfficeRollup.office.not_in(scope.offices),
    ]
    if period is not None:
        found += [OfficeRollup.day >= period.first, OfficeRollup.day <= period.last]
    return found


def _summed(
    session: Session,
    scope: Scope,
    metrics: Sequence[str],
    splits: Sequence[str],
    periods: Sequence[Period],
) -> list[tuple[int, str, str, str, int]]:
    """(which period, metric, split, value, how many); a value may come more than once."""
    keys = (Rollup.metric, Rollup.split, Rollup.value)
    summed = all(summed_up(metric, split) for metric in metrics for split in splits)
    chosen = []
    for which, period in enumerate(periods):
        for piece in _pieces(period, summed=summed):
            if summed and scope.provinces is None:
                there = [Rollup.split.in_(splits), Rollup.province == piece.country]
            else:
                there = [Rollup.split.in_(piece.filed(splits)), *_provinces(scope)]
            picked = select(literal(which), *keys, func.sum(Rollup.n))
            asked = (Rollup.metric.in_(metrics), *there, *_during(piece.period))
            chosen.append(picked.where(*asked).group_by(*keys))
            if scope.offices:
                handed = _taken_off(which, scope, metrics, piece.filed(splits), piece.period)
                chosen.append(handed)
    found = session.execute(union_all(*chosen) if len(chosen) > 1 else chosen[0])
    return [
        (which, metric, split.removesuffix(MONTHLY), value, int(n))
        for which, metric, split, value, n in found
    ]


def _taken_off(
    which: int, scope: Scope, metrics: Sequence[str], splits: Sequence[str], period: Period
) -> Select[int, str, str, str, int]:
    """The same, below nothing, of what was handed to other offices."""
    keys = (OfficeRollup.metric, OfficeRollup.split, OfficeRollup.value)
    return (
        select(literal(which), *keys, -func.sum(OfficeRollup.n))
        .where(
            OfficeRollup.metric.in_(metrics),
            OfficeRollup.split.in_(splits),
            *_handed(scope, period),
        )
        .group_by(*keys)
    )


def _pieces(period: Period, *, summed: bool) -> list[Piece]:
    """The period, or its months and the days before and after them where months are summed."""
    first = period.first
    months = first if first.day == 1 else (first.replace(day=1) + MONTH).replace(day=1)
    rest = (period.last + DAY).replace(day=1)
    if not summed or months >= rest:
        return [Piece(period)]
    pieces = [Piece(Period(months, rest - DAY), by_month=True)]
    if first < months:
        pieces.append(Piece(Period(first, months - DAY)))
    if rest <= period.last:
        pieces.append(Piece(Period(rest, period.last)))
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
