"""The sealed part of a lead: keyed hashes to find it by, and the person as words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from db.crypto import Keyring
from db.lead_tables import SEALED_FIELDS, Registration
from db.session import keys

TABLE = "registrations"
INDEX_BYTES = 16
PREFIX_LENGTHS = (3, 5)
"""Beginnings of a name that can be looked up; longer ones are checked after opening."""
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_NIKHAHIT_AA = "\u0e4d\u0e32"
_SARA_AM = "\u0e33"


@dataclass(frozen=True, slots=True)
class Person:
    """The words of the sealed cells, as they were typed."""

    title: str = ""
    first_name: str = ""
    last_name: str = ""
    birth_on: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""


def person(session: Session, lead: Registration) -> Person:
    """Open the cells that say who it is."""
    return Person(**{name: cell(session, lead, name) for name in SEALED_FIELDS})


def cell(session: Session, lead: Registration, column: str) -> str:
    """One opened cell, or empty."""
    value = getattr(lead, column)
    if value is None:
        return ""
    return keys(session).open(value, table=TABLE, column=column, row=lead.reference)


def put(session: Session, lead: Registration, column: str, text: str | None) -> None:
    """Seal a value into its cell; nothing to seal empties it."""
    sealed = (
        keys(session).seal(text, table=TABLE, column=column, row=lead.reference) if text else None
    )
    setattr(lead, column, sealed)


def index(ring: Keyring, column: str, normalised: str) -> bytes:
    """The keyed hash under which a value of that column is found again."""
    return ring.blind_index(f"{TABLE}.{column}", normalised)[:INDEX_BYTES]


def owner_key(session: Session, user_id: str) -> bytes:
    """The keyed hash of a LINE account."""
    return index(keys(session), "owner", user_id)


def digits(text: str) -> str:
    """Only the digits, Thai ones as 0-9; +66 as 0."""
    found = "".join(str(unicodedata.digit(c)) for c in text if c.isdigit())
    return "0" + found[2:] if found.startswith("66") and len(found) in (10, 11) else found


def plain_name(text: str) -> str:
    """A name for comparing: no spaces or invisible signs, one spelling of ำ, small letters."""
    text = _INVISIBLE.sub("", text).replace(_NIKHAHIT_AA, _SARA_AM)
    return "".join(unicodedata.normalize("NFC", text).casefold().split())


def person_key(session: Session, first: str, last: str, birth_on: str, tambon: str) -> bytes:
    """Equal for the same name, birth date and tambon: a likely duplicate."""
    parts = "|".join((plain_name(first), plain_name(last), birth_on, plain_name(tambon)))
    return index(keys(session), "person", parts)


def name_tokens(ring: Keyring, names: Iterable[str]) -> set[int]:
    """The keyed hashes of the beginnings of these names, as signed 64-bit numbers."""
    return {
        token(ring, plain[:length])
        for plain in map(plain_name, names)
        for length in PREFIX_LENGTHS
        if plain
    }


def token(ring: Keyring, beginning: str) -> int:
    """The keyed hash of one beginning of a name."""
    hashed = ring.blind_index(f"{TABLE}.name", beginning)
    return int.from_bytes(hashed[:8], "big", signed=True)
