"""The audit log on both databases: only appended to, tampering shows, cut without a break."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, false, select, text
from sqlalchemy.exc import DatabaseError

from db import audit, grants, schema
from db.audit import AuditRow
from db.audit_cut import KEPT, TooYoung, cut
from db.keyring import unlock
from db.models import metadata
from db.session import make_engine, reading, transaction
from tests.path.crew import OUTER
from tests.path.postgres import fresh_database

pytestmark = pytest.mark.db
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
ROWS = 6
CHANGES = ("UPDATE audit SET who = 'x' WHERE id = 2", "DELETE FROM audit WHERE id = 2")

OWNERS_ONLY = (
    "TRUNCATE audit",
    "DROP TRIGGER audit_append_only ON audit",
    "ALTER TABLE audit DISABLE TRIGGER audit_append_only",
    "DROP TABLE audit",
)


def fill(engine: Engine) -> None:
    """A row a year, the last one now."""
    with transaction(engine) as session:
        for number in range(ROWS):
            at = NOW - timedelta(days=365 * (ROWS - 1 - number))
            audit.write(session, at=at, action="view", reference=f"S40-{number}")


def tamper(engine: Engine, statement: str) -> None:
    """What somebody who owns the database could do."""
    with transaction(engine) as session:
        if engine.dialect.name == "postgresql":
            session.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_append_only"))
        else:
            session.execute(text("DROP TRIGGER audit_no_update"))
            session.execute(text("DROP TRIGGER audit_no_delete"))
        session.execute(text(statement))


def verified(engine: Engine) -> tuple[int, int | None]:
    with reading(engine) as session:
        return audit.verify(session)


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_or_delete_a_row(engine: Engine, change: str) -> None:
    fill(engine)
    with pytest.raises(DatabaseError, match="append-only"), transaction(engine) as session:
        session.execute(text(change))
    assert verified(engine) == (ROWS, None)


def test_postgresql_refuses_to_empty_the_log(postgres: str) -> None:
    with fresh_database(postgres) as url:
        engine = make_engine(url)
        schema.migrate(engine)
        with pytest.raises(DatabaseError, match="append-only"), transaction(engine) as session:
            session.execute(text("TRUNCATE audit"))
        engine.dispose()


@pytest.mark.parametrize(("change", "shows_at"), [(CHANGES[0], 2), (CHANGES[1], 3)])
def test_what_an_owner_changes_all_the_same_shows(
    engine: Engine, change: str, shows_at: int
) -> None:
    fill(engine)
    tamper(engine, change)
    assert verified(engine)[1] == shows_at


def test_rows_taken_off_the_end_show_against_a_noted_head(engine: Engine) -> None:
    fill(engine)
    with reading(engine) as session:
        number, noted = audit.head(session)
        assert audit.holds(session, number, noted)
    tamper(engine, "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    with reading(engine) as session:
        assert audit.verify(session) == (ROWS - 1, None)
        assert not audit.holds(session, number, noted)


def test_a_cut_deletes_the_old_part_and_the_chain_goes_on(engine: Engine) -> None:
    fill(engine)
    with transaction(engine) as session:
        assert cut(session, NOW - timedelta(days=1000), NOW) == 3
    assert verified(engine) == (ROWS - 3 + 1, None)
    with transaction(engine) as session:
        audit.write(session, at=NOW, action="view")
        tomorrow = NOW + timedelta(days=1)
        assert cut(session, tomorrow - KEPT, tomorrow) == 1
    assert verified(engine) == (5, None)
    with reading(engine) as session:
        assert session.scalars(select(AuditRow.reference).order_by(AuditRow.id)).first() == "S40-4"
    with pytest.raises(DatabaseError, match="append-only"), transaction(engine) as session:
        session.execute(text("DELETE FROM audit"))


def test_a_beginning_that_was_taken_away_without_a_cut_shows(engine: Engine) -> None:
    fill(engine)
    tamper(engine, "DELETE FROM audit WHERE id < 4")
    assert verified(engine)[1] == 4


def test_all_old_rows_may_go(engine: Engine) -> None:
    fill(engine)
    later = NOW + KEPT + timedelta(days=2)
    with transaction(engine) as session:
        assert cut(session, NOW + timedelta(days=1), later) == ROWS
        assert cut(session, NOW - timedelta(days=9000), later) == 0
    assert verified(engine) == (1, None)


def test_young_rows_are_never_cut(engine: Engine) -> None:
    fill(engine)
    with pytest.raises(TooYoung), transaction(engine) as session:
        cut(session, NOW - KEPT + timedelta(days=1), NOW)


def test_the_role_of_the_bot_can_append_to_the_log_and_no_more(postgres: str) -> None:
    with fresh_database(postgres) as url:
        owner = make_engine(url)
        schema.migrate(owner)
        unlock(owner, OUTER)
        role = f"bot_{url[-8:]}"
        with owner.connect() as connection, connection.begin():
            connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        assert grants.grant(owner, role) == len(schema.tables(owner))
        bot = unlock(make_engine(url.replace("tester@", f"{role}@")), OUTER)
        schema.migrate(bot)
        assert schema.is_current(bot)
        fill(bot)
        for statement in (*CHANGES, *OWNERS_ONLY):
            with (
                pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
                transaction(bot) as session,
            ):
                session.execute(text(statement))
        with transaction(bot) as session:
            for table in set(schema.tables(bot)) - {"audit", "alembic_version"}:
                session.execute(delete(metadata.tables[table]).where(false()))
        assert verified(bot) == (ROWS, None)
        bot.dispose()
        with owner.connect() as connection, connection.begin():
            connection.execute(text(f"DROP OWNED BY {role}"))
            connection.execute(text(f"DROP ROLE {role}"))
        owner.dispose()


def test_only_postgresql_has_roles(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="PostgreSQL"):
        grants.grant(make_engine(f"sqlite:///{tmp_path}/test.db"), "bot")


def test_whose_data_a_stolen_account_touched_is_one_command_away(
    engine: Engine, database_url: str
) -> None:
    thief, other = "thief@sso.example", "honest@sso.example"
    acts = ((thief, "S40-A", 1), (thief, "S40-A", 2), (thief, "S40-B", 3), (other, "S40-C", 3))
    with transaction(engine) as session:
        audit.write(session, at=NOW - timedelta(days=40), action="view", who=thief, reference="OLD")
        for who, reference, minute in acts:
            at = NOW + timedelta(minutes=minute)
            audit.write(session, at=at, action="view", who=who, reference=reference)
        audit.write(session, at=NOW, action="sign_in", who=thief)
    asked = [sys.executable, "-m", "db", "touched", "Thief@sso.example", "2026-11-01"]
    where = os.environ | {"DATABASE_URL": database_url}
    told = subprocess.run(asked, env=where, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    lines = [line.split("\t")[:3] for line in told.stdout.splitlines()]
    assert lines == [["S40-A", "view", "2"], ["S40-B", "view", "1"]]
    assert told.stderr == "2 leads\n"


def test_the_rows_of_some_days_are_those_by_the_thai_calendar(engine: Engine) -> None:
    moments = [
        datetime(2026, 11, day, hour, 30, tzinfo=UTC) for day in (1, 2, 3) for hour in (16, 17)
    ]
    with transaction(engine) as session:
        for at in moments:
            audit.write(session, at=at, action="view")
    with reading(engine) as session:

        def of(since: int | None, until: int | None) -> list[int]:
            days = [date(2026, 11, day) if day else None for day in (since, until)]
            chosen = select(AuditRow.id).where(*audit.between(session, *days))
            return list(session.scalars(chosen.order_by(AuditRow.id)))

        assert of(None, None) == [1, 2, 3, 4, 5, 6]
        assert of(2, 2) == [2, 3]
        assert of(2, None) == [2, 3, 4, 5, 6]
        assert of(None, 2) == [1, 2, 3]
        assert of(5, None) == of(9, 12) == []
