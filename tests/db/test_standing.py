"""A connection that is kept, and statements that go to the database together."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.clock import now_ms
from db import talks
from db.bulk import ask, commit_along, in_one_piece, pose
from db.schema import migrate
from db.session import is_postgresql, make_engine, transaction
from db.standing import StandingConnection
from tests.path.leases import claim
from tests.path.postgres import fresh_database

pytestmark = pytest.mark.db


@pytest.fixture
def standing(engine: Engine) -> Iterator[StandingConnection]:
    made = StandingConnection(engine, patience_ms=300)
    yield made
    made.close()


def ready(engine: Engine) -> list[str]:
    """The talks in the queue."""
    with transaction(engine) as session:
        return list(session.execute(text("SELECT talk FROM talks ORDER BY talk")).scalars())


def test_what_is_written_stays_and_what_fails_goes_wholly(
    engine: Engine, standing: StandingConnection
) -> None:
    with standing.transaction() as session, in_one_piece(session):
        talks.make_ready(session, {"Ua": 1})
        talks.make_ready(session, {"Ub": 1})
    with pytest.raises(Exception, match="nowhere"):
        _write_nowhere(standing)
    assert ready(engine) == ["Ua", "Ub"]
    with standing.transaction() as session:
        talks.make_ready(session, {"Ue": 1})
    assert ready(engine) == ["Ua", "Ub", "Ue"]


def _write_nowhere(standing: StandingConnection) -> None:
    with standing.transaction() as session, in_one_piece(session):
        talks.make_ready(session, {"Uc": 1})
        session.execute(text("UPDATE nowhere SET x = 1"))
        talks.make_ready(session, {"Ud": 1})


def test_questions_are_answered_each_with_its_own_rows(
    engine: Engine, standing: StandingConnection
) -> None:
    with standing.transaction() as session:
        talks.make_ready(session, {"Ua": 1, "Ub": 2})
        first, none, second = ask(
            session,
            ("SELECT talk, ready_ms FROM talks WHERE ready_ms = :at", {"at": 1}),
            ("SELECT talk FROM talks WHERE ready_ms = :at", {"at": 9}),
            ("SELECT talk FROM talks ORDER BY talk", {}),
        )
    assert [(row.talk, row.ready_ms) for row in first] == [("Ua", 1)]
    assert none == []
    assert [row.talk for row in second] == ["Ua", "Ub"]


_WRITTEN = text("SELECT pg_current_wal_insert_lsn()")
_ON_DISK = text("SELECT pg_current_wal_flush_lsn() >= CAST(:at AS pg_lsn)")


@pytest.mark.parametrize("along", [True, False])
def test_a_commit_waits_for_the_disk_unless_told_otherwise(
    engine: Engine, standing: StandingConnection, *, along: bool
) -> None:
    """along: the commit goes with the statements before it."""
    if engine.dialect.name != "postgresql":
        return  # tests/db/test_wal.py
    waited = {}
    for durable in (True, False):
        waited[durable] = [_is_on_disk(standing, durable=durable, along=along) for _ in range(30)]
    assert all(waited[True])
    assert not all(waited[False])


def _is_on_disk(standing: StandingConnection, *, durable: bool, along: bool) -> bool:
    with standing.transaction(durable=durable) as session:
        with in_one_piece(session):
            talks.make_ready(session, {"Ua": now_ms()})
            if along:
                commit_along(session, durable=durable)
        at = session.execute(_WRITTEN).scalar_one()
    with standing.transaction(durable=False) as session:
        return bool(session.execute(_ON_DISK, {"at": at}).scalar_one())


def test_a_commit_that_goes_along_ends_what_was_begun(
    engine: Engine, standing: StandingConnection
) -> None:
    with standing.transaction() as session:
        with in_one_piece(session):
            talks.make_ready(session, {"Ua": 1})
            commit_along(session, durable=True)
        if is_postgresql(session):
            assert ready(engine) == ["Ua"], "others see it, and wait for no lock"
        talks.make_ready(session, {"Ub": 1})
    assert ready(engine) == ["Ua", "Ub"]


def test_a_piece_that_fails_is_not_committed_along(
    engine: Engine, standing: StandingConnection
) -> None:
    with pytest.raises(Exception, match="nowhere"):
        _fail_in_a_piece(standing)
    assert ready(engine) == []


def _fail_in_a_piece(standing: StandingConnection) -> None:
    with standing.transaction() as session, in_one_piece(session):
        talks.make_ready(session, {"Ua": 1})
        pose(session, ("SELECT nowhere", {}))
        commit_along(session, durable=True)


def test_one_that_falls_silent_loses_its_locks_and_starts_over(
    engine: Engine, standing: StandingConnection
) -> None:
    if engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError):
            _fall_silent(standing)
    with standing.transaction() as session:
        talks.make_ready(session, {"Uc": 1})
    assert ready(engine) == ["Uc"]


def _fall_silent(standing: StandingConnection) -> None:
    with standing.transaction() as session:
        talks.make_ready(session, {"Ua": 1})
        time.sleep(0.8)
        talks.make_ready(session, {"Ub": 1})


def test_a_connection_that_is_cut_is_made_anew(
    engine: Engine, standing: StandingConnection
) -> None:
    with standing.transaction() as session:
        talks.make_ready(session, {"Ua": 1})
    if engine.dialect.name == "postgresql":
        with transaction(engine) as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        with pytest.raises(DBAPIError), standing.transaction() as session:
            talks.make_ready(session, {"Ub": 1})
    with standing.transaction() as session:
        talks.make_ready(session, {"Uc": 1})
    assert ready(engine) == ["Ua", "Uc"]


def test_left_behind_then_fresh_then_old_each_once(engine: Engine) -> None:
    now = now_ms()
    long_ago = now - talks.FRESH_MS - 5_000
    with transaction(engine) as session:
        talks.make_ready(session, {"Ugone": now, "Uboth": long_ago})
        session.execute(text("UPDATE talks SET lease_owner = 'dead', lease_until_ms = 5"))
        session.execute(text("UPDATE talks SET ready_ms = NULL WHERE talk = 'Ugone'"))
        talks.make_ready(session, {"Uold": long_ago + 1, "Ufresh": now - 5, "Ulater": now + 9_000})
        claims = claim(session, "me", now, 9, 30_000)
        assert [claim.talk for claim in claims] == ["Ugone", "Uboth", "Ufresh", "Uold"]
        assert [claim.taken_over for claim in claims] == [True, True, False, False]
        assert claim(session, "other", now, 9, 30_000) == []
        (held,) = ask(session, talks.which_mine(session, "me", ["Uold", "Ulater", "Ugone"]))
        assert {row.talk for row in held} == {"Uold", "Ugone"}


def test_a_plan_goes_by_the_key_however_small_the_table_was(postgres: str) -> None:
    with fresh_database(postgres) as url:
        engine = make_engine(url)
        migrate(engine)
        standing = StandingConnection(engine, patience_ms=300)
        with standing.transaction() as session:
            talks.make_ready(session, {"Ua": 1})
            plan = session.execute(
                text(
                    "EXPLAIN UPDATE talks SET ready_ms = r.at FROM unnest(ARRAY['Ua','Ub'],"
                    " ARRAY[1,2]) AS r(talk, at) WHERE talks.talk = r.talk AND talks.ready_ms <= 9"
                )
            )
            told = "\n".join(plan.scalars())
        standing.close()
        engine.dispose()
    assert "Index" in told
    assert "Seq Scan" not in told
