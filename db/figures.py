"""The figures of the dashboard, read from the roll-ups alone."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import union_all
from sqlalchemy.orm import Session

from db import figure_questions as questions
from db.figure_questions import Period, Sums, Tagged
from db.lead_search import Scope
from db.rollups import MONTHLY, WAIT_HOURS

FLOWS = ("submitted", "contacted", "member")
FIRST = ("talks", "forms")
"""First messages and forms begun. They have no province yet: only who sees all sees them."""
WAIT, PERCENTS = "wait", (50, 90, 95)


@dataclass(frozen=True, slots=True)
class Course:
    """How many came how far in a period, and within how many hours 50, 90 and 95 of 100 people
    were first spoken to.
    """

    flows: Mapping[str, int]
    waiting: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the registrations of a period came from; how many leads have each status now; where
    leads are overdue, the most first.
    """

    arrived: Mapping[str, int]
    standing: Mapping[str, int]
    late: Mapping[str, int]


def totals(
    session: Session, scope: Scope, metrics: Sequence[str], period: Period
) -> dict[str, int]:
    """How many of each in the period."""
    found = dict.fromkeys(metrics, 0)
    asked = questions.sums(scope, metrics, ("all",), [period])
    for _, metric, _, _, number in _summed(session, asked):
        found[metric] += number
    return found


def courses(session: Session, scope: Scope, *periods: Period) -> list[Course]:
    """How far people came in each of these periods, and how long they waited: one question."""
    asked = questions.sums(scope, (*FLOWS, WAIT), ("all", "hours"), periods)
    if scope.provinces is None:
        asked += questions.sums(scope, FIRST, ("all",), periods)
    totals: list[Counter[str]] = [Counter(dict.fromkeys(FLOWS, 0)) for _ in periods]
    waits: list[Counter[int]] = [Counter() for _ in periods]
    for which, metric, _, value, number in _summed(session, asked):
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
    asked = questions.sums(scope, (metric,), splits, [period])
    for _, _, split, value, number in _summed(session, asked):
        found[split][value] += number
    return {split: dict((+values).most_common()) for split, values in found.items()}


def by_province(session: Session, scope: Scope, metric: str, period: Period) -> dict[str, int]:
    """How many in the period in each province."""
    return dict(+_tagged(session, questions.by_province(scope, metric, period))[metric])


def places(session: Session, scope: Scope, metric: str, period: Period, today: date) -> Places:
    """By province and by status: one question."""
    asked = [
        *questions.by_province(scope, metric, period),
        *questions.by_status(scope),
        *questions.overdue(scope, today),
    ]
    found = _tagged(session, asked)
    late = dict((+found["due"]).most_common())
    return Places(dict(+found[metric]), dict(+found["open"]), late)


def standing(session: Session, scope: Scope) -> dict[str, int]:
    """How many leads have each status now."""
    return dict(+_tagged(session, questions.by_status(scope))["open"])


def by_day(session: Session, scope: Scope, metric: str, period: Period) -> list[int]:
    """How many on each day of the period."""
    counts = _tagged(session, questions.by_day(scope, metric, period))[metric]
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


def _summed(session: Session, asked: Sequence[Sums]) -> list[tuple[int, str, str, str, int]]:
    """(which period, metric, split, value, how many); a value may come more than once."""
    return [
        (which, metric, split.removesuffix(MONTHLY), value, int(n))
        for which, metric, split, value, n in session.execute(_together(asked))
    ]


def _tagged(session: Session, asked: Sequence[Tagged]) -> defaultdict[str, Counter[Any]]:
    """The sums of each metric by their key."""
    found: defaultdict[str, Counter[Any]] = defaultdict(Counter)
    for metric, key, number in session.execute(_together(asked)):
        found[metric][key] += int(number)
    return found


def _together(asked: Sequence[Any]) -> Any:
    return union_all(*asked) if len(asked) > 1 else asked[0]
