"""The queue of talks: one narrow row a LINE chat, ready when there is something to do, leased to
one worker at a time.

The lease is the fence: whoever writes anything of a talk first asks `which_mine` in the same
transaction. Correctness rests on the owner's name alone; the time only says when others may take
over, so a clock that jumps makes things slow, never wrong.
"""
# ruff: noqa: S608 - statements are put together from names in this code; values are always bound.

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.bulk import AMONG_POSTGRESQL, AMONG_SQLITE, Question, among, insert_many, listed, tell
from db.session import is_postgresql

GREET_AGAIN_MS = 600_000
FRESH_MS = 25_000
"""A talk that became ready less than this ago still has a young reply token: it goes first."""


class Talk(Base):
    """One chat in the queue. `ready_ms`: when it may be taken; null: nothing to do."""

    __tablename__ = "talks"
    __table_args__ = (
        Index(
            "ix_talks_ready_ms",
            "ready_ms",
            sqlite_where=text("ready_ms IS NOT NULL"),
            postgresql_where=text("ready_ms IS NOT NULL"),
        ),
        Index(
            "ix_talks_lease_until_ms",
            "lease_until_ms",
            sqlite_where=text("lease_until_ms IS NOT NULL"),
            postgresql_where=text("lease_until_ms IS NOT NULL"),
        ),
        {"postgresql_with": {"fillfactor": 50}},
    )

    talk: Mapped[str] = mapped_column(String(64), primary_key=True)
    ready_ms: Mapped[int | None] = mapped_column(BigInteger)
    lease_owner: Mapped[str | None] = mapped_column(String(40))
    lease_until_ms: Mapped[int | None] = mapped_column(BigInteger)
    greeted_ms: Mapped[int | None] = mapped_column(BigInteger)
    """When the person was last told that there is a queue."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A talk this worker now holds.

    taken_over: the one who held it before never let go. anew: that was not this worker, or nobody,
    so what it knows of the talk from an earlier time is out of date.
    """

    talk: str
    taken_over: bool
    anew: bool


CLOCKS_DIFFER_MS = 10
"""Of a web process and a worker: what came this moment must not wait for the next look."""
SOON_MS = 1000
LATER = "ON CONFLICT (talk) DO UPDATE SET ready_ms = excluded.ready_ms"
SOONER = f"{LATER} WHERE talks.ready_ms IS NULL OR talks.ready_ms > excluded.ready_ms + {SOON_MS}"
"""A talk that is looked at soon anyway only rests after much talking: it is left to it."""


def make_ready(session: Session, ready: Mapping[str, int]) -> bool:
    """Put the talks in the queue for these moments, or forward if they wait for much later.

    Whether that changed anything: if not, who looks after them knows when to look.
    """
    return _queue(session, ready, SOONER)


def put_back(session: Session, ready: Mapping[str, int]) -> None:
    """Put talks in the queue for these moments and no sooner, whatever came meanwhile: what waits
    is found then. The caller holds them.
    """
    _queue(session, ready, LATER)


def _queue(session: Session, ready: Mapping[str, int], conflict: str) -> bool:
    written = insert_many(
        session,
        "talks",
        (("talk", "text"), ("ready_ms", "bigint")),
        [{"talk": talk, "ready_ms": at_ms} for talk, at_ms in sorted(ready.items())],
        conflict=conflict,
    )
    return written != 0


def choosing(
    session: Session,
    owner: str,
    now_ms: int,
    limit: int,
    lease_ms: int,
    *,
    resting: Sequence[str] = (),
    oldest_first: bool = False,
) -> Question:
    """Up to `limit` talks: those whose holder's lease ran out, then fresh ones (their tokens still
    live), then the old backlog.

    A lease, or a time to be ready, far in the future is a clock that jumped, and counts as come.
    They are locked, and belong to the owner once `leasing` was asked. resting: these not yet.
    """
    values = {
        "owner": owner,
        "now": now_ms,
        "soon": now_ms + CLOCKS_DIFFER_MS,
        "since": 0 if oldest_first else now_ms - FRESH_MS,
        "absurd": now_ms + 2 * lease_ms,
        "limit": limit,
        "wanted": listed(session, resting),
    }
    return (_CHOICE_LOCKED if is_postgresql(session) else _CHOICE), values


def chosen(rows: Sequence[Any], owner: str) -> list[Claim]:
    """The answer to `choosing`, in its order: the database may give them in any."""
    rows = sorted(rows, key=lambda row: (row.turn, row.ready_ms or 0))
    return [
        Claim(row.talk, row.lease_owner not in {None, owner}, row.lease_owner != owner)
        for row in rows
    ]


def which_ready(session: Session, talks: Sequence[str], now_ms: int) -> Question:
    """Which of these talks have something to do; they are not locked."""
    statement = f"SELECT talk FROM talks WHERE ready_ms <= :now AND {among(session, 'talk')}"
    return statement, {"now": now_ms, "wanted": listed(session, talks)}


def leasing(session: Session, owner: str, talks: Sequence[str], until_ms: int) -> Question:
    """Make these chosen talks the owner's.

    Apart from the choice: PostgreSQL may work out the statement of an update once more when a
    row was changed meanwhile, and a choice that is made twice is no longer one.
    """
    statement = (
        "UPDATE talks SET ready_ms = NULL, lease_owner = :owner, lease_until_ms = :until"
        f" WHERE {among(session, 'talk')} RETURNING talk"
    )
    return statement, {"owner": owner, "until": until_ms, "wanted": listed(session, talks)}


def which_mine(session: Session, owner: str, talks: Sequence[str]) -> Question:
    """Which of the talks this worker holds; locked until the end of the transaction."""
    lock = " ORDER BY talk FOR UPDATE" if is_postgresql(session) else ""
    statement = (
        f"SELECT talk FROM talks WHERE lease_owner = :owner AND {among(session, 'talk')}{lock}"
    )
    return statement, {"owner": owner, "wanted": listed(session, talks)}


def let_go(session: Session, owner: str, talks: Sequence[str]) -> None:
    """Give the talks back; events that came meanwhile have set `ready_ms` again."""
    if talks:
        tell(
            session,
            "UPDATE talks SET lease_owner = NULL, lease_until_ms = NULL"
            f" WHERE lease_owner = :owner AND {among(session, 'talk')}",
            {"owner": owner, "wanted": listed(session, talks)},
        )


def extend(session: Session, owner: str, now_ms: int, lease_ms: int) -> None:
    """The heartbeat: everything this worker holds stays its own."""
    session.execute(
        text(f"UPDATE talks SET lease_until_ms = :until WHERE {_HELD}"),
        {"owner": owner, "until": now_ms + lease_ms},
    )


def look_again(session: Session, owner: str, now_ms: int) -> None:
    """After a failure: whatever this worker holds is ready again, so that nothing is stranded."""
    session.execute(
        text(f"UPDATE talks SET ready_ms = :now WHERE {_HELD}"),
        {"owner": owner, "now": now_ms},
    )


def abandon(session: Session, owner: str, now_ms: int) -> None:
    """At the end of a worker: everything it still holds is free at once."""
    session.execute(
        text(
            "UPDATE talks SET ready_ms = :now, lease_owner = NULL, lease_until_ms = NULL"
            f" WHERE {_HELD}"
        ),
        {"owner": owner, "now": now_ms},
    )


def oldest_ready_ms(session: Session) -> int | None:
    """Since when the talk that waits longest has been waiting."""
    oldest = text("SELECT min(ready_ms) FROM talks WHERE ready_ms IS NOT NULL")
    return session.execute(oldest).scalar()


def greet(
    session: Session, since_ms: int, until_ms: int, now_ms: int, limit: int
) -> list[tuple[str, int]]:
    """People who wait, became ready between these moments and were not told lately: (talk, place).

    They count as told from now on.
    """
    rows = session.execute(
        text(
            "SELECT talk, ready_ms FROM talks WHERE ready_ms BETWEEN :since AND :until"
            " AND lease_owner IS NULL AND talk LIKE 'U%'"
            " AND (greeted_ms IS NULL OR greeted_ms < :lately) ORDER BY ready_ms LIMIT :limit"
        ),
        {
            "since": since_ms,
            "until": until_ms,
            "lately": now_ms - GREET_AGAIN_MS,
            "limit": limit,
        },
    ).all()
    if not rows:
        return []
    before = session.execute(
        text("SELECT count(*) FROM talks WHERE ready_ms < :first"), {"first": rows[0].ready_ms}
    ).scalar_one()
    session.execute(
        text(f"UPDATE talks SET greeted_ms = :now WHERE {among(session, 'talk')}"),
        {"now": now_ms, "wanted": listed(session, sorted(row.talk for row in rows))},
    )
    return [(row.talk, before + number) for number, row in enumerate(rows, start=1)]


_HELD = "lease_owner = :owner AND lease_until_ms IS NOT NULL"
"""Written so that the index of leases serves: few talks are leased, most only rest."""
_GONE = "(lease_until_ms < :now OR lease_until_ms > :absurd)"
_FREE = (
    "(lease_owner IS NULL OR (lease_owner = :owner AND lease_until_ms BETWEEN :now AND :absurd))"
)
_NARROW = "SELECT talk, lease_owner, ready_ms FROM talks WHERE"


def _choice(resting: str, lock: str) -> str:
    """Those whose holder is gone come first: a reply of theirs may be half sent, and whether it
    arrived can only be found out while its token lives. They are few, whatever the backlog.
    """
    left = ":limit - (SELECT count(*) FROM gone)"
    return (
        f"WITH gone AS MATERIALIZED ({_NARROW} {_GONE}"
        f" ORDER BY lease_until_ms LIMIT :limit {lock}),"
        f" fresh AS MATERIALIZED ({_NARROW} ready_ms <= :soon AND ready_ms >= :since"
        f" AND {_FREE} AND NOT {resting} ORDER BY ready_ms LIMIT {left} {lock}),"
        f" old AS MATERIALIZED ({_NARROW} ready_ms <= :soon AND ready_ms < :since AND {_FREE}"
        f" AND NOT {resting} ORDER BY ready_ms LIMIT {left} - (SELECT count(*) FROM fresh) {lock}),"
        f" ahead AS MATERIALIZED ({_NARROW} ready_ms > :absurd AND lease_owner IS NULL"
        f" ORDER BY ready_ms LIMIT {left} - (SELECT count(*) FROM fresh)"
        f" - (SELECT count(*) FROM old) {lock})"
        " SELECT 1 AS turn, * FROM gone UNION ALL SELECT 2, * FROM fresh"
        " UNION ALL SELECT 3, * FROM old UNION ALL SELECT 4, * FROM ahead"
    )


_CHOICE = _choice(AMONG_SQLITE.format(column="talk", parameter="wanted"), "")
_CHOICE_LOCKED = _choice(
    AMONG_POSTGRESQL.format(column="talk", parameter="wanted"), "FOR UPDATE SKIP LOCKED"
)
