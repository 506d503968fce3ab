"""The target board of one place: how far it is, what lies in it, its codes, its weeks.

Figures only, and no small ones. It reads a few rows of the tallies, whatever the number of people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outreach.suppress import Shown, cell
from db import tallies, targets
from db.campaigns import Campaign
from db.tallies import METRICS, Figures, Tally
from db.targets import Target

TREND_WEEKS = 26
CODES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A place or a code: its shown figures, its target, the pace that would reach it."""

    key: str
    name: str
    kind: str
    figures: dict[str, Shown]
    target: int | None
    due_on: date | None
    pace: int | None
    """Members a week from now on; None without a target, 0 when it is reached."""

    @property
    def share(self) -> float | None:
        """The part of the target that is reached, at most 1."""
        if not self.target:
            return None
        return min((self.figures["member"] or 0) / self.target, 1.0)


@dataclass(frozen=True, slots=True)
class Board:
    """What the page of one place shows. whole: the place itself."""

    whole: Row
    places: Sequence[Row]
    codes: Sequence[Row]
    weeks: Sequence[tuple[date, Shown]]


def board(session: Session, place: str, today: date) -> Board:
    """The board of a place; of the whole country when it is empty."""
    inner = tallies.within(session, place)
    wanted = targets.within(session, place)
    whole = _whole(session, place, inner)
    keys = sorted({*inner, *wanted})
    weeks = tallies.weeks_of(session, [place] if place else keys, _trend_start(today))
    return Board(
        whole=_row(place, last_name(place), "place", whole, _target(session, place, wanted), today),
        places=_ranked(_places(keys, inner, wanted, today)),
        codes=_ranked(_codes(session, place, today)) if place else (),
        weeks=_weeks(weeks, today),
    )


def pace(target: int, member: int, due_on: date, today: date) -> int:
    """How many members a week would still reach the target in time."""
    left = max(target - member, 0)
    weeks = max(-((today - due_on).days // 7), 1)
    return -(-left // weeks)


def last_name(place: str) -> str:
    """The place's own name."""
    return place.rpartition(tallies.BETWEEN)[2]


def _whole(session: Session, place: str, inner: dict[str, Figures]) -> Figures:
    if not place:
        return tallies.summed(inner.values())
    return tallies.of(session, [place]).get(place, Figures())


def _target(
    session: Session, place: str, inner: dict[str, Target]
) -> tuple[int | None, date | None]:
    if place:
        found = targets.of(session, [place]).get(place)
        return (found.target, found.due_on) if found is not None else (None, None)
    if not inner:
        return None, None
    return sum(one.target for one in inner.values()), max(one.due_on for one in inner.values())


def _places(
    keys: Sequence[str], figures: dict[str, Figures], wanted: dict[str, Target], today: date
) -> list[Row]:
    rows = []
    for key in keys:
        aim = wanted.get(key)
        target = (aim.target, aim.due_on) if aim is not None else (None, None)
        found = figures.get(key, Figures())
        rows.append(_row(key, last_name(key), "place", found, target, today))
    return rows


def _codes(session: Session, place: str, today: date) -> list[Row]:
    query = (
        select(Tally, Campaign)
        .join(Campaign, Campaign.code == Tally.key)
        .where(Tally.parent == place, Tally.kind == tallies.CODE)
        .order_by(Tally.submitted.desc(), Tally.key)
        .limit(CODES_SHOWN)
    )
    return [
        _row(
            campaign.code,
            campaign.name,
            campaign.kind,
            Figures(*(getattr(tally, metric) for metric in METRICS)),
            (campaign.target or None, campaign.ends_on),
            today,
        )
        for tally, campaign in session.execute(query)
    ]


def _row(
    key: str,
    name: str,
    kind: str,
    figures: Figures,
    target: tuple[int | None, date | None],
    today: date,
) -> Row:
    """The pace is worked out from shown figures only, so that it tells nothing more."""
    shown = {m: cell(getattr(figures, m)) for m in METRICS}
    wanted, due_on = target
    needed = None
    if wanted and due_on is not None:
        needed = pace(wanted, shown["member"] or 0, due_on, today)
    return Row(key, name, kind, shown, wanted, due_on, needed)


def _ranked(rows: Sequence[Row]) -> list[Row]:
    """The furthest first; without targets, the most registrations first."""
    return sorted(
        rows, key=lambda row: (-(row.share or 0), -(row.figures["submitted"] or 0), row.name)
    )


def _trend_start(today: date) -> date:
    return tallies.monday(today) - timedelta(weeks=TREND_WEEKS - 1)


def _weeks(found: dict[date, Figures], today: date) -> list[tuple[date, Shown]]:
    start = _trend_start(today)
    days = [start + timedelta(weeks=n) for n in range(TREND_WEEKS)]
    return [(day, cell(found.get(day, Figures()).submitted)) for day in days]
