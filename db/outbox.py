"""The outbox: one row a call to LINE, written in the transaction that decided it.

The id is also the retry key of a push. A row is `trying` before LINE is called, so a row found so
after a crash is known to be unsure; `channel` says by which way, and it is never changed for an
unsure row. Bodies are what people are told, so they are sealed.
"""
# ruff: noqa: S608 - statements are put together from names in this code; values are always bound.

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.bulk import Question, among, insert_many, listed, update_many
from db.session import keys

WAITING, TRYING, SENT, FAILED, UNSURE, DROPPED = 0, 1, 2, 3, 4, 5
MESSAGE, MENU, LEAVE = "message", "menu", "leave"


class OutboxRow(Base):
    """A call to LINE that must be made once."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "talk",
            "position",
            sqlite_where=text("status <= 1"),
            postgresql_where=text("status <= 1"),
        ),
        Index("ix_outbox_talk", "talk", "created_ms"),
        Index("ix_outbox_created_ms", "created_ms", postgresql_using="brin"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    talk: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    body: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed_by": "id"})
    status: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int] = mapped_column(SmallInteger)
    created_ms: Mapped[int] = mapped_column(BigInteger)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    due_ms: Mapped[int] = mapped_column(BigInteger)
    finished_ms: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(String(40), default="")


@dataclass(slots=True)
class Outgoing:
    """A row in the hands of the worker. `body` is JSON; for a message {"token", "messages"}.

    An empty body can't be opened any more (a damaged cell) and is not sent.
    received_ms: when the event that is answered came, which is how old its token is.
    channel: the way of the last try whose end is not known (`reply`, `push`), or empty.
    """

    id: str
    talk: str
    position: int
    event_id: str
    kind: str
    body: bytes
    received_ms: int
    status: int = WAITING
    channel: str = ""
    attempts: int = 0
    due_ms: int = 0
    outcome: str = ""


_COLUMNS = (
    ("id", "text"),
    ("talk", "text"),
    ("position", "bigint"),
    ("event_id", "text"),
    ("kind", "text"),
    ("body", "bytea"),
    ("status", "smallint"),
    ("channel", "text"),
    ("attempts", "smallint"),
    ("created_ms", "bigint"),
    ("received_ms", "bigint"),
    ("due_ms", "bigint"),
    ("outcome", "text"),
)
_MARKS = (
    ("id", "text"),
    ("status", "smallint"),
    ("channel", "text"),
    ("attempts", "smallint"),
    ("due_ms", "bigint"),
    ("finished_ms", "bigint"),
    ("outcome", "text"),
)


def add(session: Session, rows: Sequence[Outgoing], now_ms: int) -> None:
    """Write new rows; the caller holds the leases of their talks."""
    keyring = keys(session)
    values = [
        {
            "id": row.id,
            "talk": row.talk,
            "position": row.position,
            "event_id": row.event_id,
            "kind": row.kind,
            "body": keyring.seal_bytes(row.body, f"outbox|body|{row.id}"),
            "status": row.status,
            "channel": row.channel,
            "attempts": row.attempts,
            "created_ms": now_ms,
            "received_ms": row.received_ms,
            "due_ms": row.due_ms,
            "outcome": "",
        }
        for row in rows
    ]
    insert_many(session, "outbox", _COLUMNS, values, conflict="")


def mark(session: Session, rows: Sequence[Outgoing], now_ms: int) -> None:
    """Write how far the rows got; a row that has ended is never opened again."""
    values: list[dict[str, Any]] = [
        {
            "id": row.id,
            "status": row.status,
            "channel": row.channel,
            "attempts": row.attempts,
            "due_ms": row.due_ms,
            "finished_ms": now_ms if row.status >= SENT else None,
            "outcome": row.outcome[:40],
        }
        for row in rows
    ]
    update_many(session, "outbox", _MARKS, values, where="outbox.status <= 1")


def which_open(session: Session, talks: Sequence[str]) -> Question:
    """The sealed open rows of these talks, for `read`."""
    statement = (
        "SELECT id, talk, position, event_id, kind, body, received_ms, status, channel,"
        f" attempts, due_ms FROM outbox WHERE status <= 1 AND {among(session, 'talk')}"
        " ORDER BY talk, position"
    )
    return statement, {"wanted": listed(session, talks)}


def read(session: Session, rows: Sequence[Any]) -> list[Outgoing]:
    """The answer to `which_open`."""
    keyring = keys(session)
    return [
        Outgoing(
            row.id,
            row.talk,
            row.position,
            row.event_id,
            row.kind,
            keyring.open_or_empty(row.body, f"outbox|body|{row.id}"),
            row.received_ms,
            row.status,
            row.channel,
            row.attempts,
            row.due_ms,
        )
        for row in rows
    ]


def unsent(session: Session, cap: int = 10_000) -> int:
    """How many rows are still open, counted up to `cap`."""
    counted = f"SELECT count(*) FROM (SELECT 1 FROM outbox WHERE status <= 1 LIMIT {cap:d}) AS c"
    return int(session.execute(text(counted)).scalar_one())


def pushes_since(session: Session, since_ms: int) -> int:
    """How many pushes were sent since then; each counts against the month's quota."""
    return int(
        session.execute(
            text(
                "SELECT count(*) FROM outbox WHERE channel = 'push' AND status = 2"
                " AND created_ms >= :since"
            ),
            {"since": since_ms},
        ).scalar_one()
    )


def reminders_failed(session: Session, talk: str, number: int) -> bool:
    """Whether the last so many reminders to this person were all refused, or met a block."""
    rows = session.execute(
        text(
            "SELECT status, outcome FROM outbox WHERE talk = :talk AND status >= 2"
            " AND event_id LIKE 'reminder-%' ORDER BY created_ms DESC LIMIT :number"
        ),
        {"talk": talk, "number": number},
    ).all()
    lost = [row for row in rows if row.status == FAILED or row.outcome == "blocked"]
    return len(lost) == number


def kept(session: Session, talk: str) -> list[tuple[int, bytes]]:
    """(when it was written, its JSON) of the messages still kept of this talk, oldest first."""
    keyring = keys(session)
    rows = session.execute(
        text(
            "SELECT id, created_ms, body FROM outbox WHERE talk = :talk AND body IS NOT NULL"
            " AND kind = 'message' ORDER BY position"
        ),
        {"talk": talk},
    )
    found = [
        (row.created_ms, keyring.open_or_empty(row.body, f"outbox|body|{row.id}")) for row in rows
    ]
    return [(at_ms, body) for at_ms, body in found if body]


def forget(session: Session, talk: str) -> None:
    """Drop all that this person was told; what still has to be sent stays until it is."""
    session.execute(
        text("UPDATE outbox SET body = NULL WHERE talk = :talk AND status >= 2"), {"talk": talk}
    )
