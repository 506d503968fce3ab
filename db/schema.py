"""The schema: migrate to the newest revision, tell whether it is there, write a new revision."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from db.models import metadata
from db.session import is_postgresql

MIGRATIONS = Path(__file__).parent / "migrations"
SAMPLE_ROWS = 1000
"""Of each index, as SQLite's own advice has it."""
ONLY_ONE_MIGRATES = 4_040_400
"""The key of PostgreSQL's advisory lock: two releases at once must not both migrate."""


def migrate(engine: Engine) -> None:
    """Bring the database to the newest revision; does nothing when it is there, or beyond."""
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONLY_ONE_MIGRATES}
            )
        if not _has_come_so_far(connection):
            command.upgrade(_config(connection), "head")
    analyse(engine)


def analyse(engine: Engine) -> None:
    """Let SQLite count what its indexes hold; PostgreSQL does so by itself. Without it every filter
    is taken to leave next to nothing, and the list of a large console reads the wrong index.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection, connection.begin():
            connection.execute(text("ANALYZE"))


def analyse_again(session: Session, _now: datetime) -> int:
    """The same as a daily job, from a sample, since nobody can write meanwhile."""
    if not is_postgresql(session):
        session.execute(text(f"PRAGMA analysis_limit = {SAMPLE_ROWS:d}"))
        session.execute(text("ANALYZE"))
    return 0


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest revision we know, or one of the version after us."""
    with engine.connect() as connection:
        return _has_come_so_far(connection)


def _has_come_so_far(connection: Connection) -> bool:
    """Revisions are numbered. A migration only adds, so that while a new version is rolled out the
    processes of the old one go on working, and start again where they must.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    return found is not None and head is not None and int(found) >= int(head)


def differences(engine: Engine) -> list[object]:
    """What the models have and the migrated database has not, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def revise(engine: Engine, message: str) -> None:
    """Write a revision from what changed in the models; the database must be at the newest one.

    Until the first release there is only 0001_initial, and it is written anew on an empty database.
    """
    with engine.connect() as connection, connection.begin():
        number = len(list(MIGRATIONS.glob("versions/[0-9]*.py"))) + 1
        command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04d}")


def tables(engine: Engine) -> list[str]:
    """The names of the tables that are there."""
    return inspect(engine).get_table_names()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
