"""Writing made-up rows fast: COPY on PostgreSQL, executemany on SQLite, indexes after the rows."""
# ruff: noqa: S608 - statements are put together from names in this code; values are always bound.

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Engine, Integer, LargeBinary, Table, text
from sqlalchemy.orm import Session

from db.base import Base
from db.demo_people import CONSENT, EVENT, LEAD, NAME, PERSON, Row, Rows
from db.lead_tables import ConsentRow, LeadEvent, NamePrefix, Registration
from db.people import Person
from db.session import is_postgresql
from db.types import UtcDateTime

WRITTEN: tuple[tuple[type[Base], str, Sequence[str]], ...] = (
    (Registration, "leads", LEAD),
    (NamePrefix, "names", NAME),
    (ConsentRow, "consents", CONSENT),
    (LeadEvent, "events", EVENT),
    (Person, "people", PERSON),
)
KINDS = (
    (UtcDateTime, "timestamptz"),
    (Date, "date"),
    (BigInteger, "int8"),
    (Integer, "int4"),
    (Boolean, "bool"),
    (LargeBinary, "bytea"),
)
_FREE = "SELECT NOT EXISTS (SELECT 1 FROM registrations OFFSET 1000)"
_CONSTRAINTS = """
    SELECT contype, CAST(conrelid AS regclass) AS held, conname AS name,
           pg_get_constraintdef(oid) AS said
    FROM pg_constraint
    WHERE contype IN ('p', 'u', 'f') AND (
        CAST(CAST(conrelid AS regclass) AS text) = ANY(:tables)
        OR CAST(CAST(confrelid AS regclass) AS text) = ANY(:tables))
    ORDER BY contype = 'p', contype = 'u'"""
_INDEXES = (
    "SELECT indexname AS name, indexdef AS said FROM pg_indexes WHERE tablename = ANY(:tables)"
)
_SEQUENCE = """SELECT setval(
    pg_get_serial_sequence('registrations', 'id'), (SELECT max(id) FROM registrations))"""


def write(session: Session, rows: Rows) -> None:
    """All rows of a batch."""
    for model, part, columns in WRITTEN:
        found: list[Row] = getattr(rows, part)
        table = Base.metadata.tables[model.__tablename__]
        if is_postgresql(session):
            _copy(session, table, columns, found)
        else:
            _insert(session, table, columns, found)


def numbered(session: Session) -> None:
    """Let the next real lead come after the made-up ones."""
    if is_postgresql(session):
        session.execute(text(_SEQUENCE))


@contextmanager
def indexes_after(engine: Engine) -> Iterator[None]:
    """On a PostgreSQL with next to no leads: take keys and indexes away, and build them afterwards.

    Building them is several times cheaper than keeping them. A run that is killed in between
    leaves a database without indexes, so it is for databases made to measure with.
    """
    tables = [model.__tablename__ for model, _, _ in WRITTEN]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "postgresql" or not connection.scalar(text(_FREE)):
            yield
            return
        constraints = connection.execute(text(_CONSTRAINTS), {"tables": tables}).all()
        for one in constraints:
            connection.execute(text(f"ALTER TABLE {one.held} DROP CONSTRAINT {one.name}"))
        indexes = connection.execute(text(_INDEXES), {"tables": tables}).all()
        for one in indexes:
            connection.execute(text(f"DROP INDEX {one.name}"))
        try:
            yield
        finally:
            connection.execute(text("SET maintenance_work_mem = '512MB'"))
            for one in reversed([c for c in constraints if c.contype != "f"]):
                _say(connection, f"ALTER TABLE {one.held} ADD CONSTRAINT {one.name} {one.said}")
            for one in indexes:
                _say(connection, one.said)
            for one in (c for c in constraints if c.contype == "f"):
                _say(connection, f"ALTER TABLE {one.held} ADD CONSTRAINT {one.name} {one.said}")
            _say(connection, "VACUUM ANALYZE")


def _say(connection: Any, statement: str) -> None:
    connection.execute(text(statement.replace(":", r"\:")))


def _copy(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    kinds = [_kind(table, name) for name in columns]
    cursor = session.connection().connection.cursor()
    with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(kinds)
        for row in rows:
            copy.write_row(row)


def _kind(table: Table, name: str) -> str:
    found = table.c[name].type
    return next((kind for type_, kind in KINDS if isinstance(found, type_)), "text")


def _insert(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"
    kept = [tuple(map(_kept, row)) for row in rows]
    session.connection().exec_driver_sql(statement, kept)


def _kept(value: Any) -> Any:
    """Moments and days as SQLAlchemy keeps them in SQLite."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
