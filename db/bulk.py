"""Many rows in one statement, for the few statements every message runs through.

PostgreSQL takes one array a column (one round trip for a batch), in binary: as text a sealed cell
is written twice over on its way. SQLite is in the process, where executemany is as cheap. These
statements go past SQLAlchemy to the driver: it costs several times what they do.
"""
# ruff: noqa: S608 - statements are put together from names in this code; values are always bound.

import json
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row
from sqlalchemy import Dialect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.session import is_postgresql

Row = Mapping[str, Any]
Question = tuple[str, Mapping[str, Any]]
"""A statement that gives rows, and its values."""
AMONG_POSTGRESQL = "{column} = ANY(CAST(:{parameter} AS text[]))"
AMONG_SQLITE = "{column} IN (SELECT value FROM json_each(:{parameter}))"
Types = tuple[tuple[str, str], ...]
"""(column, PostgreSQL type) in order; the first column is the key."""


def insert_many(
    session: Session, table: str, types: Types, rows: Sequence[Row], *, conflict: str
) -> int:
    """Insert the rows; `conflict` is the clause for rows that are there already. How many were
    written; on PostgreSQL -1 within a piece, where that is not known yet.

    In the order of the rows: two transactions that take the same rows in the same order can't
    deadlock, so callers sort.
    """
    if not rows:
        return 0
    if is_postgresql(session):
        statement = _insert_arrays(table, types, conflict)
        cursor = _driver(session).execute(statement, columns(types, rows))
    else:
        cursor = _sqlite(session, _insert(table, types, conflict), rows, many=True)
    return int(cursor.rowcount)


def update_many(
    session: Session, table: str, types: Types, rows: Sequence[Row], *, where: str = ""
) -> None:
    """Set every column after the first, where the first column matches (and `where` holds)."""
    if not rows:
        return
    if is_postgresql(session):
        _driver(session).execute(_update_arrays(table, types, where), columns(types, rows))
    else:
        _sqlite(session, _update(table, types, where), rows, many=True)


def ask(session: Session, *questions: Question) -> list[Sequence[Any]]:
    """The rows of each question, all asked in one round trip."""
    with in_one_piece(session):
        answers = pose(session, *questions)
    return answers()


def pose(session: Session, *questions: Question) -> Callable[[], list[Sequence[Any]]]:
    """Ask within a piece; what is returned gives the rows of each question once it has ended."""
    if not is_postgresql(session):
        rows = [_named(_sqlite(session, asked, values)) for asked, values in questions]
        return lambda: rows
    driver, dialect = _driver(session), session.get_bind().dialect
    cursors = [
        driver.cursor(row_factory=namedtuple_row).execute(_for_driver(asked, dialect), values)
        for asked, values in questions
    ]
    return lambda: [cursor.fetchall() for cursor in cursors]


def tell(session: Session, statement: str, values: Mapping[str, Any]) -> None:
    """A statement that gives no rows; within a piece it goes with the others."""
    if is_postgresql(session):
        asked = _for_driver(statement, session.get_bind().dialect)
        _driver(session).execute(asked, values)
    else:
        _sqlite(session, statement, values)


@contextmanager
def in_one_piece(session: Session) -> Iterator[None]:
    """What is written in here goes to PostgreSQL in one round trip; an error shows at the end.

    Only for statements whose rows nobody reads before that.
    """
    if not is_postgresql(session):
        yield
        return
    with _driver(session).pipeline():
        yield


def commit_along(session: Session, *, durable: bool) -> None:
    """At the end of a piece: the commit goes with it, so that PostgreSQL's locks are held for no
    journey longer. SQLite commits at the end of the transaction.
    """
    if not is_postgresql(session):
        return
    driver = _driver(session)
    if durable:
        driver.execute("SET LOCAL synchronous_commit = on", prepare=False)
    driver.execute("COMMIT", prepare=False)


def in_transaction(session: Session) -> bool:
    """Whether PostgreSQL still has something to commit."""
    status = _driver(session).info.transaction_status
    return bool(status != TransactionStatus.IDLE)


def among(session: Session, column: str, parameter: str = "wanted") -> str:
    """The condition `column is one of :parameter`; bind `listed(session, values)` to it."""
    condition = AMONG_POSTGRESQL if is_postgresql(session) else AMONG_SQLITE
    return condition.format(column=column, parameter=parameter)


def listed(session: Session, values: Sequence[str]) -> Any:
    """The values as `among` takes them."""
    if is_postgresql(session):
        return list(values)
    return json.dumps(values)


def columns(types: Types, rows: Sequence[Row]) -> dict[str, list[Any]]:
    """The rows as one list a column."""
    return {name: [row[name] for row in rows] for name, _ in types}


def arrays(types: Types) -> str:
    """The lists of `columns` as arrays, in psycopg's binary form."""
    return ", ".join(f"CAST(%({name})b AS {kind}[])" for name, kind in types)


def _driver(session: Session) -> Any:
    """The driver's own connection, in the transaction of the session."""
    return session.connection().connection.driver_connection


def _sqlite(session: Session, statement: str, values: Any, *, many: bool = False) -> Any:
    """Its errors become SQLAlchemy's, which callers know; without the values: they are people's."""
    driver = _driver(session)
    try:
        return (driver.executemany if many else driver.execute)(statement, values)
    except sqlite3.Error as error:
        raise DBAPIError.instance(statement, {}, error, sqlite3.Error) from None


def _named(cursor: Any) -> Sequence[Any]:
    row = _row_type(tuple(column[0] for column in cursor.description or ()))
    return [row(*cells) for cells in cursor]


@lru_cache(maxsize=64)
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)


@lru_cache(maxsize=64)
def _for_driver(statement: str, dialect: Dialect) -> str:
    return str(text(statement).compile(dialect=dialect))


@lru_cache(maxsize=64)
def _insert(table: str, types: Types, conflict: str) -> str:
    names = ", ".join(name for name, _ in types)
    values = ", ".join(f":{name}" for name, _ in types)
    return f"INSERT INTO {table} ({names}) VALUES ({values}) {conflict}"


@lru_cache(maxsize=64)
def _insert_arrays(table: str, types: Types, conflict: str) -> str:
    names = ", ".join(name for name, _ in types)
    return f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays(types)}) {conflict}"


@lru_cache(maxsize=64)
def _update(table: str, types: Types, where: str) -> str:
    key, *rest = (name for name, _ in types)
    sets = ", ".join(f"{name} = :{name}" for name in rest)
    also = f" AND {where}" if where else ""
    return f"UPDATE {table} SET {sets} WHERE {key} = :{key}{also}"


@lru_cache(maxsize=64)
def _update_arrays(table: str, types: Types, where: str) -> str:
    key, *rest = (name for name, _ in types)
    names = ", ".join(name for name, _ in types)
    sets = ", ".join(f"{name} = r.{name}" for name in rest)
    also = f" AND {where}" if where else ""
    return (
        f"UPDATE {table} SET {sets} FROM unnest({arrays(types)}) AS r({names})"
        f" WHERE {table}.{key} = r.{key}{also}"
    )
