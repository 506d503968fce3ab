"""The inbox: one row an event, keyed by its id, stored before LINE is told 200. It is the queue.

Payloads are what people wrote, so they are sealed. The id stays after the payload is purged: a
copy of an event that comes late, or is replayed, changes nothing.
"""
# ruff: noqa: S608 - statements are put together from names in this code; values are always bound.

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.bulk import Question, among, ask, insert_many, listed, update_many
from db.crypto import Keyring
from db.session import is_postgresql, keys
from db.talks import make_ready

PENDING, DONE, DEAD = 0, 1, 2


class InboxEvent(Base):
    """An event as LINE sent it, or one of our own."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_pending",
            "talk",
            "happened_ms",
            "event_id",
            sqlite_where=text("status = 0"),
            postgresql_where=text("status = 0"),
        ),
        Index("ix_inbox_talk", "talk", "happened_ms"),
        Index("ix_inbox_received_ms", "received_ms", postgresql_using="brin"),
    )

    event_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    talk: Mapped[str] = mapped_column(String(64))
    happened_ms: Mapped[int] = mapped_column(BigInteger)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed_by": "event_id"})
    status: Mapped[int] = mapped_column(SmallInteger, default=PENDING)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    done_ms: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be stored. `payload`: its JSON as it came."""

    event_id: str
    talk: str
    happened_ms: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An event to decide on. `received_ms` is when its reply token was young.

    An empty payload can't be opened any more (a damaged cell): the worker gives it up.
    """

    event_id: str
    talk: str
    happened_ms: int
    received_ms: int
    attempts: int
    payload: bytes


COLUMNS = (
    ("event_id", "text"),
    ("talk", "text"),
    ("happened_ms", "bigint"),
    ("received_ms", "bigint"),
    ("payload", "bytea"),
    ("status", "smallint"),
    ("attempts", "smallint"),
)
AGAIN = (
    "ON CONFLICT (event_id) DO UPDATE SET received_ms = excluded.received_ms WHERE inbox.status = 0"
)


def store(session: Session, events: Iterable[NewEvent], now_ms: int) -> bool:
    """Keep the events and put their talks in the queue; whether a worker is to be woken.

    A second copy changes nothing, but while the first is still pending its reply token is young
    again, so `received_ms` moves on.
    """
    fresh = {event.event_id: event for event in events}
    insert_many(
        session, "inbox", COLUMNS, sealed_rows(keys(session), fresh, now_ms), conflict=AGAIN
    )
    news = make_ready(session, {event.talk: now_ms for event in fresh.values()})
    if news:
        notify(session)
    return news


def sealed_rows(
    keyring: Keyring, fresh: Mapping[str, NewEvent], now_ms: int
) -> list[dict[str, Any]]:
    """The rows of new events, in the order in which everybody writes them."""
    return [
        {
            "event_id": event.event_id,
            "talk": event.talk,
            "happened_ms": event.happened_ms,
            "received_ms": now_ms,
            "payload": keyring.seal_bytes(event.payload, f"inbox|payload|{event.event_id}"),
            "status": PENDING,
            "attempts": 0,
        }
        for event in sorted(fresh.values(), key=lambda event: event.event_id)
    ]


def store_own(
    session: Session, kind: str, user: str, payload: dict[str, Any], key: str, now_ms: int
) -> None:
    """An event of ours (`staff`, `reminder`, `form`) for a person, keyed so that it happens once.

    `payload` adds to {"type", "webhookEventId", "timestamp", "source"}; see handlers.events.parse.
    """
    event_id = f"{kind}-{key}"[:64]
    event = {
        "type": kind,
        "webhookEventId": event_id,
        "timestamp": now_ms,
        "source": {"type": "user", "userId": user},
        **payload,
    }
    store(session, [NewEvent(event_id, user, now_ms, orjson.dumps(event))], now_ms)


def own_key(*parts: str) -> str:
    """A short key from what makes an event of ours one and the same."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def notify(session: Session) -> None:
    """Wake workers of other processes when this transaction commits. Carries no data."""
    if is_postgresql(session):
        session.execute(text("NOTIFY inbox"))


_PICK = (
    "SELECT event_id FROM inbox WHERE talk = {talk} AND status = 0"
    " ORDER BY happened_ms, event_id LIMIT :each"
)
_FIELDS = "i.event_id, i.talk, i.happened_ms, i.received_ms, i.attempts, i.payload"


def pending(session: Session, talks: Sequence[str], each: int) -> list[PendingEvent]:
    """Up to `each` pending events a talk, in the order they happened."""
    (rows,) = ask(session, which_pending(session, talks, each))
    return read(session, rows)


def which_pending(session: Session, talks: Sequence[str], each: int) -> Question:
    """Up to `each` sealed pending events a talk, for `read`."""
    if is_postgresql(session):
        source = (
            "unnest(CAST(:wanted AS text[])) AS t(talk) CROSS JOIN LATERAL"
            f" ({_PICK.format(talk='t.talk')}) AS p JOIN inbox i ON i.event_id = p.event_id"
        )
    else:
        source = (
            "json_each(:wanted) AS t JOIN inbox i ON i.event_id IN"
            f" ({_PICK.format(talk='t.value')})"
        )
    return f"SELECT {_FIELDS} FROM {source}", {"wanted": listed(session, talks), "each": each}


def read(session: Session, rows: Sequence[Any]) -> list[PendingEvent]:
    """The answer to `which_pending`, in the order the events happened."""
    keyring = keys(session)
    events = [
        PendingEvent(
            row.event_id,
            row.talk,
            row.happened_ms,
            row.received_ms,
            row.attempts,
            keyring.open_or_empty(row.payload, f"inbox|payload|{row.event_id}"),
        )
        for row in rows
    ]
    return sorted(events, key=lambda event: (event.happened_ms, event.event_id))


def finish(session: Session, done: Sequence[str], dead: Sequence[str], now_ms: int) -> None:
    """The events are dealt with, or given up."""
    rows = [{"event_id": one, "status": DONE, "done_ms": now_ms} for one in done]
    rows += [{"event_id": one, "status": DEAD, "done_ms": now_ms} for one in dead]
    update_many(
        session,
        "inbox",
        (("event_id", "text"), ("status", "smallint"), ("done_ms", "bigint")),
        rows,
        where="inbox.status = 0",
    )


def count_attempt(session: Session, events: Sequence[str]) -> None:
    """An attempt at these events failed, or ended with the worker that made it."""
    if events:
        session.execute(
            text(f"UPDATE inbox SET attempts = attempts + 1 WHERE {among(session, 'event_id')}"),
            {"wanted": listed(session, events)},
        )


def waiting_talks(session: Session, since_ms: int, until_ms: int, limit: int) -> list[str]:
    """Talks with a pending event that was received between these moments."""
    rows = session.execute(
        text(
            "SELECT DISTINCT talk FROM inbox WHERE status = 0"
            " AND received_ms BETWEEN :since AND :until LIMIT :limit"
        ),
        {"since": since_ms, "until": until_ms, "limit": limit},
    )
    return [row.talk for row in rows]


def newest_pending(session: Session, talks: Sequence[str]) -> dict[str, bytes]:
    """The payload of each talk's newest pending event."""
    rows = session.execute(
        text(
            "SELECT talk, event_id, payload FROM inbox WHERE status = 0"
            f" AND {among(session, 'talk')} ORDER BY happened_ms, event_id"
        ),
        {"wanted": listed(session, talks)},
    )
    keyring = keys(session)
    newest = {row.talk: row for row in rows}
    return {
        talk: keyring.open_or_empty(row.payload, f"inbox|payload|{row.event_id}")
        for talk, row in newest.items()
    }


def backlog(session: Session, cap: int = 10_000) -> int:
    """How many events wait, counted up to `cap`."""
    counted = f"SELECT count(*) FROM (SELECT 1 FROM inbox WHERE status = 0 LIMIT {cap:d}) AS c"
    return int(session.execute(text(counted)).scalar_one())


def kept(session: Session, talk: str) -> list[tuple[int, bytes]]:
    """(when it happened, its JSON) of what is still kept of this talk, oldest first."""
    keyring = keys(session)
    rows = session.execute(
        text(
            "SELECT event_id, happened_ms, payload FROM inbox WHERE talk = :talk"
            " AND payload IS NOT NULL ORDER BY happened_ms, event_id"
        ),
        {"talk": talk},
    )
    found = [
        (row.happened_ms, keyring.open_or_empty(row.payload, f"inbox|payload|{row.event_id}"))
        for row in rows
    ]
    return [(at_ms, payload) for at_ms, payload in found if payload]


def status_of(session: Session, talk: str, event_id: str) -> int | None:
    """PENDING, DONE or DEAD; None: this talk has no such event."""
    return session.execute(
        text("SELECT status FROM inbox WHERE event_id = :id AND talk = :talk"),
        {"id": event_id, "talk": talk},
    ).scalar_one_or_none()


def forget_message(session: Session, talk: str, message_id: str) -> None:
    """Drop what was stored of a message that the person took back."""
    rows = session.execute(
        text(
            "SELECT event_id, payload FROM inbox WHERE talk = :talk AND payload IS NOT NULL"
            " AND status <> 0 ORDER BY happened_ms DESC LIMIT 500"
        ),
        {"talk": talk},
    ).all()
    keyring = keys(session)
    for row in rows:
        payload = keyring.open_bytes(row.payload, f"inbox|payload|{row.event_id}")
        message = orjson.loads(payload).get("message")
        if isinstance(message, dict) and message.get("id") == message_id:
            session.execute(
                text("UPDATE inbox SET payload = NULL WHERE event_id = :id"), {"id": row.event_id}
            )


def forget_event(session: Session, event_id: str) -> None:
    """Keep nothing of an event but that it came; it is decided on in this same transaction."""
    session.execute(text("UPDATE inbox SET payload = NULL WHERE event_id = :id"), {"id": event_id})


def forget(session: Session, talk: str) -> None:
    """Drop all that was stored of what this person wrote."""
    session.execute(
        text("UPDATE inbox SET payload = NULL WHERE talk = :talk AND status <> 0"), {"talk": talk}
    )
