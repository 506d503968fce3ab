"""Small counts kept up to date in the transaction that changes a lead: what the dashboard draws.

Nothing counts leads when a page is opened. A flow (submitted, member…) is filed under the Thai day
it happened; a gauge (open, due) goes up and down.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from db import tallies
from db.base import Base
from db.bulk import insert_many
from db.lead_tables import MEMBER, MERGED, OPEN, Registration
from db.session import is_postgresql

THAI_TIME = ZoneInfo("Asia/Bangkok")
ALWAYS = date(1970, 1, 1)
"""The day under which a gauge without a day is filed."""
EVERYWHERE, MONTHLY = "*", "*m"
"""The provinces under which what is summed over the country is filed too, by day and by month. A
month of one province is filed under the province and its split with MONTHLY behind it.
"""
SUMMED = ("submitted", "contacted", "member", "wait")
"""The metrics that are: what is drawn over a year would be a million rows otherwise."""
BY = ("option", "channel", "occupation", "age_band", "campaign", "district")
OTHER = "other"
ROWS_A_STATEMENT = 20_000
_COLUMNS = (
    ("metric", "text"),
    ("split", "text"),
    ("day", "date"),
    ("province", "text"),
    ("value", "text"),
    ("n", "integer"),
)
_ADD = "ON CONFLICT (metric, split, day, province, value) DO UPDATE SET n = rollups.n + excluded.n"
AT = "@"
"""Between the province and the office of a lead that was handed to one."""
_OF_OFFICES = ("metric", "split", "province", "day", "office", "value", "n")
_TYPES = {"day": "date", "n": "integer"}
_ADD_OF_OFFICES = (
    "ON CONFLICT (metric, split, province, day, office, value)"
    " DO UPDATE SET n = office_rollups.n + excluded.n"
)
WAIT_HOURS = (1, 2, 4, 8, 16, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720, 1440, 100_000)
"""Upper ends of the classes of waiting time."""


class Rollup(Base):
    """How many, of what, when, where, split by what."""

    __tablename__ = "rollups"
    __table_args__ = (
        Index(
            "ix_rollups_there",
            *("metric", "split", "province", "day", "value"),
            postgresql_include=["n"],
        ),
    )

    metric: Mapped[str] = mapped_column(String(16), primary_key=True)
    split: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    province: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(60), primary_key=True)
    n: Mapped[int] = mapped_column(Integer)


class OfficeRollup(Base):
    """The same of leads that were handed to one office: the others of its province see them not."""

    __tablename__ = "office_rollups"

    metric: Mapped[str] = mapped_column(String(16), primary_key=True)
    split: Mapped[str] = mapped_column(String(12), primary_key=True)
    province: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    office: Mapped[str] = mapped_column(String(8), primary_key=True)
    value: Mapped[str] = mapped_column(String(60), primary_key=True)
    n: Mapped[int] = mapped_column(Integer)


Key = tuple[str, str, date, str, str]
"""Metric, split, day, province (with its office: «กรุงเทพมหานคร@BKK01»), value."""
Standing = tuple[str, date | None, str, str | None]
"""Status, due day, province, office: what the gauges hang on."""


def thai_day(at: datetime) -> date:
    """The date on a Thai calendar at that moment."""
    return at.astimezone(THAI_TIME).date()


def add(session: Session, changes: Iterable[tuple[Key, int]]) -> None:
    """Add to the counts."""
    summed: Counter[Key] = Counter()
    for key, number in changes:
        summed[key] += number
    add_many(session, summed)


def add_many(session: Session, summed: Mapping[Key, int]) -> None:
    """Add sums to the counts. In one order always, so that two transactions can't deadlock."""
    tallies.add_leads(session, summed)
    _add_of_offices(session, {key: n for key, n in summed.items() if AT in key[3] and n})
    dates = is_postgresql(session)
    rows = [
        {
            "metric": metric,
            "split": split,
            "day": day if dates else day.isoformat(),
            "province": province,
            "value": value,
            "n": number,
        }
        for (metric, split, day, province, value), number in sorted(with_sums(summed).items())
        if number and split != tallies.PLACE and AT not in province
    ]
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        part = rows[start : start + ROWS_A_STATEMENT]
        insert_many(session, "rollups", _COLUMNS, part, conflict=_ADD)


def _add_of_offices(session: Session, summed: Mapping[Key, int]) -> None:
    dates = is_postgresql(session)
    rows = []
    for (metric, split, day, place, value), number in sorted(with_sums(summed).items()):
        province, _, office = place.partition(AT)
        at = day if dates else day.isoformat()
        told = (metric, split, province, at, office, value, number)
        rows.append(dict(zip(_OF_OFFICES, told, strict=True)))
    types = tuple((name, _TYPES.get(name, "text")) for name in _OF_OFFICES)
    insert_many(session, "office_rollups", types, rows, conflict=_ADD_OF_OFFICES)


def with_sums(summed: Mapping[Key, int]) -> Counter[Key]:
    """The counts, those of each place by month, and those of the whole country."""
    found = Counter(summed)
    for (metric, split, day, province, value), number in summed.items():
        if not summed_up(metric, split):
            continue
        month = day.replace(day=1)
        found[(metric, split + MONTHLY, month, province, value)] += number
        if AT not in province:
            found[(metric, split, day, EVERYWHERE, value)] += number
            found[(metric, split, month, MONTHLY, value)] += number
    return found


def summed_up(metric: str, split: str) -> bool:
    """Whether months are summed, and the country has rows of its own. A district's name means
    nothing without its province.
    """
    return metric in SUMMED and split not in ("district", tallies.PLACE)


def count(session: Session, metric: str, at: datetime, province: str = "") -> None:
    """One more of something that has no lead yet: a first message, a form begun."""
    add(session, [((metric, "all", thai_day(at), province, ""), 1)])


def flow(metric: str, lead: Registration, at: datetime) -> list[tuple[Key, int]]:
    """One lead more under this metric, whole and by each split."""
    day = thai_day(at)
    place = f"{lead.district}{tallies.BETWEEN}{lead.tambon}"
    keys: list[Key] = [(metric, tallies.PLACE, day, lead.province, place)]
    for at_place in _places(lead.province, lead.office):
        keys.append((metric, "all", day, at_place, ""))
        keys += [(metric, split, day, at_place, _value(lead, split)) for split in BY]
    return [(key, 1) for key in keys]


def _value(lead: Registration, split: str) -> str:
    value = "" if (found := getattr(lead, split)) is None else str(found)
    # Said in own words: counting each wording would show nothing.
    return value if split != "occupation" or value.isascii() else OTHER


def _places(province: str, office: str | None) -> list[str]:
    return [province, f"{province}{AT}{office}"] if office else [province]


def of_office(lead: Registration) -> list[tuple[Key, int]]:
    """All that is filed under the office a lead was handed to: to be moved with it."""
    found = flow("submitted", lead, lead.created_at)
    if lead.first_contact_at is not None:
        found += waited(lead, lead.first_contact_at)
    if lead.status == MEMBER:
        found += flow(MEMBER, lead, lead.status_since)
    return [(key, number) for key, number in found if AT in key[3]]


def waited(lead: Registration, at: datetime) -> list[tuple[Key, int]]:
    """The first word with the person: how long they had waited for it."""
    hours = (at - lead.created_at).total_seconds() / 3600
    longest = next(top for top in WAIT_HOURS if hours <= top or top == WAIT_HOURS[-1])
    day = thai_day(at)
    return [
        *flow("contacted", lead, at),
        *(
            (("wait", "hours", day, place, f"{longest:06d}"), 1)
            for place in _places(lead.province, lead.office)
        ),
    ]


def standing(lead: Registration) -> Standing:
    """What the gauges know of this lead; take it before and after a change."""
    return lead.status, lead.due_on, lead.province, lead.office


def moved(before: Standing | None, after: Standing | None) -> list[tuple[Key, int]]:
    """The gauges, when a lead comes, goes or changes."""
    if before == after:
        return []
    return [*_gauges(before, -1), *_gauges(after, 1)]


def _gauges(at: Standing | None, sign: int) -> list[tuple[Key, int]]:
    if at is None:
        return []
    status, due_on, province, office = at
    found: list[tuple[Key, int]] = []
    for place in _places(province, office):
        found.append((("open", "status", ALWAYS, place, status), sign))
        if status in OPEN and due_on is not None:
            found.append((("due", "all", due_on, place, ""), sign))
    return found


def changed(session: Session, lead: Registration, before: Standing, at: datetime) -> None:
    """File a change of status, due day or place."""
    after = standing(lead)
    over = ended(lead, after[0], at) if after[0] != before[0] else []
    add(session, [*moved(before, after), *over])


def taken_back(session: Session, lead: Registration, undone: Standing, at: datetime) -> None:
    """File that a change made at that moment did not happen after all."""
    over = [(key, -number) for key, number in ended(lead, undone[0], at)]
    add(session, [*moved(undone, standing(lead)), *over])


def ended(lead: Registration, status: str, at: datetime) -> list[tuple[Key, int]]:
    """One lead more that ended like this."""
    if status in OPEN:
        return []
    closed: list[tuple[Key, int]] = [(("closed", "status", thai_day(at), lead.province, status), 1)]
    return closed + (flow("member", lead, at) if status == MEMBER else [])


def handed_over(session: Session, lead: Registration, filed: list[tuple[Key, int]]) -> None:
    """Move what is filed under the office a lead had to the one it has now, if any."""
    add(session, [*((key, -number) for key, number in filed), *of_office(lead)])


def resettled(lead: Registration, province: str, district: str, tambon: str) -> list[Key]:
    """The board's keys under which this lead is filed, had it lived in that place; none for one
    that went into another lead.
    """
    if lead.status == MERGED:
        return []
    value = f"{district}{tallies.BETWEEN}{tambon}"
    moments = {"submitted": lead.created_at, "contacted": lead.first_contact_at}
    if lead.status == MEMBER:
        moments["member"] = lead.status_since
    return [
        (metric, tallies.PLACE, thai_day(at), province, value)
        for metric, at in moments.items()
        if at is not None
    ]


def member_no_more(session: Session, lead: Registration, since: datetime) -> None:
    """The board counts members of today: this one is one no longer."""
    keys = [key for key, _ in flow(MEMBER, lead, since)]
    tallies.add_leads(session, dict.fromkeys(keys, -1))
