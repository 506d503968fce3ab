"""Looks at what is left, as a stranger would: the database, and what LINE was told."""

from collections import Counter
from collections.abc import Iterable, Sequence

import orjson
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from db import conversations
from db.outbox import DROPPED, FAILED, UNSURE
from db.session import reading
from tests.chaos.load import Person, finishes_form

Accepted = Iterable[tuple[float, str, str, str, list[str]]]
MOST_UNSURE = 0.001
_UNSURE = text(f"SELECT event_id FROM outbox WHERE status = {UNSURE:d}")  # noqa: S608
_ID_NUMBERS = text("SELECT count(DISTINCT id_number_index) FROM registrations")
_SUBMITTED = text(
    "SELECT coalesce(sum(n), 0) FROM rollups"
    " WHERE metric = 'submitted' AND split = 'all' AND province NOT LIKE '*%'"
)


def check(
    engine: Engine,
    people: Sequence[Person],
    accepted: Accepted,
    *,
    nudged: Sequence[Person] = (),
    few: int = 0,
) -> list[str]:
    """Every way in which a promise was broken, in words; empty when all was kept.

    I1 what was taken has one row. I2 every row ended. I3 every answer arrived once. I4 in order.
    I5 every state is the fold of its person's messages. I6 a form is one lead, counted once.
    nudged: people with one reminder each, who wrote nothing.
    few: unsure answers that are let pass in a run too short for a share of them.
    """
    said: dict[str, list[str]] = {}
    for *_, texts in accepted:
        for one in texts:
            said.setdefault(one.partition(":")[2].partition("/")[0], []).append(one)
    everybody = [*people, *nudged]
    with reading(engine) as session:
        broken = _check_rows(session, people, len(nudged))
        broken += _check_leads(session, people)
        unsure = set(session.scalars(_UNSURE))
        states = conversations.load(session, [person.talk for person in everybody])
    taken = sum(len(person.taken) for person in everybody)
    if len(unsure) > max(MOST_UNSURE * taken, few):
        broken.append(f"I3: {len(unsure)} of {taken} answers are unsure")
    for person in everybody:
        state = states.get(person.talk)
        heard = orjson.loads(state.state)["heard"] if state and state.state else []
        broken += _check_person(person, heard, said.get(person.name, []), unsure)
    return broken


def _check_rows(session: Session, people: Sequence[Person], nudges: int) -> list[str]:
    broken = []
    inbox = Counter(session.scalars(text("SELECT status FROM inbox")))
    outbox = Counter(session.scalars(text("SELECT status FROM outbox")))
    rows = set(session.scalars(text("SELECT event_id FROM inbox")))
    kept = {one.replace("/", "-") for person in people for one in person.taken}
    reminders = {one for one in rows if one.startswith("reminder-")}
    rows -= reminders
    if rows != kept:
        broken.append(
            f"I1: {len(kept - rows)} that were taken are not kept, {len(rows - kept)} more"
        )
    if len(reminders) != nudges:
        broken.append(f"I1: {len(reminders)} reminders came of {nudges}")
    if set(inbox) - {1}:
        broken.append(f"I2: inbox rows by status {dict(inbox)}")
    if set(outbox) - {2, UNSURE}:
        broken.append(f"I2: outbox {dict(outbox)}; {DROPPED=} {FAILED=}")
    return broken


def _check_leads(session: Session, people: Sequence[Person]) -> list[str]:
    wanted = {
        one.replace("/", "-") for person in people for one in person.taken if finishes_form(one)
    }
    there = list(session.scalars(text("SELECT reference FROM registrations")))
    numbers = session.scalars(
        text("SELECT count(DISTINCT id_number_index) FROM registrations")
    ).one()
    counted = session.scalars(_SUBMITTED).one()
    broken = []
    if sorted(there) != sorted(wanted):
        broken.append(f"I6: {len(there)} leads of {len(wanted)} forms")
    if not len(there) == numbers == counted:
        broken.append(f"I6: {len(there)} leads, {numbers} ID numbers, {counted} counted")
    return broken


def _check_person(person: Person, heard: list[str], said: list[str], unsure: set[str]) -> list[str]:
    name, broken = person.name, []
    expected = [f"{name}/{number}" for number in range(len(person.taken))]
    if sorted(heard) != sorted(expected):
        missing, extra = set(expected) - set(heard), [x for x in heard if heard.count(x) > 1]
        broken.append(f"I5: {name} has not heard {sorted(missing)[:5]}, doubly {extra[:5]}")
    elif not person.is_late and heard != expected:
        broken.append(f"I5: {name} heard in another order")
    answers = [f"{number + 1}:{words}" for number, words in enumerate(heard)]
    doubtful = {event_id.replace("-", "/") for event_id in unsure}
    certain = [one for one in answers if one.partition(":")[2] not in doubtful]
    arrived = [one for one in said if one.partition(":")[2] not in doubtful]
    if arrived != certain:
        counts = Counter(arrived)
        twice = [one for one, count in counts.items() if count > 1]
        lost = [one for one in certain if one not in counts]
        broken.append(f"I3/I4: {name} lost {lost[:5]}, twice {twice[:5]}, or out of order")
    return broken
