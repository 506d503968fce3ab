"""News on its way: people gathered into batches, each sent once.

Gathering walks the owners of leads in the order of their keyed hash, so a person with several leads
is met once and a killed walk goes on where it stopped. A batch's people are fixed before its first
try: the same retry key always carries the same request. After it was sent its people are forgotten.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from db import insured
from db.broadcast_tables import (
    DONE,
    FAILED,
    GATHERING,
    RIDING,
    SENDING,
    SENT,
    TRYING,
    UNSURE,
    WAITING,
    Batch,
    Broadcast,
    Rider,
)
from db.broadcasts import conditions
from db.lead_cells import TABLE
from db.lead_tables import Registration
from db.people import Person
from db.session import keys

PEOPLE_A_BATCH = 500
"""LINE's limit for one multicast."""
LEASE = timedelta(seconds=30)
"""Twice as long as a call can take; then its sender is taken to be dead."""
KEY_LIFE = timedelta(hours=23)
"""LINE knows a retry key for 24 hours; after that a second try would show twice."""


@dataclass(frozen=True, slots=True)
class Post:
    """A batch in the hands of a sender."""

    id: str
    broadcast: int
    words: str
    law: bool
    people: tuple[str, ...]
    first_try_at: datetime
    tries: int


@dataclass(slots=True)
class Room:
    """How many people may still be pushed to this month: with news, and with changes of the law,
    which weigh more.
    """

    news: int
    law: int

    def take(self, broadcast: Broadcast, people: int) -> bool:
        """Use some of it, if there is enough."""
        if people > (self.law if broadcast.about else self.news):
            return False
        self.news -= people
        self.law -= people
        return True


@dataclass(frozen=True, slots=True)
class _Met:
    """A stretch of the walk: whom it is for, where it ended, how many were looked at."""

    users: list[str]
    last: bytes
    walked: int


def under_way(session: Session) -> bool:
    """Whether there is anything to gather or to send."""
    begun = select(Broadcast.id).where(Broadcast.state.in_((GATHERING, SENDING, RIDING))).limit(1)
    trying = select(Batch.id).where(Batch.state == TRYING).limit(1)
    return any(session.scalars(query).first() is not None for query in (begun, trying))


def gather(session: Session, now: datetime, batches: int = 10) -> int:
    """Fill some batches of the oldest broadcast that gathers; the number of people met."""
    found = session.scalars(
        select(Broadcast)
        .where(Broadcast.state == GATHERING)
        .order_by(Broadcast.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if found is None:
        return 0
    met = _next_people(session, found, PEOPLE_A_BATCH * batches)
    if met is None:
        found.state = SENDING
        return 0
    for start in range(0, len(met.users), PEOPLE_A_BATCH):
        add_batch(session, found.id, met.users[start : start + PEOPLE_A_BATCH], now)
    found.gathered_to = met.last
    found.people += len(met.users)
    return met.walked


def claim(session: Session, now: datetime, room: Room | None, limit: int) -> list[Post]:
    """Take batches to send: those that wait, and those whose sender has died with them.

    room: how many people may still be pushed to this month; None: not known yet, so what waits
    goes on waiting. What was begun is ended all the same. A batch without room is left to ride.
    """
    ready = Batch.state == TRYING
    if room is not None:
        ready = ready | ((Batch.state == WAITING) & Broadcast.state.in_((GATHERING, SENDING)))
    rows = session.execute(
        select(Batch, Broadcast)
        .join(Broadcast, Broadcast.id == Batch.broadcast)
        .where(Batch.due_at <= now, ready)
        .order_by(Batch.due_at, Batch.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Batch)
    ).all()
    posts = []
    for batch, broadcast in rows:
        if batch.state == WAITING and room is not None and not room.take(broadcast, batch.size):
            batch.state = RIDING
        elif post := _taken(session, batch, broadcast, now):
            posts.append(post)
    session.flush()
    return posts


def sent(session: Session, batch_id: str) -> None:
    """LINE has taken the batch; its people are forgotten."""
    _end(session, batch_id, SENT)


def unknown_end(session: Session, batch_id: str) -> None:
    """Nobody knows whether LINE took it, and asking again could show it twice."""
    _end(session, batch_id, UNSURE)


def later(session: Session, batch_id: str, at: datetime, *, untouched: bool) -> None:
    """Try again then. untouched: LINE surely did not take it on any try so far."""
    values: dict[str, object] = {"due_at": at}
    if untouched:
        values |= {"state": WAITING, "first_try_at": None}
    session.execute(
        update(Batch).where(Batch.id == batch_id, Batch.state == TRYING).values(**values)
    )


def refused(session: Session, post: Post, now: datetime) -> None:
    """LINE took nobody of it, for one of them: halve it until that one is alone."""
    _end(session, post.id, FAILED)
    if len(post.people) == 1:
        return
    batch = session.get_one(Batch, post.id)
    middle = len(post.people) // 2
    for half in (post.people[:middle], post.people[middle:]):
        add_batch(session, batch.broadcast, half, now)
    batch.size = 0


def finish(session: Session) -> int:
    """Broadcasts of which every batch has ended are done, or ride; the number of them."""
    open_batches = select(Batch.id).where(
        Batch.broadcast == Broadcast.id,
        Batch.state.in_((WAITING, TRYING)) | ((Batch.state == RIDING) & Batch.people.is_not(None)),
    )
    riders = select(Rider.user).where(Rider.broadcast == Broadcast.id)
    ended = session.execute(
        update(Broadcast)
        .where(
            or_(
                (Broadcast.state == SENDING) & ~open_batches.exists(),
                (Broadcast.state == RIDING) & ~riders.exists(),
            )
        )
        .values(state=case((riders.exists(), RIDING), else_=DONE))
        .returning(Broadcast.id)
    )
    return len(ended.all())


def _next_people(session: Session, found: Broadcast, limit: int) -> _Met | None:
    """The next people it is for; None: everybody was met."""
    if found.about:
        last = (found.gathered_to or b"").decode()
        asked = insured.after(session, last, limit)
        options = [int(option) for option in found.chosen["options"].split(",")]
        users = insured.concerned(session, asked, options)
        return _Met(users, asked[-1].encode(), len(asked)) if asked else None
    owners = _next_owners(session, found, limit)
    users = [user for _owner, user in owners]
    return _Met(users, owners[-1][0], len(owners)) if owners else None


def _next_owners(session: Session, found: Broadcast, limit: int) -> list[tuple[bytes, str]]:
    """(keyed hash, account) of each owner once, in the order of the hash."""
    wanted = conditions(found.chosen)
    if found.gathered_to is not None:
        wanted.append(Registration.owner > found.gathered_to)
    one_each = select(func.min(Registration.id)).where(*wanted).group_by(Registration.owner)
    ids = one_each.order_by(Registration.owner).limit(limit)
    leads = session.execute(
        select(Registration.owner, Registration.owner_id, Registration.reference)
        .where(Registration.id.in_(ids), Registration.owner_id.is_not(None))
        .order_by(Registration.owner)
    )
    ring = keys(session)
    return [
        (lead.owner, ring.open(lead.owner_id, table=TABLE, column="owner_id", row=lead.reference))
        for lead in leads
    ]


def add_batch(session: Session, broadcast: int, users: Sequence[str], now: datetime) -> None:
    number = str(uuid.uuid4())
    sealed = keys(session).seal(
        json.dumps(list(users)), table="broadcast_batches", column="people", row=number
    )
    session.add(Batch(id=number, broadcast=broadcast, people=sealed, size=len(users), due_at=now))


def _taken(session: Session, batch: Batch, found: Broadcast, now: datetime) -> Post | None:
    ring, place = keys(session), ("broadcast_batches", "people", batch.id)
    if batch.people is None:
        return None
    opened = ring.open(batch.people, table=place[0], column=place[1], row=place[2])
    users: list[str] = json.loads(opened)
    if batch.first_try_at is None:
        users = wanting(session, found, users)
        if not users:
            batch.size = 0
            _end(session, batch.id, SENT)
            return None
        batch.people = ring.seal(json.dumps(users), table=place[0], column=place[1], row=place[2])
        batch.size, batch.first_try_at = len(users), now
    batch.state, batch.due_at = TRYING, now + LEASE
    batch.tries += 1
    session.flush()
    return Post(
        batch.id,
        found.id,
        found.words,
        bool(found.about),
        tuple(users),
        batch.first_try_at,
        batch.tries,
    )


def wanting(session: Session, found: Broadcast, users: list[str]) -> list[str]:
    """Without those who blocked the bot, want no news (or no reminders), or were erased since."""
    no = set(
        session.scalars(
            select(Person.user).where(Person.user.in_(users), or_(~Person.reachable, ~Person.news))
        )
    )
    yes = insured.still(session, users) if found.about else set(users)
    return [user for user in users if user in yes and user not in no]


def _end(session: Session, batch_id: str, state: str) -> None:
    session.execute(
        update(Batch)
        .where(Batch.id == batch_id, Batch.state.in_((WAITING, TRYING)))
        .values(state=state, people=None)
    )
