"""The people behind the console: accounts, roles, where they work, sessions, slowed sign-in."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from sqlalchemy import (
    Boolean,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    and_,
    delete,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.lead_tables import BigId
from db.session import keys
from db.types import UtcDateTime

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
PEOPLE_A_PAGE = 50


class Role(StrEnum):
    """What a member of staff may do.

    Admins and auditors are bound to no province; neither are editors, who see no lead at all.
    """

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    OFFICER = "officer"
    EDITOR = "editor"
    VIEWER = "viewer"
    AUDITOR = "auditor"


UNBOUND = frozenset({Role.ADMIN, Role.AUDITOR, Role.EDITOR})


class Staff(Base):
    """An account. The columns with odd names are those Flask-Security asks for."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    office: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(12))
    provinces_json: Mapped[str] = mapped_column(Text, default="[]")
    offices_json: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")
    language: Mapped[str] = mapped_column(String(2), default="th")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    active: Mapped[bool] = mapped_column(Boolean, default=True)
    password: Mapped[str] = mapped_column(String(200))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(400))
    """Encrypted by Flask-Security with a key that is not in the database."""
    last_totp_step: Mapped[int | None]
    recovery_codes_json: Mapped[str] = mapped_column(Text, default="[]")
    """Hashes; each is used up once."""

    @property
    def provinces(self) -> tuple[str, ...]:
        """The provinces this person works in (empty for those who are bound to none)."""
        return tuple(json.loads(self.provinces_json))

    @property
    def offices(self) -> tuple[str, ...]:
        """The offices, where a province has several and this person works for some of them."""
        return tuple(json.loads(self.offices_json))


class StaffSession(Base):
    """A signed-in browser. Only a hash of its id is kept, and its data is sealed."""

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    data: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed_by": "id"})
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    address: Mapped[str] = mapped_column(String(45), default="")
    browser: Mapped[str] = mapped_column(String(120), default="")


class SignInFailure(Base):
    """Failed tries for one key (an account from one address, or an address)."""

    __tablename__ = "sign_in_failures"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SavedView(Base):
    """A list's filters under a name, for the one who saved it."""

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    filters: Mapped[str] = mapped_column(Text)


Person = TypeVar("Person", bound=Staff)


def add(
    session: Session,
    *,
    email: str,
    name: str,
    office: str,
    role: Role,
    provinces: Iterable[str],
    offices: Iterable[str] = (),
    password: str,
    now: datetime,
) -> Staff:
    """A new account. `password` is a hash; a fresh account gets a random one nobody knows."""
    person = Staff(
        email=email.strip().lower(),
        name=name.strip(),
        office=office.strip(),
        role=role.value,
        password=password,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=now,
    )
    bind(person, provinces, offices)
    session.add(person)
    session.flush()
    return person


def bind(person: Staff, provinces: Iterable[str], offices: Iterable[str] = ()) -> None:
    """Bind somebody to provinces, and within them to offices, if the role is bound at all."""
    unbound = Role(person.role) in UNBOUND
    person.provinces_json = json.dumps([] if unbound else sorted(provinces), ensure_ascii=False)
    person.offices_json = json.dumps([] if unbound else sorted(offices))


def found(
    session: Session, *, words: str = "", role: str = "", province: str = "", after: str = ""
) -> list[Staff]:
    """A page of people and one more, those at work first: by name or e-mail, role, province.

    after: the number of the last one of the page before.
    """
    order = (Staff.active.desc(), Staff.name, Staff.id)
    wanted = select(Staff).order_by(*order).limit(PEOPLE_A_PAGE + 1)
    if words:
        like = (column.icontains(words, autoescape=True) for column in (Staff.name, Staff.email))
        wanted = wanted.where(or_(*like))
    if role:
        wanted = wanted.where(Staff.role == role)
    if province:
        listed = json.dumps(province, ensure_ascii=False)
        wanted = wanted.where(Staff.provinces_json.contains(listed, autoescape=True))
    last = session.get(Staff, int(after)) if after.isdigit() else None
    if last is not None:
        later = tuple_(Staff.name, Staff.id) > (last.name, last.id)
        gone = Staff.active.is_(False)
        wanted = wanted.where(or_(gone, later) if last.active else and_(gone, later))
    return list(session.scalars(wanted))


def by_email(session: Session, email: str) -> Staff | None:
    """The account with that address."""
    return session.scalars(select(Staff).where(Staff.email == email.strip().lower())).first()


def last_admin(session: Session, person: Staff) -> bool:
    """Whether nobody else could administer. Two who remove each other at once wait in line."""
    wanted = select(Staff.id).where(Staff.role == Role.ADMIN.value, Staff.active)
    found = session.scalars(wanted.order_by(Staff.id).with_for_update()).all()
    return list(found) == [person.id]


def views_of(session: Session, staff: int) -> list[SavedView]:
    """The saved views of a person, in the order they were saved."""
    return list(
        session.scalars(select(SavedView).where(SavedView.staff == staff).order_by(SavedView.id))
    )


def new_session_id() -> str:
    """256 random bits for the cookie."""
    return secrets.token_urlsafe(32)


def session_hash(cookie: str) -> str:
    """What is stored instead of the cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Person]):
    """A live session: its data, when it was last seen, and who is signed in by it."""

    data: dict[str, object]
    seen_at: datetime
    person: Person | None


def load_session(
    session: Session, cookie: str, now: datetime, kind: type[Person]
) -> Loaded[Person] | None:
    """A live session with its account, or None: unknown, idle too long, too old."""
    found = session.execute(
        select(StaffSession, kind)
        .outerjoin(kind, kind.id == StaffSession.staff)
        .where(StaffSession.id == session_hash(cookie))
    ).first()
    if found is None or now - found[0].seen_at > IDLE or now - found[0].created_at > LONGEST:
        return None
    row, person = found
    opened = keys(session).open(row.data, table="staff_sessions", column="data", row=row.id)
    return Loaded(dict(json.loads(opened)), row.seen_at, person)


def save_session(
    session: Session,
    cookie: str,
    data: dict[str, object],
    *,
    staff: int | None,
    now: datetime,
    address: str,
    browser: str,
) -> None:
    """Keep what a session holds."""
    name = session_hash(cookie)
    sealed = keys(session).seal(json.dumps(data), table="staff_sessions", column="data", row=name)
    row = session.get(StaffSession, name)
    if row is None:
        row = StaffSession(id=name, created_at=now)
        session.add(row)
    row.data, row.seen_at, row.staff = sealed, now, staff
    row.address, row.browser = address[:45], browser[:120]
    session.flush()


def end_session(session: Session, name: str) -> None:
    """Sign one browser out; `name` is the stored hash."""
    session.execute(delete(StaffSession).where(StaffSession.id == name))


def end_sessions(session: Session, staff: int) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(StaffSession).where(StaffSession.staff == staff))


def sessions_of(session: Session, staff: int, now: datetime) -> list[StaffSession]:
    """The live sessions of a person, newest first."""
    return list(
        session.scalars(
            select(StaffSession)
            .where(StaffSession.staff == staff, StaffSession.seen_at > now - IDLE)
            .order_by(StaffSession.seen_at.desc())
        )
    )


def purge_sessions(session: Session, now: datetime) -> int:
    """Drop sessions and failures that are over; the number of sessions dropped."""
    session.execute(delete(SignInFailure).where(SignInFailure.last_at < now - LONGEST))
    gone = session.scalars(
        select(StaffSession.id).where(
            (StaffSession.seen_at < now - IDLE) | (StaffSession.created_at < now - LONGEST)
        )
    ).all()
    session.execute(delete(StaffSession).where(StaffSession.id.in_(gone)))
    return len(gone)
