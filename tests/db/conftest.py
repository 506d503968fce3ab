"""Databases for the tests: a fresh SQLite file, and a fresh database on a PostgreSQL server.

The server is TEST_DATABASE_URL's, or a throw-away cluster that is made once for the whole run.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db import schema
from db.keyring import unlock
from db.session import make_engine
from tests.path.crew import OUTER
from tests.path.postgres import fresh_database, server_url
from tests.path.running import close_workers


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server on which databases may be made."""
    with server_url() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.db"
        return
    with fresh_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated and unlocked database."""
    made = make_engine(database_url)
    schema.migrate(made)
    yield unlock(made, OUTER)
    close_workers()
    made.dispose()
