"""Where each talk stands: its sealed state, the number of its next message, its allowance."""
# ruff: noqa: S608 - statements are put together from names in this code; values are bound.

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Float, LargeBinary, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.bulk import Question, among, ask, insert_many, listed
from db.session import keys


class Conversation(Base):
    """One talk. `allowance` is what is left in the bucket that keeps one talk from flooding."""

    __tablename__ = "conversations"

    talk: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed_by": "talk"})
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    allowance: Mapped[float] = mapped_column(Float)
    allowance_ms: Mapped[int] = mapped_column(BigInteger)
    updated_ms: Mapped[int] = mapped_column(BigInteger, index=True)


@dataclass(slots=True)
class TalkState:
    """A talk as the worker holds it. `state` is JSON, empty for a new one."""

    talk: str
    state: str
    position: int
    allowance: float
    allowance_ms: int


_COLUMNS = (
    ("talk", "text"),
    ("state", "bytea"),
    ("position", "bigint"),
    ("allowance", "double precision"),
    ("allowance_ms", "bigint"),
    ("updated_ms", "bigint"),
)
_REPLACE = "ON CONFLICT (talk) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name, _ in _COLUMNS[1:]
)


def load(session: Session, talks: Sequence[str]) -> dict[str, TalkState]:
    """The talks that have a state."""
    (rows,) = ask(session, which_states(session, talks))
    return read(session, rows)


def which_states(session: Session, talks: Sequence[str]) -> Question:
    """The sealed states of these talks, for `read`."""
    statement = (
        "SELECT talk, state, position, allowance, allowance_ms FROM conversations"
        f" WHERE {among(session, 'talk')}"
    )
    return statement, {"wanted": listed(session, talks)}


def read(session: Session, rows: Sequence[Any]) -> dict[str, TalkState]:
    """The answer to `which_states`."""
    keyring = keys(session)
    return {
        row.talk: TalkState(
            row.talk,
            keyring.open_or_empty(row.state, f"conversations|state|{row.talk}").decode()
            if row.state is not None
            else "",
            row.position,
            row.allowance,
            row.allowance_ms,
        )
        for row in rows
    }


def save(session: Session, talks: Iterable[TalkState], now_ms: int) -> None:
    """Write the talks; the caller holds their leases."""
    keyring = keys(session)
    rows = [
        {
            "talk": one.talk,
            "state": keyring.seal_bytes(one.state.encode(), f"conversations|state|{one.talk}"),
            "position": one.position,
            "allowance": one.allowance,
            "allowance_ms": one.allowance_ms,
            "updated_ms": now_ms,
        }
        for one in sorted(talks, key=lambda one: one.talk)
    ]
    insert_many(session, "conversations", _COLUMNS, rows, conflict=_REPLACE)


def forget(session: Session, talk: str) -> None:
    """Erase what the talk remembers; the number of its next message stays."""
    session.execute(
        text("UPDATE conversations SET state = NULL WHERE talk = :talk"), {"talk": talk}
    )
