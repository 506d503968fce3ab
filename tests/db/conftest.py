"""Databases for the tests: a fresh SQLite file, and a fresh database on a PostgreSQL server.

The server is TEST_DATABASE_URL's, or a throw-away cluster that is made once for the whole run.
"""

import shutil
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


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file at the newest revision, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> Iterator[str]:
    """The name of a database at the newest revision, to be copied."""
    with fresh_database(postgres) as url:
        _migrate(url)
        yield url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind, at the newest revision and without rows."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgres_template")
    with fresh_database(request.getfixturevalue("postgres"), template) as url:
        yield url


@pytest.fixture(scope="module")
def module_engine(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One SQLite database for all tests of a module."""
    path = tmp_path_factory.mktemp("module") / "test.db"
    shutil.copyfile(sqlite_template, path)
    made = make_engine(f"sqlite:///{path}")
    yield unlock(made, OUTER)
    made.dispose()


def _migrate(url: str) -> None:
    made = make_engine(url)
    schema.migrate(made)
    made.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated and unlocked database."""
    made = make_engine(database_url)
    yield unlock(made, OUTER)
    close_workers()
    made.dispose()
