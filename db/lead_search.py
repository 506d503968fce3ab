"""Finding leads: the one builder that knows who may see which, filters, search, keyset pages.

Every query starts with `leads(scope)`. Pages go by key, never by number, so that the thousandth
page costs what the first one does; counts stop at a cap.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from db import workdays
from db.lead_cells import PREFIX_LENGTHS, cell, digits, index, plain_name, token
from db.lead_order import DUE, NEWEST, key, ordered, place_in
from db.lead_tables import OPEN, STATUSES, NamePrefix, Registration
from db.rollups import THAI_TIME, thai_day
from db.session import is_postgresql, keys

PAGE = 50
COUNT_CAP = 1_000
NAME_CANDIDATES, NAMES_AT_ONCE = 400, 60
SHORTEST_NAME = 3
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
PLANNED_ANEW = "planned anew"
"""Where a session keeps the transaction in which it has said so."""
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
    chosen = select(Registration)
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
    return leads(scope).where(*_conditions(filters, today, now))


def page(
    session: Session, scope: Scope, filters: Filters, *, sort: str, after: str, now: datetime
) -> Page:
    """One page in this order, after this key. What is closed has no day it is due: newest first."""
    plan_anew(session)
    sort = NEWEST if sort == DUE and filters.status in NOT_OPEN else sort
    parts = _parts(scope, filters)
    if len(parts) == 1:
        chosen = _listed(parts[0], filters, sort, after, now)
        found = list(session.scalars(chosen.limit(PAGE + 1)))
    else:
        found = _merged_page(session, scope, filters, sort=sort, after=after, now=now)
    return Page(found[:PAGE], key(sort, found[PAGE - 1]) if len(found) > PAGE else "")


def count(session: Session, scope: Scope, filters: Filters, now: datetime) -> int:
    """How many pass, counted up to the cap."""
    plan_anew(session)
    some = matching(scope, filters, thai_day(now), now).with_only_columns(Registration.id)
    capped = select(func.count()).select_from(some.limit(COUNT_CAP).subquery())
    return int(session.scalar(capped) or 0)


def plan_anew(session: Session) -> None:
    """Let PostgreSQL plan for the values at hand until the transaction ends: the best plan for a
    common value is the worst for a rare one, so a plan made once for all will not do.
    """
    if not is_postgresql(session) or session.info.get(PLANNED_ANEW, 0) is session.get_transaction():
        return
    session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    session.info[PLANNED_ANEW] = session.get_transaction()


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
    found: dict[int, Registration] = {}
    for condition in same:
        chosen = leads(scope).where(condition, Registration.id != lead.id)
        for other in session.scalars(chosen.order_by(Registration.id.desc()).limit(5)):
            found[other.id] = other
    return sorted(found.values(), key=lambda other: -other.id)[:5]


def within(filters: Filters, scope: Scope) -> Filters:
    """The filters without a province that lies outside (it would only show nothing)."""
    return filters if scope.holds(filters.province) else replace(filters, province="")


def _by_name(session: Session, scope: Scope, words: str) -> list[Registration]:
    parts = [plain for part in words.split() if (plain := plain_name(part))]
    plan_anew(session)
    ring, parts = keys(session), parts[:2]
    long = [part for part in parts if len(part) >= SHORTEST_NAME]
    if not long:
        return []
    tokens = [token(ring, part[: _longest_prefix(part)]) for part in long]
    found: list[Registration] = []
    for part in _parts(scope, Filters()):
        one = part.provinces[0] if part.provinces and len(part.provinces) == 1 else None
        found += _fitting(session, _with_tokens(part, tokens, one), parts)
    if scope.provinces is not None:
        found += _fitting(session, _with_tokens(scope, tokens, ""), parts)
    unique = {lead.id: lead for lead in found}
    return sorted(unique.values(), key=lambda lead: -lead.id)[:PAGE]


def _longest_prefix(part: str) -> int:
    return max(n for n in PREFIX_LENGTHS if n <= len(part))


def _with_tokens(scope: Scope, tokens: list[int], province: str | None) -> Select[Registration]:
    """The leads whose names have all these beginnings. province: look only among its names (empty:
    among those of which no province was noted, None: among all).
    """
    chosen = leads(scope)
    for number in tokens:
        has = aliased(NamePrefix)
        here = has.province == province if province else has.province.is_(None)
        same = and_(has.registration == Registration.id, has.token == number)
        chosen = chosen.join(has, same if province is None else and_(same, here))
    return chosen.order_by(Registration.id.desc())


def _fitting(
    session: Session, chosen: Select[Registration], parts: list[str]
) -> list[Registration]:
    """The newest of them whose names really begin so: opened a few at a time."""
    found: list[Registration] = []
    looked = 0
    while looked < NAME_CANDIDATES and len(found) < PAGE:
        some = session.scalars(chosen.limit(NAMES_AT_ONCE)).all()
        found += [lead for lead in some if _named(session, lead, parts)]
        looked += len(some)
        if len(some) < NAMES_AT_ONCE:
            break
        chosen = chosen.where(Registration.id < some[-1].id)
    return found


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


def _parts(scope: Scope, filters: Filters) -> list[Scope]:
    """The scope in pieces that an index answers in order: a province each, if they are few."""
    if filters.mine:
        return [scope]  # one's own leads are few, and in order by themselves
    if filters.province and scope.holds(filters.province):
        return [replace(scope, provinces=(filters.province,))]
    if scope.provinces is None or len(scope.provinces) > FEW_PROVINCES:
        return [scope]
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


def _merged_page(
    session: Session, scope: Scope, filters: Filters, *, sort: str, after: str, now: datetime
) -> list[Registration]:
    """The first of all parts: their keys from the indexes, then the rows of the page alone."""
    keyed: list[tuple[date | datetime, int]] = []
    for part in _parts(scope, filters):
        chosen = _listed(part, filters, sort, after, now)
        columns = (place_in(sort), Registration.id)
        found = session.execute(chosen.with_only_columns(*columns).limit(PAGE + 1))
        keyed += [(row[0], row[1]) for row in found]
    first = [number for _, number in sorted(keyed, reverse=sort == NEWEST)[: PAGE + 1]]
    rows = {
        lead.id: lead for lead in session.scalars(leads(scope).where(Registration.id.in_(first)))
    }
    return [rows[number] for number in first if number in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), THAI_TIME)
