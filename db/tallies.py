"""How far outreach has come, by place and by code: what the target board shows.

Kept in the transaction that changes something, so that no page counts people. `reached` and
`started` belong to a code and to its place; `submitted`, `contacted` and `member` to the place
where the person lives, and to the code they came by.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Date, Integer, String, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.session import is_postgresql

METRICS = ("reached", "started", "submitted", "contacted", "member")
OF_LEADS = ("submitted", "contacted", "member")
PLACE, CODE = "place", "code"
BETWEEN = "|"
ROWS_A_STATEMENT = 500
Change = tuple[str, str, date]
"""Metric, key (a place's or a code), Thai day."""


class Tally(Base):
    """The figures of one place or code. `parent`: the place it lies in; empty for a province."""

    __tablename__ = "outreach_tallies"

    key: Mapped[str] = mapped_column(String(180), primary_key=True)
    kind: Mapped[str] = mapped_column(String(5))
    parent: Mapped[str] = mapped_column(String(180), index=True)
    reached: Mapped[int] = mapped_column(Integer, default=0)
    started: Mapped[int] = mapped_column(Integer, default=0)
    submitted: Mapped[int] = mapped_column(Integer, default=0)
    contacted: Mapped[int] = mapped_column(Integer, default=0)
    member: Mapped[int] = mapped_column(Integer, default=0)


class TallyWeek(Base):
    """The same for one week, filed under its Monday."""

    __tablename__ = "outreach_weeks"

    key: Mapped[str] = mapped_column(String(180), primary_key=True)
    week: Mapped[date] = mapped_column(Date, primary_key=True)
    reached: Mapped[int] = mapped_column(Integer, default=0)
    started: Mapped[int] = mapped_column(Integer, default=0)
    submitted: Mapped[int] = mapped_column(Integer, default=0)
    contacted: Mapped[int] = mapped_column(Integer, default=0)
    member: Mapped[int] = mapped_column(Integer, default=0)


@dataclass(frozen=True, slots=True)
class Figures:
    """The five figures of one key."""

    reached: int = 0
    started: int = 0
    submitted: int = 0
    contacted: int = 0
    member: int = 0


def place_key(province: str, district: str = "", tambon: str = "") -> str:
    """The key of a place, from the largest part down to the last one known."""
    parts = []
    for part in (province, district, tambon):
        if not part:
            break
        parts.append(part)
    return BETWEEN.join(parts)


def parent_of(key: str) -> str:
    """The place around a place."""
    return key.rpartition(BETWEEN)[0]


def chain(key: str) -> list[str]:
    """The place and all those around it."""
    found = []
    while key:
        found.append(key)
        key = parent_of(key)
    return found


def monday(day: date) -> date:
    """The Monday of that week."""
    return day - timedelta(days=day.weekday())


def open_code(session: Session, code: str, place: str) -> None:
    """A code begins to be counted, under its place."""
    session.add(Tally(key=code, kind=CODE, parent=place))
    session.flush()


def count(session: Session, metric: str, code: str, place: str, day: date) -> None:
    """One person more came by a code, or began a form: for the code and its places."""
    add(session, {(metric, key, day): 1 for key in (code, *chain(place))})


def add_leads(session: Session, flows: Mapping[tuple[str, str, date, str, str], int]) -> None:
    """File what happened to leads, given as the roll-ups' keys; other keys are not looked at.

    Nor are those of an office: its province has them already.
    """
    changes: Counter[Change] = Counter()
    for (metric, split, day, province, value), number in flows.items():
        if metric not in OF_LEADS or not number or "@" in province:
            continue
        if split == PLACE:
            for key in chain(place_key(province, *value.split(BETWEEN))):
                changes[(metric, key, day)] += number
        elif split == "campaign" and value:
            changes[(metric, value, day)] += number
    add(session, changes)


def add(session: Session, changes: Mapping[Change, int]) -> None:
    """Add to the figures. A code that nobody opened is nobody's and is left out."""
    codes = _open_codes(session, [key for _, key, _ in changes if _is_code(key)])
    totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
    weeks: defaultdict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    for (metric, key, day), number in changes.items():
        if not _is_code(key) or key in codes:
            totals[key][metric] += number
            weeks[(key, monday(day))][metric] += number
    _upsert(
        session,
        Tally,
        ("key",),
        [
            {
                "key": key,
                "kind": CODE if _is_code(key) else PLACE,
                "parent": codes[key] if _is_code(key) else parent_of(key),
                **_row(found),
            }
            for key, found in sorted(totals.items())
        ],
    )
    _upsert(
        session,
        TallyWeek,
        ("key", "week"),
        [{"key": key, "week": week, **_row(found)} for (key, week), found in sorted(weeks.items())],
    )


def of(session: Session, keys: Sequence[str]) -> dict[str, Figures]:
    """The figures of these keys; those that have none are missing."""
    rows = session.scalars(select(Tally).where(Tally.key.in_(keys)))
    return {row.key: _figures(row) for row in rows}


def within(session: Session, place: str, kind: str = PLACE) -> dict[str, Figures]:
    """The figures of what lies directly in a place; in the country when it is empty."""
    query = select(Tally).where(Tally.parent == place, Tally.kind == kind)
    return {row.key: _figures(row) for row in session.scalars(query)}


def weeks_of(session: Session, keys: Iterable[str], since: date) -> dict[date, Figures]:
    """Week by week, summed over the keys."""
    columns = [func.sum(getattr(TallyWeek, metric)) for metric in METRICS]
    query = (
        select(TallyWeek.week, *columns)
        .where(TallyWeek.key.in_(list(keys)), TallyWeek.week >= monday(since))
        .group_by(TallyWeek.week)
        .order_by(TallyWeek.week)
    )
    return {week: Figures(*numbers) for week, *numbers in session.execute(query)}


def summed(figures: Iterable[Figures]) -> Figures:
    """All of them together."""
    found = list(figures)
    return Figures(*(sum(getattr(one, metric) for one in found) for metric in METRICS))


def _is_code(key: str) -> bool:
    """Codes are Latin letters and digits; places are Thai."""
    return key.isascii()


def _open_codes(session: Session, codes: list[str]) -> dict[str, str]:
    if not codes:
        return {}
    query = select(Tally.key, Tally.parent).where(Tally.key.in_(codes), Tally.kind == CODE)
    return {row.key: row.parent for row in session.execute(query)}


def _row(found: Mapping[str, int]) -> dict[str, int]:
    return {metric: found.get(metric, 0) for metric in METRICS}


def _figures(row: Tally) -> Figures:
    return Figures(*(getattr(row, metric) for metric in METRICS))


def _upsert(
    session: Session,
    model: type[Tally] | type[TallyWeek],
    key: Sequence[str],
    rows: list[dict[str, object]],
) -> None:
    """In the order of the keys, so that two transactions can't deadlock."""
    insert = postgresql.insert if is_postgresql(session) else sqlite.insert
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        made = insert(model).values(rows[start : start + ROWS_A_STATEMENT])
        sums = {name: getattr(model, name) + made.excluded[name] for name in METRICS}
        session.execute(made.on_conflict_do_update(index_elements=list(key), set_=sums))
