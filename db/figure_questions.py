"""The questions behind the figures: sums of roll-ups, less what was handed to other offices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from db.lead_search import Scope
from db.rollups import EVERYWHERE, MONTHLY, OfficeRollup, Rollup, summed_up

DAY, MONTH = timedelta(days=1), timedelta(days=31)
Sums = Select[int, str, str, str, int]
"""Which period, metric, split, value, how many."""
Tagged = Select[str, Any, int]
"""Metric, what it is summed by, how many."""


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


def sums(
    scope: Scope, metrics: Sequence[str], splits: Sequence[str], periods: Sequence[Period]
) -> list[Sums]:
    """Metrics by their splits in each of these periods."""
    summed = all(summed_up(metric, split) for metric in metrics for split in splits)
    asked = []
    for which, period in enumerate(periods):
        for piece in _pieces(period, summed=summed):
            if summed and scope.provinces is None:
                there = [Rollup.split.in_(splits), Rollup.province == piece.country]
            else:
                there = [Rollup.split.in_(piece.filed(splits)), *_provinces(scope)]
            asked.append(_sum(Rollup, which, metrics, piece, there))
            if scope.offices:
                there = [OfficeRollup.split.in_(piece.filed(splits)), *_handed(scope)]
                asked.append(_sum(OfficeRollup, which, metrics, piece, there))
    return asked


def by_province(scope: Scope, metric: str, period: Period) -> list[Tagged]:
    """A metric by province."""
    places = _provinces(scope)
    return [
        one
        for piece in _pieces(period, summed=summed_up(metric, "all"))
        for split in piece.filed(("all",))
        for one in _by("province", scope, metric, split, places, piece.period)
    ]


def by_day(scope: Scope, metric: str, period: Period) -> list[Tagged]:
    """A metric by day."""
    places = _provinces(scope)
    if scope.provinces is None and summed_up(metric, "all"):
        places = [Rollup.province == EVERYWHERE]
    return _by("day", scope, metric, "all", places, period)


def by_status(scope: Scope) -> list[Tagged]:
    """The leads of today by their status."""
    return _by("value", scope, "open", "status", _provinces(scope))


def overdue(scope: Scope, today: date) -> list[Tagged]:
    """The open leads past their day, by province."""
    late = Period(date.min, today - DAY)
    return _by("province", scope, "due", "all", _provinces(scope), late)


Table = type[Rollup] | type[OfficeRollup]


def _sum(
    table: Table,
    which: int,
    metrics: Sequence[str],
    piece: Piece,
    there: Sequence[ColumnElement[bool]],
) -> Sums:
    keys = (table.metric, table.split, table.value)
    picked = select(literal(which), *keys, _sign(table) * func.sum(table.n))
    asked = (table.metric.in_(metrics), *there, *_during(table, piece.period))
    return picked.where(*asked).group_by(*keys)


def _by(
    column: str,
    scope: Scope,
    metric: str,
    split: str,
    places: Sequence[ColumnElement[bool]],
    period: Period | None = None,
) -> list[Tagged]:
    asked = []
    tables: list[tuple[Table, Sequence[ColumnElement[bool]]]] = [(Rollup, places)]
    if scope.offices:
        tables.append((OfficeRollup, _handed(scope)))
    for table, there in tables:
        key = getattr(table, column)
        picked = select(literal(metric), key, _sign(table) * func.sum(table.n))
        same = (table.metric == metric, table.split == split, *_during(table, period))
        asked.append(picked.where(*same, *there).group_by(key))
    return asked


def _sign(table: Table) -> int:
    """What was handed to other offices is taken off."""
    return -1 if table is OfficeRollup else 1


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


def _during(table: Table, period: Period | None) -> list[ColumnElement[bool]]:
    return [] if period is None else [table.day >= period.first, table.day <= period.last]


def _provinces(scope: Scope) -> list[ColumnElement[bool]]:
    """The rows of provinces alone, not the country's."""
    if scope.provinces is not None:
        return [Rollup.province.in_(scope.provinces)]
    return [Rollup.province.not_in((EVERYWHERE, MONTHLY))]


def _handed(scope: Scope) -> list[ColumnElement[bool]]:
    """What lies in these provinces but was handed to other offices than these."""
    return [
        OfficeRollup.province.in_(scope.provinces or ()),
        OfficeRollup.office.not_in(scope.offices),
    ]
