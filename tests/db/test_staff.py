"""Accounts on SQLite and PostgreSQL."""

import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from db import staff
from db.session import reading, transaction
from db.staff import Role, Staff
from tests.accounts import account

pytestmark = pytest.mark.db
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def admin(engine: Engine, name: str) -> int:
    with transaction(engine) as session:
        return account(session, name, Role.ADMIN, now=NOW).id


def test_two_administrators_who_remove_each_other_at_once_leave_one(engine: Engine) -> None:
    both = [admin(engine, "a"), admin(engine, "b")]
    ready, removed = threading.Barrier(2), []

    def remove(number: int) -> None:
        ready.wait()
        with transaction(engine) as session:
            person = session.get_one(Staff, number)
            last = staff.last_admin(session, person)
            time.sleep(0.3)  # the other one looks meanwhile, if it may
            if not last:
                person.role = Role.AUDITOR.value
                removed.append(number)

    threads = [threading.Thread(target=remove, args=(number,)) for number in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(removed) == 1
    with reading(engine) as session:
        left = select(Staff.id).where(Staff.role == Role.ADMIN.value)
        assert session.scalars(left).all() == [number for number in both if number not in removed]
