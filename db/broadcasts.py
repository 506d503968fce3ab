"""News to many: written by one, approved by another, watched, stopped and resumed.

How it goes out is in db/broadcast_batches.py and db/riders.py.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from db.broadcast_tables import (
    DONE,
    DRAFT,
    FAILED,
    GATHERING,
    RIDING,
    STOPPED,
    Batch,
    Broadcast,
    Rider,
)
from db.lead_tables import Registration

FILTERS = ("province", "district", "tambon", "option", "status", "campaign")
STOPPED_LASTS = timedelta(days=30)
"""How long a broadcast that was stopped can still be resumed."""


class NotAllowed(Exception):
    """The step does not fit where the broadcast stands; `code` names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def draft(
    session: Session, words: str, filters: Mapping[str, str], staff: int, now: datetime
) -> Broadcast:
    """A new piece of news, not sent to anybody yet."""
    chosen = {name: filters[name] for name in FILTERS if filters.get(name)}
    return _drafted(session, words, chosen, None, staff, now)


def draft_of_law(
    session: Session, words: str, about: str, options: Sequence[int], staff: int, now: datetime
) -> Broadcast:
    """A message about a change of the law, for those who asked and whose option it concerns.

    Raises NotAllowed when there is one about it already.
    """
    if session.scalars(select(Broadcast.id).where(Broadcast.about == about)).first() is not None:
        raise NotAllowed("told")
    chosen = {"options": ",".join(map(str, options))}
    return _drafted(session, words, chosen, about, staff, now)


def about_law(session: Session) -> dict[str, Broadcast]:
    """The messages about changes of the law, by what they are about."""
    query = select(Broadcast).where(Broadcast.about.is_not(None))
    return {str(one.about): one for one in session.scalars(query)}


def _drafted(
    session: Session,
    words: str,
    chosen: Mapping[str, str],
    about: str | None,
    staff: int,
    now: datetime,
) -> Broadcast:
    made = Broadcast(
        words=words,
        filters=json.dumps(chosen, ensure_ascii=False),
        about=about,
        created_by=staff,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def approve(session: Session, number: int, staff: int, now: datetime) -> None:
    """A second person says yes; from here on it goes out. Raises NotAllowed."""
    found = _locked(session, number)
    if found.state != DRAFT:
        raise NotAllowed("not_a_draft")
    if found.created_by == staff:
        raise NotAllowed("own_draft")
    found.state, found.approved_by, found.approved_at = GATHERING, staff, now


def stop(session: Session, number: int, why: str) -> None:
    """No batch is begun any more; those under way end. Raises NotAllowed."""
    found = _locked(session, number)
    if found.state == DONE:
        raise NotAllowed("done")
    if found.approved_by is None:
        found.about = None  # thrown away before anybody was told: it may be written anew
    found.state, found.why_stopped = STOPPED, why


def resume(session: Session, number: int) -> None:
    """Go on with what was stopped or rides, where it was. Raises NotAllowed."""
    found = _locked(session, number)
    if found.state not in (STOPPED, RIDING) or found.approved_by is None:
        raise NotAllowed("not_stopped")
    found.state, found.why_stopped = GATHERING, ""


def purge(session: Session, now: datetime) -> int:
    """Forget the people of broadcasts that have been stopped or riding for long; how many
    batches.
    """
    stopped = select(Broadcast.id).where(
        Broadcast.state.in_((STOPPED, RIDING)), Broadcast.approved_at < now - STOPPED_LASTS
    )
    session.execute(delete(Rider).where(Rider.broadcast.in_(stopped)))
    gone = session.execute(
        update(Batch)
        .where(Batch.broadcast.in_(stopped), Batch.people.is_not(None))
        .values(people=None, state=FAILED)
        .returning(Batch.id)
    )
    return len(gone.all())


def progress(session: Session, number: int) -> dict[str, int]:
    """People by how their batch stands."""
    rows = session.execute(
        select(Batch.state, func.sum(Batch.size))
        .where(Batch.broadcast == number)
        .group_by(Batch.state)
    )
    return {state: int(people) for state, people in rows if people}


def newest(session: Session, limit: int = 50) -> Sequence[Broadcast]:
    """The last broadcasts."""
    return session.scalars(select(Broadcast).order_by(Broadcast.id.desc()).limit(limit)).all()


def _locked(session: Session, number: int) -> Broadcast:
    found = session.get(Broadcast, number, with_for_update=True)
    if found is None:
        raise NotAllowed("unknown")
    return found


def conditions(filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """What a lead must be like for its owner to get the news."""
    return [
        getattr(Registration, name) == (int(value) if name == "option" else value)
        for name, value in filters.items()
    ]
