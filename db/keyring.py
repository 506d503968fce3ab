"""The table of wrapped data keys: made on first use, opened at start, rewrapped and replaced by
rotation.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, LargeBinary, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.crypto import KEY_BYTES, Keyring, OuterKey, Unreadable
from db.session import transaction
from db.types import UtcDateTime

CELL, INDEX = "cell", "index"


class DataKey(Base):
    """One random key, wrapped by an outer key that is not in the database."""

    __tablename__ = "data_keys"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    purpose: Mapped[str] = mapped_column(String(8))
    outer_key: Mapped[str] = mapped_column(String(8))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


def unlock(engine: Engine, outer: Sequence[OuterKey]) -> Engine:
    """The same engine, carrying its opened keyring (see `db.session.keys`). Makes the first keys.

    Raises Unreadable when no outer key opens a data key: starting with the wrong keys must fail.
    """
    try:
        with transaction(engine) as session:
            if session.scalar(select(DataKey.id).limit(1)) is None:
                _add(session, 1, CELL, outer[0])
                _add(session, 2, INDEX, outer[0])
    except IntegrityError:
        # Another process made the first keys between our look and our insert: use its keys.
        pass
    keyring = _opened(engine, outer)
    keyring.reload = lambda: _opened(engine, outer).cell_keys
    return engine.execution_options(keyring=keyring)


def rewrap(session: Session, outer: Sequence[OuterKey]) -> int:
    """Wrap every data key with the newest outer key; the number of rows changed."""
    changed = 0
    for row in session.scalars(select(DataKey)):
        if row.outer_key != outer[0].name:
            row.wrapped = outer[0].wrap(_unwrapped(row, outer), _place(row.id, row.purpose))
            row.outer_key = outer[0].name
            changed += 1
    return changed


def add_cell_key(session: Session, outer: Sequence[OuterKey]) -> int:
    """A new data key for cells; its number. Processes that run fetch it when they meet it."""
    number = max(session.scalars(select(DataKey.id))) + 1
    _add(session, number, CELL, outer[0])
    return number


def _add(session: Session, number: int, purpose: str, outer: OuterKey) -> None:
    session.add(
        DataKey(
            id=number,
            purpose=purpose,
            outer_key=outer.name,
            wrapped=outer.wrap(os.urandom(KEY_BYTES), _place(number, purpose)),
            created_at=datetime.now(UTC),
        )
    )
    session.flush()


def _opened(engine: Engine, outer: Sequence[OuterKey]) -> Keyring:
    with transaction(engine) as session:
        rows = list(session.scalars(select(DataKey).order_by(DataKey.id)))
        cells = {row.id: _unwrapped(row, outer) for row in rows if row.purpose == CELL}
        index = next(_unwrapped(row, outer) for row in rows if row.purpose == INDEX)
    return Keyring(cells, max(cells), index)


def _unwrapped(row: DataKey, outer: Sequence[OuterKey]) -> bytes:
    for key in outer:
        if key.name == row.outer_key:
            return key.unwrap(row.wrapped, _place(row.id, row.purpose))
    raise Unreadable(f"no key of PII_ENCRYPTION_KEYS opens data key {row.id}")


def _place(number: int, purpose: str) -> str:
    return f"data_keys|{purpose}|{number}"
