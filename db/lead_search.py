"""Finding leads: the one builder that knows who may see which, filters, search, keyset pages.

Every query starts with `leads(scope)`. Pages go by key, never by number, so that the thousandth
page costs what the first one does; counts stop at a cap.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, false, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from db import workdays
from db.lead_cells import PREFIX_LENGTHS, cell, digits, index, plain_name, token
from db.lead_order import DUE, NEWEST, key, ordered, place_in
from db.lead_tables import OPEN, STATUSES, NamePrefix, Registration
from db.rollups import THAI_TIME, thai_day
from db.session import PLANNED_ANEW, keys

PAGE = 50
COUNT_CAP = 1_000
NAME_CANDIDATES, NAMES_AT_ONCE = 400, 60
SHORTEST_NAME = 3
LIKELY = 5
EQUAL = (
    "province",
    "district",
    "tambon",
    "occupation",
    "channel",
    "campaign",
    "age_band",
    "office",
)
IS_OPEN = "open"
NOT_OPEN = tuple(status for status in STATUSES if status not in OPEN)
FEW_PROVINCES = 20
"""So many are asked one by one: each then is a piece of an index in order."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where somebody works: these provinces, or everywhere (None).

    With offices: not the leads that were handed to another office.
    """

    provinces: tuple[str, ...] | None
    offices: tuple[str, ...] = ()

    def holds(self, province: str) -> bool:
        """Whether a province lies in it."""
        return self.provinces is None or province in self.provinces

    def sees(self, lead: Registration) -> bool:
        """What `leads` asks the database, of one lead at hand."""
        elsewhere = self.offices and lead.office is not None and lead.office not in self.offices
        return self.holds(lead.province) and not elsewhere


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows. Empty: everything. `status` may also be the group `open`."""

    status: str = ""
    province: str = ""
    district: str = ""
    tambon: str = ""
    option: str = ""
    occupation: str = ""
    channel: str = ""
    campaign: str = ""
    age_band: str = ""
    office: str = ""
    recent_days: int = 0
    """Registered today (1) or within so many days: a saved view moves on with the day."""
    waiting_days: int = 0
    waiting_workdays: int = 0
    """Registered more than so many Thai working days ago."""
    overdue: bool = False
    mine: int = 0
    created_from: date | None = None
    created_to: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some leads and the key of the next page, empty at the end."""

    leads: list[Registration]
    after: str


def leads(scope: Scope) -> Select[Registration]:
    """All leads this scope may see. There is no other way to a lead in the console."""
    chosen = select(Registration).execution_options(**PLANNED_ANEW)
    if scope.provinces is None:
        return chosen
    chosen = chosen.where(Registration.province.in_(scope.provinces))
    if scope.offices:
        ours = or_(Registration.office.is_(None), Registration.office.in_(scope.offices))
        chosen = chosen.where(ours)
    return chosen


def find(session: Session, scope: Scope, reference: str) -> Registration | None:
    """One lead by its number; None also when it lies outside."""
    return session.scalars(leads(scope).where(Registration.reference == reference)).first()


def matching(scope: Scope, filters: Filters, today: date, now: datetime) -> Select[Registration]:
    """The leads that pass the filters."""
    return leads(_narrowed(scope, filters)).where(*_conditions(filters, today, now))


def page(
    session: Session, scope: Scope, filters: Filters, *, sort: str, after: str, now: datetime
) -> Page:
    """One page in this order, after this key. What is closed has no day it is due: newest first."""
    sort = NEWEST if sort == DUE and filters.status in NOT_OPEN else sort
    found = list(session.scalars(_first(scope, filters, sort, after, now)))
    return Page(found[:PAGE], key(sort, found[PAGE - 1]) if len(found) > PAGE else "")


def by_number(
    scope: Scope, filters: Filters, now: datetime, *, after: int, limit: int
) -> Select[Registration]:
    """The next few that pass, by their number: how jobs and exports go through all of them. Few
    provinces are asked one by one: each then is a piece of an index, read no further than needed.
    """
    heads = [
        matching(part, filters, thai_day(now), now)
        .where(Registration.id > after)
        .with_only_columns(Registration.id)
        .order_by(Registration.id)
        .limit(limit)
        for part in _parts(scope, filters)
    ]
    found = union_all(*(select(head.subquery()) for head in heads)).subquery()
    first = select(found.c.id).order_by(found.c.id).limit(limit)
    return leads(scope).where(Registration.id.in_(first)).order_by(Registration.id)


def count(session: Session, scope: Scope, filters: Filters, now: datetime) -> int:
    """How many pass, counted up to the cap."""
    some = matching(scope, filters, thai_day(now), now).with_only_columns(Registration.id)
    capped = select(func.count()).select_from(some.limit(COUNT_CAP).subquery())
    capped = capped.execution_options(**PLANNED_ANEW)
    return int(session.scalar(capped) or 0)


def search(session: Session, scope: Scope, words: str) -> list[Registration]:
    """By reference, ID number, phone, or the beginning of a first or last name (or both)."""
    words = words.strip()
    number = digits(words)
    if words.upper().startswith("S40"):
        found = find(session, scope, words.upper().replace(" ", ""))
        return [found] if found is not None else []
    if len(number) >= 9 and len(number) >= len(words) - 4:
        column = "id_number" if len(number) == 13 else "phone"
        wanted = getattr(Registration, f"{column}_index") == index(keys(session), column, number)
        return list(
            session.scalars(leads(scope).where(wanted).order_by(Registration.id.desc()).limit(PAGE))
        )
    return _by_name(session, scope, words)


def likely_same(session: Session, scope: Scope, lead: Registration) -> list[Registration]:
    """Other leads that seem to be the same person: ID number, name and birth date, or phone."""
    same: list[ColumnElement[bool]] = [Registration.person_key == lead.person_key]
    if lead.id_number_index is not None:
        same.append(Registration.id_number_index == lead.id_number_index)
    if lead.phone_index is not None:
        same.append(Registration.phone_index == lead.phone_index)
    heads = [
        leads(scope)
        .where(condition, Registration.id != lead.id)
        .with_only_columns(Registration.id)
        .order_by(Registration.id.desc())
        .limit(LIKELY)
        for condition in same
    ]
    found = union_all(*(select(head.subquery()) for head in heads)).subquery()
    chosen = leads(scope).where(Registration.id.in_(select(found.c.id)))
    return list(session.scalars(chosen.order_by(Registration.id.desc()).limit(LIKELY)))


def within(filters: Filters, scope: Scope) -> Filters:
    """The filters without a province that lies outside (it would only show nothing)."""
    return filters if scope.holds(filters.province) else replace(filters, province="")


def _by_name(session: Session, scope: Scope, words: str) -> list[Registration]:
    """The newest leads whose names really begin so: opened a few at a time."""
    ring, parts = keys(session), [plain for part in words.split() if (plain := plain_name(part))]
    parts = parts[:2]
    tokens = [
        token(ring, part[: _longest_prefix(part)]) for part in parts if len(part) >= SHORTEST_NAME
    ]
    found: list[Registration] = []
    before: int | None = None
    for _ in range(NAME_CANDIDATES // NAMES_AT_ONCE if tokens else 0):
        some = session.scalars(_with_tokens(scope, tokens, before)).all()
        found += [lead for lead in some if _named(session, lead, parts)]
        if len(some) < NAMES_AT_ONCE or len(found) >= PAGE:
            break
        before = some[-1].id
    return found[:PAGE]


def _longest_prefix(part: str) -> int:
    return max(n for n in PREFIX_LENGTHS if n <= len(part))


def _with_tokens(scope: Scope, tokens: list[int], before: int | None) -> Select[Registration]:
    """The newest leads whose names have all these beginnings. Few provinces are asked one by one;
    so is what a release wrote that did not note the province.
    """
    pieces = [(part, _only(part)) for part in _parts(scope, Filters())]
    if scope.provinces is not None:
        pieces.append((scope, ""))
    heads = [_numbers(part, tokens, there, before) for part, there in pieces]
    found = union_all(*(select(head.subquery()) for head in heads)).subquery()
    first = select(found.c.id).distinct().order_by(found.c.id.desc()).limit(NAMES_AT_ONCE)
    chosen = leads(scope).where(Registration.id.in_(first))
    return chosen.order_by(Registration.id.desc())


def _only(part: Scope) -> str | None:
    return part.provinces[0] if part.provinces and len(part.provinces) == 1 else None


def _numbers(part: Scope, tokens: list[int], there: str | None, before: int | None) -> Select[int]:
    """there: look only among the names of this province (empty: among those of which none was
    noted, None: among all).
    """
    chosen = leads(part).with_only_columns(Registration.id)
    for number in tokens:
        has = aliased(NamePrefix)
        here = has.province == there if there else has.province.is_(None)
        same = and_(has.registration == Registration.id, has.token == number)
        chosen = chosen.join(has, same if there is None else and_(same, here))
        if before is not None:
            chosen = chosen.where(has.registration < before)
    return chosen.order_by(Registration.id.desc()).limit(NAMES_AT_ONCE)


def _named(session: Session, lead: Registration, parts: list[str]) -> bool:
    names = [plain_name(cell(session, lead, name)) for name in ("first_name", "last_name")]
    return all(any(name.startswith(part) for name in names) for part in parts)


def _conditions(filters: Filters, today: date, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        getattr(Registration, name) == value for name in EQUAL if (value := getattr(filters, name))
    ]
    if filters.status:
        found += _of_status(filters.status)
    if filters.option:
        unsure = filters.option == "unsure"
        found.append(
            Registration.option.is_(None) if unsure else Registration.option == int(filters.option)
        )
    if filters.overdue:
        found.append(Registration.due_on < today)
        # Nobody is overdue on the day they registered: said so, the newest are passed over at once.
        found.append(Registration.created_at < _midnight(today))
        if filters.status in NOT_OPEN:
            found.append(false())  # said so, or every row would be looked at to find out
        elif filters.status in ("", IS_OPEN):
            found += _of_status(IS_OPEN)
    if filters.mine:
        found.append(Registration.assigned_to == filters.mine)
    return found + _created(filters, today, now)


def _created(filters: Filters, today: date, now: datetime) -> list[ColumnElement[bool]]:
    """From when to when; nothing at all, said at once, if that is no time."""
    firsts, ends = [_midnight(day) for day in _first_days(filters, today)], []
    if filters.waiting_workdays:
        last = workdays.longer_ago(today, filters.waiting_workdays)
        ends.append(_midnight(last + timedelta(days=1)))
    if filters.waiting_days:
        ends.append(now - timedelta(days=filters.waiting_days))
    if filters.created_to:
        ends.append(_midnight(filters.created_to + timedelta(days=1)))
    if firsts and ends and min(ends) <= max(firsts):
        return [false()]
    found: list[ColumnElement[bool]] = [Registration.created_at >= first for first in firsts]
    return found + [Registration.created_at < end for end in ends]


def _first_days(filters: Filters, today: date) -> list[date]:
    recent = today - timedelta(days=filters.recent_days - 1) if filters.recent_days else None
    return [day for day in (recent, filters.created_from) if day is not None]


def _of_status(status: str) -> list[ColumnElement[bool]]:
    if status != IS_OPEN:
        return [Registration.status == status]
    # What is open has a day, and by that it is found; the rest is for what should not be.
    return [Registration.due_on.is_not(None), Registration.status.not_in(NOT_OPEN)]


def _narrowed(scope: Scope, filters: Filters) -> Scope:
    """The scope within the province that is asked for: said once, or PostgreSQL would take two
    conditions on the place for twice as rare.
    """
    if not filters.province or not scope.holds(filters.province):
        return scope
    return replace(scope, provinces=(filters.province,))


def _parts(scope: Scope, filters: Filters) -> list[Scope]:
    """The scope in pieces that an index answers in order: a province each, if they are few."""
    scope = _narrowed(scope, filters)
    if filters.mine or scope.provinces is None or len(scope.provinces) > FEW_PROVINCES:
        return [scope]  # one's own leads are few, and in order by themselves
    return [replace(scope, provinces=(one,)) for one in scope.provinces]


def _listed(
    scope: Scope, filters: Filters, sort: str, after: str, now: datetime
) -> Select[Registration]:
    chosen = ordered(matching(scope, filters, thai_day(now), now), sort, after)
    first = _first_days(filters, thai_day(now))
    if sort == DUE and first:
        # Nobody is due before they registered: said so, what was due before is passed over.
        chosen = chosen.where(Registration.due_on >= max(first))
    return chosen


def _first(
    scope: Scope, filters: Filters, sort: str, after: str, now: datetime
) -> Select[Registration]:
    """The rows of a page: first the keys of all parts, from the indexes, then those rows alone."""
    heads = [
        _listed(part, filters, sort, after, now)
        .with_only_columns(place_in(sort).label("place"), Registration.id)
        .limit(PAGE + 1)
        for part in _parts(scope, filters)
    ]
    keyed = union_all(*(select(head.subquery()) for head in heads)).subquery()
    first = select(keyed).order_by(*_by_key(keyed, sort)).limit(PAGE + 1).subquery()
    chosen = leads(scope).join(first, first.c.id == Registration.id)
    return chosen.order_by(*_by_key(first, sort))


def _by_key(keyed: Subquery, sort: str) -> list[ColumnElement[Any]]:
    columns = (keyed.c.place, keyed.c.id)
    return [column.desc() if sort == NEWEST else column.asc() for column in columns]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), THAI_TIME)
