"""The tables of registrations: the lead itself, and what hangs on it.

What tells who somebody is lies in sealed cells (AAD: table, column, reference). What offices filter
and count by is in the clear: place down to the tambon, option, occupation, age band, status.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.types import UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")

NEW, ASSIGNED, CONTACTING, APPOINTMENT = "new", "assigned", "contacting", "appointment"
MEMBER, INELIGIBLE, UNREACHABLE, WITHDRAWN = "member", "ineligible", "unreachable", "withdrawn"
WAITING, MERGED = "waiting", "merged"
OPEN = (NEW, ASSIGNED, CONTACTING, APPOINTMENT)
CLOSED = (MEMBER, INELIGIBLE, UNREACHABLE, WITHDRAWN)
STATUSES = (*OPEN, *CLOSED, WAITING, MERGED)

FACETS = ("status", "option", "occupation", "channel", "campaign", "age_band")
"""What lists are filtered by lies in the indexes that order them: rows that don't fit are passed
over there, without a look at the table."""
BUT_CAMPAIGN = tuple(name for name in FACETS if name != "campaign")
NEWEST, DUE = ("created_at", "id"), ("due_on", "id")


def _where_set(column: str, name: str, *columns: str) -> Index:
    """An index of the leads alone that have this column. Each of its columns is there once."""
    condition = text(f"{column} IS NOT NULL")
    return Index(
        f"ix_registrations_{name}",
        *dict.fromkeys(columns),
        postgresql_where=condition,
        sqlite_where=condition,
    )


def _nobodys(name: str, *columns: str) -> Index:
    """An index of the leads that wait for anybody, in the order they are due."""
    condition = text("assigned_to IS NULL AND due_on IS NOT NULL")
    return Index(
        f"ix_registrations_{name}", *columns, postgresql_where=condition, sqlite_where=condition
    )


def sealed() -> Mapped[bytes | None]:
    """A sealed cell of a table that has a `reference`."""
    return mapped_column(LargeBinary, info={"sealed_by": "reference"})


class Registration(Base):
    """A lead: a person who wants to become a member and whom an officer must call."""

    __tablename__ = "registrations"
    __table_args__ = (
        Index("ix_registrations_queue", "status", "province", "due_on", "id"),
        Index("ix_registrations_province", "province", "id"),
        Index(
            "ix_registrations_status_there", "province", "status", *NEWEST, *FACETS[1:], "due_on"
        ),
        Index("ix_registrations_tambon", "tambon", "district", "id"),
        Index(
            "ix_registrations_status_newest", "status", *NEWEST, *FACETS[1:], "due_on", "province"
        ),
        Index("ix_registrations_occupation", "occupation", "province", "id"),
        Index("ix_registrations_channel", "channel", "province", "id"),
        Index("ix_registrations_newest", *NEWEST, *FACETS, "due_on", "province"),
        Index("ix_registrations_newest_there", "province", *NEWEST, *FACETS, "due_on"),
        Index(
            "ix_registrations_district_newest", "district", "province", *NEWEST, *FACETS, "due_on"
        ),
        Index(
            "ix_registrations_campaign_newest",
            "campaign",
            *NEWEST,
            *BUT_CAMPAIGN,
            "due_on",
            "province",
        ),
        _where_set("due_on", "due_first", *DUE, *FACETS, "created_at", "province"),
        _where_set("due_on", "due_there", "province", *DUE, *FACETS, "created_at"),
        _where_set("due_on", "status_due", "status", *DUE, *FACETS, "created_at", "province"),
        _where_set("due_on", "mine_due", "assigned_to", *DUE, *FACETS, "created_at", "province"),
        _where_set("assigned_to", "mine_newest", "assigned_to", *NEWEST, *FACETS, "province"),
        _nobodys("nobodys_due", "status", "due_on", "id"),
        _nobodys("nobodys_due_there", "province", "status", "due_on", "id"),
        _where_set("lease_by", "lease_by", "lease_by", "lease_until"),
        _where_set("office", "office", "office", "id"),
        _where_set("merged_into", "merged_into", "merged_into"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    owner: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    """Keyed hash of the LINE account that may see it: the person's, or the helper's."""
    owner_id: Mapped[bytes | None] = sealed()
    status: Mapped[str] = mapped_column(String(12))
    status_since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None] = mapped_column(Date)
    appointment_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_contact_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    option: Mapped[int | None]
    province: Mapped[str] = mapped_column(String(40))
    district: Mapped[str] = mapped_column(String(60))
    tambon: Mapped[str] = mapped_column(String(60))
    occupation: Mapped[str] = mapped_column(String(40))
    age_band: Mapped[str] = mapped_column(String(5))
    channel: Mapped[str] = mapped_column(String(12))
    campaign: Mapped[str] = mapped_column(String(40), default="")
    card_kind: Mapped[str] = mapped_column(String(20), default="")
    contact_time: Mapped[str] = mapped_column(String(40), default="")
    for_other: Mapped[bool] = mapped_column(Boolean, default=False)
    office: Mapped[str | None] = mapped_column(String(8))
    """Which office of the province has it. None: any, as nobody has told yet where a district of a
    province with several offices belongs; an officer hands it over."""

    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    lease_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rest_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Skipped: the queue does not offer it before."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Goes up with every change an officer makes: a page that is out of date is refused."""

    title: Mapped[bytes | None] = sealed()
    first_name: Mapped[bytes | None] = sealed()
    last_name: Mapped[bytes | None] = sealed()
    birth_on: Mapped[bytes | None] = sealed()
    id_number: Mapped[bytes | None] = sealed()
    phone: Mapped[bytes | None] = sealed()
    address: Mapped[bytes | None] = sealed()
    callback_words: Mapped[bytes | None] = sealed()
    extra: Mapped[bytes | None] = sealed()

    id_number_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    person_key: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"))


SEALED_FIELDS = ("title", "first_name", "last_name", "birth_on", "id_number", "phone", "address")


class NamePrefix(Base):
    """Keyed hashes of the beginnings of a name: search by prefix without readable names."""

    __tablename__ = "registration_names"
    __table_args__ = (Index("ix_registration_names_there", "token", "province", "registration"),)

    token: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    registration: Mapped[int] = mapped_column(
        BigId,
        ForeignKey("registrations.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        autoincrement=False,
    )
    province: Mapped[str | None] = mapped_column(String(40))
    """The lead's own, so that a common name is found at once among the millions of other provinces.
    None: written by a release that did not know it."""


class ConsentRow(Base):
    """Which text was agreed to, when, and who read it out."""

    __tablename__ = "registration_consents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_by: Mapped[bytes | None] = sealed()
    relationship: Mapped[str] = mapped_column(String(40), default="")
    guardian: Mapped[bool] = mapped_column(Boolean, default=False)


class LeadEvent(Base):
    """What happened to a lead, in order: the history an officer reads."""

    __tablename__ = "registration_events"
    __table_args__ = (Index("ix_registration_events_lead", "registration", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    registration: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"))
    reference: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    """submitted, corrected, status, attempt, note, message, reopened, merged, undone, assigned"""
    staff: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    value: Mapped[str] = mapped_column(String(40), default="")
    """A status, an outcome, the names of corrected fields: an id, never personal data."""
    reason: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[bytes | None] = sealed()


class Notice(Base):
    """A word to the person that waits some seconds, so that an officer can take the change back."""

    __tablename__ = "registration_notices"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    registration: Mapped[int] = mapped_column(
        ForeignKey("registrations.id", ondelete="CASCADE"), index=True
    )
    reference: Mapped[str] = mapped_column(String(20))
    send_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[str] = mapped_column(String(20))
    payload: Mapped[bytes | None] = sealed()


class HandoverCode(Base):
    """A one-time code with which the person takes over a lead made for them."""

    __tablename__ = "registration_handovers"

    code: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    registration: Mapped[int] = mapped_column(
        ForeignKey("registrations.id", ondelete="CASCADE"), index=True
    )
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Tombstone(Base):
    """That a LINE account asked to be erased: a keyed hash, to erase again after a restore."""

    __tablename__ = "tombstones"

    owner: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
