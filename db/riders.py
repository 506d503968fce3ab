"""News for which the month has no room rides on each person's next answer, which is free.

A person is either in a batch or a rider, never both: whoever takes them out of the one, in one
transaction, sends the news.
"""

import json
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db import broadcast_batches
from db.broadcast_batches import Room
from db.broadcast_tables import GATHERING, RIDING, SENDING, Batch, Broadcast, Rider
from db.people import Person
from db.session import is_postgresql, keys

BATCHES_A_ROUND = 20
UNDER_WAY = (GATHERING, SENDING, RIDING)


class Taken(Exception):
    """Somebody else sends this news to this person now: the answer must go without it."""


def board(session: Session) -> int:
    """The people of batches without room wait for their next answer; the number of batches."""
    batches = session.scalars(
        select(Batch)
        .where(Batch.state == RIDING, Batch.people.is_not(None))
        .limit(BATCHES_A_ROUND)
        .with_for_update(skip_locked=True)
    ).all()
    for batch in batches:
        opened = keys(session).open(
            batch.people or b"", table=Batch.__tablename__, column="people", row=batch.id
        )
        broadcast = session.get_one(Broadcast, batch.broadcast)
        users = broadcast_batches.wanting(session, broadcast, json.loads(opened))
        _add(session, batch.broadcast, users)
        batch.people, batch.size = None, len(users)
    session.flush()
    return len(batches)


def back(session: Session, room: Room, now: datetime) -> int:
    """There is room: riders of a broadcast that is being sent become batches; how many people."""
    sending = select(Broadcast).where(
        Broadcast.state == SENDING, Broadcast.id.in_(select(Rider.broadcast))
    )
    for broadcast in session.scalars(sending.order_by(Broadcast.id)):
        most = min(
            room.law if broadcast.about else room.news,
            broadcast_batches.PEOPLE_A_BATCH * BATCHES_A_ROUND,
        )
        if most > 0:
            return _rebatch(session, broadcast.id, most, now)
    return 0


def any_waiting(session: Session) -> bool:
    """Whether anything rides at all."""
    return session.scalars(select(Rider.broadcast).limit(1)).first() is not None


def waiting(session: Session, broadcast: int) -> int:
    """How many people still wait for this news."""
    query = select(func.count()).select_from(Rider).where(Rider.broadcast == broadcast)
    return session.execute(query).scalar_one()


def of_person(session: Session, user: str) -> Broadcast | None:
    """The oldest news that this person may get with an answer."""
    return session.scalars(
        select(Broadcast)
        .join(Rider, Rider.broadcast == Broadcast.id)
        .join(Person, Person.user == Rider.user, isouter=True)
        .where(
            Rider.user == user,
            Broadcast.state.in_(UNDER_WAY),
            Person.user.is_(None) | Person.news,
        )
        .order_by(Broadcast.id)
        .limit(1)
    ).first()


def ride(session: Session, user: str, broadcast: int) -> None:
    """The answer that is being written carries this news. Raises Taken."""
    gone = delete(Rider).where(Rider.user == user, Rider.broadcast == broadcast)
    if session.execute(gone.returning(Rider.user)).first() is None:
        raise Taken


def forget(session: Session, user: str) -> None:
    """This person wants or may get nothing any more."""
    session.execute(delete(Rider).where(Rider.user == user))


def _rebatch(session: Session, broadcast: int, most: int, now: datetime) -> int:
    chosen = select(Rider.user).where(Rider.broadcast == broadcast).order_by(Rider.user)
    locked = chosen.limit(most).with_for_update(skip_locked=True)
    users = list(session.scalars(locked))
    # They will be counted with the batches that they go into.
    riding = select(Batch.id).where(Batch.broadcast == broadcast, Batch.state == RIDING).limit(1)
    session.execute(
        update(Batch)
        .where(Batch.id.in_(riding.scalar_subquery()))
        .values(size=Batch.size - len(users))
    )
    session.execute(delete(Rider).where(Rider.broadcast == broadcast, Rider.user.in_(users)))
    for start in range(0, len(users), broadcast_batches.PEOPLE_A_BATCH):
        part = users[start : start + broadcast_batches.PEOPLE_A_BATCH]
        broadcast_batches.add_batch(session, broadcast, part, now)
    return len(users)


def _add(session: Session, broadcast: int, users: list[str]) -> None:
    if users:
        insert = postgresql.insert if is_postgresql(session) else sqlite.insert
        rows = [{"user": user, "broadcast": broadcast} for user in users]
        session.execute(insert(Rider).values(rows).on_conflict_do_nothing())
