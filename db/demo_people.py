"""Made-up leads as the rows they are kept in: sealed and hashed exactly as `db.registrations` does.

No real person is in them. A batch follows from its numbers and the seed alone, so that several
processes make what one would.
"""

import json
import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

import geothai
from stdnum import luhn
from stdnum.th import pin

from db import rollups, workdays
from db.campaigns import ALPHABET
from db.crypto import Keyring
from db.lead_cells import index, name_tokens, plain_name
from db.lead_tables import (
    APPOINTMENT,
    ASSIGNED,
    CONTACTING,
    INELIGIBLE,
    MEMBER,
    NEW,
    OPEN,
    UNREACHABLE,
    WITHDRAWN,
    LeadEvent,
)
from db.lead_work import BUSY, CALL_BACK, NO_ANSWER, REACHED, REASONS
from db.registrations import FIRST_CALL_WORKING_DAYS, age_band

WORDS = {
    name: words.split()
    for name, words in tomllib.loads(
        (files("db") / "demo.toml").read_text(encoding="utf-8")
    ).items()
}
NOTES = [words.replace("_", " ") for words in WORDS["notes"]]
PEOPLE_IN_TENS_OF_THOUSANDS = {"กรุงเทพมหานคร": 5, "นครราชสีมา": 3, "อุบลราชธานี": 2, "ขอนแก่น": 2}
SEVERAL_OFFICES = {"กรุงเทพมหานคร": WORDS["offices"]}
HANDED_OVER = 0.8
"""So many of the leads of a province with several offices have been handed to one of them."""
SPAN_MINUTES = 300 * 24 * 60
YOUNGEST_BORN = date(2010, 11, 1)
STATUSES = [
    status
    for status, weight in (
        (MEMBER, 45),
        (NEW, 12),
        (ASSIGNED, 2),
        (CONTACTING, 11),
        (APPOINTMENT, 4),
        (INELIGIBLE, 12),
        (UNREACHABLE, 8),
        (WITHDRAWN, 6),
    )
    for _ in range(weight)
]
FRESH, TOO_FRESH_TO_GIVE_UP = timedelta(days=2), timedelta(days=6)
TWICE = 0.015
"""So many leads are of a person who is there already."""
REFERENCES = len(ALPHABET) ** 7
SCATTER = 7_368_787_933
"""Spreads running numbers over all references; it shares no divisor with their number."""

NO_CODE = ("",)

Place = tuple[str, str, str]
Row = tuple[Any, ...]
SEALED = (
    *("owner_id", "title", "first_name", "last_name", "birth_on", "id_number", "phone"),
    *("address", "callback_words", "extra"),
)
LEAD = (
    *("id", "reference", "owner", "id_number_index", "phone_index", "person_key", *SEALED),
    *("status", "status_since", "due_on", "appointment_at", "created_at", "first_contact_at"),
    *("option", "province", "district", "tambon", "occupation", "age_band", "channel"),
    *("campaign", "card_kind", "contact_time", "for_other", "assigned_to", "attempts", "version"),
    "office",
)
NAME = ("token", "registration", "province")
CONSENT = ("reference", "version", "at", "relationship", "guardian")
EVENT = ("registration", "reference", "at", "kind", "staff", "value", "reason", "text")
PERSON = ("user", "reachable", "news", "menu", "first_campaign", "last_campaign", "first_seen_at")


@dataclass(slots=True)
class Rows:
    """What a batch of leads is made of, a list a table."""

    leads: list[Row] = field(default_factory=list)
    names: list[Row] = field(default_factory=list)
    consents: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class World:
    """What all leads of a run have in common."""

    now: datetime
    first: int
    total: int
    seed: int
    places: Sequence[Place]
    campaigns: Mapping[str, Sequence[str]]
    """The codes of a province, and an empty one for those who came by none."""
    officers: Mapping[str, Sequence[int]]
    """Who works in a province, by number."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A made-up person."""

    title: str
    first: str
    last: str
    born: date
    id_number: str
    phone: str
    place: Place


@dataclass(frozen=True, slots=True)
class Course:
    """What became of a lead: its status, since when, and the calls (moment, outcome)."""

    status: str
    since: datetime
    calls: tuple[tuple[datetime, str], ...] = ()

    @property
    def first_contact(self) -> datetime | None:
        """When they first spoke, if they did."""
        return next((at for at, how in self.calls if how in (REACHED, CALL_BACK)), None)


class Maker:
    """Makes batches of leads."""

    def __init__(self, ring: Keyring, world: World) -> None:
        self._ring, self._world = ring, world
        self._chance = random.Random()  # noqa: S311 - made-up people, no secret
        self._tokens: dict[str, frozenset[int]] = {}

    def batch(self, numbers: range) -> Rows:
        """The rows of these leads."""
        self._chance.seed(f"{self._world.seed}/{numbers.start}")
        rows, before = Rows(), None
        for number in numbers:
            again = before is not None and self._chance.random() < TWICE
            who = before if again and before is not None else self._somebody()
            self._lead(rows, number, who)
            before = who
        return rows

    def _lead(self, rows: Rows, number: int, who: Somebody) -> None:
        chance, ring = self._chance, self._ring
        reference, user = reference_of(number), f"U{chance.getrandbits(128):032x}"
        created = self._created(number)
        province, district, tambon = who.place
        officers = self._world.officers.get(province, ())
        officer = chance.choice(officers) if officers else None
        course = self._course(created, officer)
        channel = chance.choice(("chat", "chat", "chat", "form", "helper"))
        campaign = chance.choice(self._world.campaigns.get(province, NO_CODE))
        born = who.born.isoformat()
        keyed = "|".join((plain_name(who.first), plain_name(who.last), born, plain_name(tambon)))
        cells = (
            *(user, who.title, who.first, who.last, born, who.id_number, who.phone),
            f"{chance.randrange(1, 300)} หมู่ {chance.randrange(1, 15)}",
            f"{chance.choice(WORDS['words_a'])} {chance.choice(WORDS['words_b'])}",
            json.dumps({"channel": channel} if channel == "form" else {}),
        )
        rows.leads.append(
            (
                number,
                reference,
                index(ring, "owner", user),
                index(ring, "id_number", who.id_number) if who.id_number else None,
                index(ring, "phone", who.phone),
                index(ring, "person", keyed),
                *(
                    ring.seal(words, table="registrations", column=name, row=reference)
                    if words
                    else None
                    for name, words in zip(SEALED, cells, strict=True)
                ),
                course.status,
                course.since,
                _due(course.status, created, self._world.now),
                self._world.now + timedelta(hours=4) if course.status == APPOINTMENT else None,
                created,
                course.first_contact,
                chance.choice((1, 2, 2, 3, 3, None)),
                province,
                district,
                tambon,
                chance.choice(WORDS["occupations"]),
                age_band(who.born, self._world.now.date()),
                channel,
                campaign,
                "thai",
                chance.choice(WORDS["times"]),
                channel == "helper",
                officer if course.calls or course.status == ASSIGNED else None,
                len(course.calls),
                len(course.calls) + (course.status not in OPEN),
                self._office(province),
            )
        )
        tokens = self._named(who.first) | self._named(who.last)
        rows.names += [(token, number, province) for token in tokens]
        helped = "ลูก" if channel == "helper" else ""
        rows.consents.append((reference, "demo", created, helped, False))
        self._history(rows.events, number, reference, created, course, officer)
        code = campaign or None
        rows.people.append((user, True, True, "registered", code, code, created))

    def _office(self, province: str) -> str | None:
        offices = SEVERAL_OFFICES.get(province)
        if offices is None or self._chance.random() > HANDED_OVER:
            return None
        return str(self._chance.choice(offices))

    def _somebody(self) -> Somebody:
        chance = self._chance
        return Somebody(
            title=chance.choice(("นาย", "นาง", "นางสาว")),
            first=chance.choice(WORDS["first_names"]),
            last=chance.choice(WORDS["last_names_a"]) + chance.choice(WORDS["last_names_b"]),
            born=YOUNGEST_BORN - timedelta(days=chance.randrange(49 * 365)),
            id_number=_id_number(chance) if chance.random() < 0.6 else "",
            phone=f"0{chance.choice('689')}{chance.randrange(10**8):08d}",
            place=chance.choice(self._world.places),
        )

    def _created(self, number: int) -> datetime:
        """Later numbers came later, and more came lately."""
        world = self._world
        still = 1 - (number - world.first + self._chance.random()) / world.total
        return world.now - timedelta(minutes=max(SPAN_MINUTES * still * still, 1))

    def _course(self, created: datetime, officer: int | None) -> Course:
        chance, now = self._chance, self._world.now
        status = chance.choice(STATUSES)
        if now - created < FRESH or (status == ASSIGNED and officer is None):
            status = NEW
        if status == UNREACHABLE and now - created < TOO_FRESH_TO_GIVE_UP:
            status = CONTACTING
        at = min(created + timedelta(hours=chance.expovariate(1 / 40)), now - timedelta(minutes=1))
        match status:
            case _ if status == NEW:
                return Course(NEW, created)
            case _ if status in (MEMBER, INELIGIBLE):
                return Course(status, at, ((at, REACHED),))
            case _ if status == APPOINTMENT:
                return Course(status, at, ((at, CALL_BACK),))
            case _ if status == CONTACTING:
                return Course(status, at, ((at, chance.choice((NO_ANSWER, BUSY))),))
            case _ if status == UNREACHABLE:
                days = [created + timedelta(days=day, hours=1) for day in (1, 2, 4)]
                return Course(status, days[-1], tuple((day, NO_ANSWER) for day in days))
            case _:
                return Course(status, at)

    def _history(
        self,
        events: list[Row],
        number: int,
        reference: str,
        created: datetime,
        course: Course,
        officer: int | None,
    ) -> None:
        chance, status = self._chance, course.status
        events.append((number, reference, created, "submitted", None, "demo", "", None))
        for at, outcome in course.calls:
            sealed = None
            if chance.random() < 0.25:
                sealed = self._ring.seal(
                    chance.choice(NOTES),
                    table=LeadEvent.__tablename__,
                    column="text",
                    row=reference,
                )
            events.append((number, reference, at, "attempt", officer, outcome, "", sealed))
        if status == ASSIGNED:
            told = str(officer or "")
            events.append((number, reference, course.since, "assigned", officer, told, "", None))
        elif status not in OPEN:
            reason = "by_person" if status == WITHDRAWN else REASONS[status][0]
            by = None if status == WITHDRAWN else officer
            events.append((number, reference, course.since, "status", by, status, reason, None))

    def _named(self, name: str) -> frozenset[int]:
        if name not in self._tokens:
            self._tokens[name] = frozenset(name_tokens(self._ring, (name,)))
        return self._tokens[name]


def places(provinces: Sequence[str]) -> list[Place]:
    """Every tambon of these provinces (of all, if none is named), the big ones more often."""
    found = []
    for province in geothai.provinces():
        if provinces and province.name_th not in provinces:
            continue
        for district in geothai.districts(province.code):
            for tambon in geothai.subdistricts(district.code):
                place = (province.name_th, district.name_th, tambon.name_th)
                found += [place] * PEOPLE_IN_TENS_OF_THOUSANDS.get(province.name_th, 1)
    return found


def reference_of(number: int) -> str:
    """A reference of the usual shape, with its check letter; no two numbers have the same."""
    left, body = number * SCATTER % REFERENCES, ""
    for _ in range(7):
        left, digit = divmod(left, len(ALPHABET))
        body += ALPHABET[digit]
    whole = body + str(luhn.calc_check_digit(body, alphabet=ALPHABET))
    return f"S40-{whole[:4]}-{whole[4:]}"


@lru_cache(maxsize=4096)
def _first_call(day: date) -> date:
    return workdays.after(day, FIRST_CALL_WORKING_DAYS)


def _due(status: str, created: datetime, now: datetime) -> date | None:
    if status not in OPEN:
        return None
    if status == APPOINTMENT:
        return rollups.thai_day(now + timedelta(hours=4))
    # Offices keep up, mostly: what is open is at most two weeks late.
    latest = rollups.thai_day(now) - timedelta(days=created.minute % 14)
    return max(_first_call(rollups.thai_day(created.astimezone(UTC))), latest)


def _id_number(chance: random.Random) -> str:
    twelve = f"{chance.choice('13578')}{chance.randrange(10**11):011d}"
    return twelve + pin.calc_check_digit(twelve)
