"""Reminders that fall due during a run: what the jobs and their clock must not lose or double."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from db.reminders import remind
from db.session import transaction
from tests.chaos.load import Person

FIRST = 0xE000
"""The names of those who are reminded begin here; nobody else is called so."""


def plan(engine: Engine, number: int, seconds: float) -> list[Person]:
    """People who write nothing, each with one reminder some time within these seconds."""
    people = [Person(f"U{FIRST + one:032x}", is_late=False) for one in range(number)]
    now = datetime.now(UTC)
    with transaction(engine) as session:
        for place, person in enumerate(people):
            due_at = now + timedelta(seconds=seconds * place / number)
            remind(session, person.talk, "payment", due_at, {})
            # What the site makes of a reminder.
            person.taken.append(f"{person.name}/0")
    return people
