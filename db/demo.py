"""Made-up leads: a few for a first look, millions to measure with. No real person is in them."""

import random
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

import geothai
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session
from stdnum.th import pin

from db import rollups, workdays
from db.crypto import Keyring
from db.lead_cells import INDEX_BYTES, name_tokens, plain_name
from db.lead_tables import (
    APPOINTMENT,
    CONTACTING,
    INELIGIBLE,
    MEMBER,
    NEW,
    OPEN,
    UNREACHABLE,
    WITHDRAWN,
    ConsentRow,
    LeadEvent,
    NamePrefix,
    Registration,
)
from db.registrations import FIRST_CALL_WORKING_DAYS, age_band
from db.session import is_postgresql, keys, transaction

BATCH = 2_000
COUNTS_HELD = 400_000
"""So many different counts are kept in memory before they are written."""
WORDS = {
    name: words.split()
    for name, words in tomllib.loads(
        (files("db") / "demo.toml").read_text(encoding="utf-8")
    ).items()
}
CAMPAIGNS = ("", "", "", "UDN-MKT", "KKN-TAMBON", "NAN-VHV", "BKK-RIDER", "PTN-FISH")
MIX = ((MEMBER, 45), (NEW, 14), (CONTACTING, 11), (APPOINTMENT, 4), (INELIGIBLE, 12))
STATUS_MIX = (*MIX, (UNREACHABLE, 8), (WITHDRAWN, 6))
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
PEOPLE_IN_TENS_OF_THOUSANDS = {"กรุงเทพมหานคร": 5, "นครราชสีมา": 3, "อุบลราชธานี": 2, "ขอนแก่น": 2}


_SEQUENCE = """SELECT setval(
    pg_get_serial_sequence('registrations', 'id'), (SELECT max(id) FROM registrations))"""


def make(
    engine: Engine,
    number: int,
    now: datetime,
    *,
    seed: int = 40,
    provinces: tuple[str, ...] = (),
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Add so many leads in batches, from these provinces (all of them if none is named)."""
    chance = random.Random(seed)  # noqa: S311 - made-up people, no secret
    places = [place for place in _places() if not provinces or place[0] in provinces]
    start = _after_last(engine)
    done, counts = 0, Counter[rollups.Key]()
    while done < number:
        size = min(BATCH, number - done)
        with transaction(engine) as session:
            counts.update(
                _batch(session, chance, places, range(start + done, start + done + size), now)
            )
            if len(counts) > COUNTS_HELD or done + size == number:
                rollups.add_many(session, counts)
                counts = Counter()
        done += size
        progress(done)
    with transaction(engine) as session:
        if is_postgresql(session):
            session.execute(text(_SEQUENCE))
    return done


def _batch(
    session: Session,
    chance: random.Random,
    places: list[tuple[str, str, str]],
    numbers: range,
    now: datetime,
) -> Counter[rollups.Key]:
    ring = keys(session)
    leads, names, events, consents = [], [], [], []
    counts: Counter[rollups.Key] = Counter()
    for number in numbers:
        values, tokens = _lead(ring, chance, places, number, now)
        leads.append(values)
        names += [{"token": token, "registration": number} for token in sorted(tokens)]
        events.append(_event(values, number))
        consents.append(_consent(values))
        for key, step in _counts(values):
            counts[key] += step
    for model, rows in ((Registration, leads), (NamePrefix, names)):
        _insert(session, model, rows)
    _insert(session, LeadEvent, events)
    _insert(session, ConsentRow, consents)
    return counts


def _lead(
    ring: Keyring,
    chance: random.Random,
    places: list[tuple[str, str, str]],
    number: int,
    now: datetime,
) -> tuple[dict[str, Any], set[int]]:
    reference = _reference(chance, number)
    first = chance.choice(WORDS["first_names"])
    last = chance.choice(WORDS["last_names_a"]) + chance.choice(WORDS["last_names_b"])
    born = date(1961, 12, 1) + timedelta(days=chance.randrange(49 * 365))
    province, district, tambon = chance.choice(places)
    id_number, phone = _id_number(chance), f"0{chance.choice('689')}{chance.randrange(10**8):08d}"
    created = now - timedelta(minutes=chance.randrange(1, 300 * 24 * 60) ** 2 // (300 * 24 * 60))
    status = _status(chance, created, now)
    user = f"U{chance.getrandbits(128):032x}"
    cells = {
        "owner_id": user,
        "title": chance.choice(("นาย", "นาง", "นางสาว")),
        "first_name": first,
        "last_name": last,
        "birth_on": born.isoformat(),
        "id_number": id_number if chance.random() < 0.6 else "",
        "phone": phone,
        "address": f"{chance.randrange(1, 300)} หมู่ {chance.randrange(1, 15)}",
        "callback_words": f"{chance.choice(WORDS['words_a'])} {chance.choice(WORDS['words_b'])}",
        "extra": "{}",
    }
    who = "|".join((plain_name(first), plain_name(last), born.isoformat(), plain_name(tambon)))
    contacted = created + timedelta(hours=chance.expovariate(1 / 40))
    values: dict[str, Any] = {
        "id": number,
        "reference": reference,
        "owner": _index(ring, "owner", user),
        "id_number_index": _index(ring, "id_number", id_number) if cells["id_number"] else None,
        "phone_index": _index(ring, "phone", phone),
        "person_key": _index(ring, "person", who),
        **{
            name: ring.seal(words, table="registrations", column=name, row=reference)
            if words
            else None
            for name, words in cells.items()
        },
        "status": status,
        "status_since": min(contacted, now) if status != NEW else created,
        "due_on": _due(status, created, now),
        "appointment_at": now + timedelta(hours=4) if status == APPOINTMENT else None,
        "created_at": created,
        "first_contact_at": min(contacted, now) if status in (MEMBER, INELIGIBLE) else None,
        "option": chance.choice((1, 2, 2, 3, 3, None)),
        "province": province,
        "district": district,
        "tambon": tambon,
        "occupation": chance.choice(WORDS["occupations"]),
        "age_band": age_band(born, now.date()),
        "channel": chance.choice(("chat", "chat", "chat", "form", "helper")),
        "campaign": chance.choice(CAMPAIGNS),
        "card_kind": "thai",
        "contact_time": chance.choice(WORDS["times"]),
        "for_other": False,
        "assigned_to": None,
        "attempts": 1 if status in (CONTACTING, APPOINTMENT) else 0,
        "version": 0,
    }
    return values, name_tokens(ring, (first, last))


def _counts(values: dict[str, Any]) -> Iterator[tuple[rollups.Key, int]]:
    lead = Registration(**{name: values[name] for name in rollups.NEEDED})
    yield from rollups.flow("submitted", lead, lead.created_at)
    yield from rollups.moved(None, rollups.standing(lead))
    if values["first_contact_at"] is not None:
        yield from rollups.waited(lead, values["first_contact_at"])
    yield from rollups.ended(lead, values["status"], values["status_since"])


def _event(values: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "registration": number,
        "reference": values["reference"],
        "at": values["created_at"],
        "kind": "submitted",
        "value": "",
        "reason": "",
    }


def _consent(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "reference": values["reference"],
        "version": "demo",
        "at": values["created_at"],
        "relationship": "",
        "guardian": False,
    }


def _insert(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    """Many rows. COPY is several times faster where there is a server."""
    if not rows:
        return
    if not is_postgresql(session):
        session.execute(insert(model), rows)
        return
    columns = list(rows[0])
    cursor = session.connection().connection.cursor()
    statement = f"COPY {model.__tablename__} ({', '.join(columns)}) FROM STDIN"
    quoted = statement.replace("option", '"option"')
    with cursor.copy(quoted) as copy:
        for row in rows:
            copy.write_row([row[name] for name in columns])


def _places() -> list[tuple[str, str, str]]:
    """Every tambon, the big provinces more often."""
    found = []
    for province in geothai.provinces():
        for district in geothai.districts(province.code):
            for tambon in geothai.subdistricts(district.code):
                place = (province.name_th, district.name_th, tambon.name_th)
                found += [place] * PEOPLE_IN_TENS_OF_THOUSANDS.get(province.name_th, 1)
    return found


def _status(chance: random.Random, created: datetime, now: datetime) -> str:
    if now - created < timedelta(days=2):
        return NEW
    names, weights = zip(*STATUS_MIX, strict=True)
    return str(chance.choices(names, weights)[0])


def _due(status: str, created: datetime, now: datetime) -> date | None:
    if status not in OPEN:
        return None
    if status == APPOINTMENT:
        return rollups.thai_day(now + timedelta(hours=4))
    due = workdays.after(rollups.thai_day(created), FIRST_CALL_WORKING_DAYS)
    # Offices keep up, mostly: what is open is at most two weeks late.
    return max(due, rollups.thai_day(now) - timedelta(days=created.minute % 14))


def _reference(chance: random.Random, number: int) -> str:
    left, told = number, ""
    for _ in range(6):
        left, digit = divmod(left, len(ALPHABET))
        told = ALPHABET[digit] + told
    told += ALPHABET[chance.randrange(len(ALPHABET))] + ALPHABET[number * 7 % len(ALPHABET)]
    return f"D40-{told[:4]}-{told[4:]}"


def _id_number(chance: random.Random) -> str:
    twelve = f"{chance.choice('13578')}{chance.randrange(10**11):011d}"
    return twelve + pin.calc_check_digit(twelve)


def _index(ring: Keyring, column: str, plain: str) -> bytes:
    return ring.blind_index(f"registrations.{column}", plain)[:INDEX_BYTES]


def _after_last(engine: Engine) -> int:
    with transaction(engine) as session:
        last = session.scalar(select(Registration.id).order_by(Registration.id.desc()).limit(1))
    return (last or 0) + 1
