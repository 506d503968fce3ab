"""Backup and restore by one command each; a restore erases again who was erased meanwhile.

SQLite: its online backup, while the bot runs. PostgreSQL: pg_dump and pg_restore; for recovery to
the minute, archive the WAL besides (docs/operations.md). The cells in a backup are sealed, and the
keys that open them are not in it.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from db import schema
from db.crypto import OuterKey
from db.erasure import Erasures, erase_again, erasures
from db.keyring import unlock
from db.session import make_engine, reading, transaction


class BackupError(Exception):
    """A backup or a restore that did not work; the text says why."""


def back_up(url: str, path: Path) -> int:
    """Write a backup of the running database, readable by this user only; its size in bytes."""
    engine = make_engine(url)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.close(descriptor)
    if engine.dialect.name == "sqlite":
        _copy(Path(str(engine.url.database)), path)
    else:
        _run(engine.url, "pg_dump", "--format=custom", "--no-owner", f"--file={path}")
    return path.stat().st_size


def restore(url: str, path: Path, outer: tuple[OuterKey, ...], erased: Erasures) -> int:
    """Replace the database by the backup; the number of people erased again.

    erased: who is known to have been erased, besides what the database that is replaced knows.
    Stop every process of the bot first.
    """
    if not path.is_file():
        raise BackupError(f"there is no file {path}")
    known = {**erased, **_known(url, outer)}
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        _copy(path, Path(str(engine.url.database)))
    else:
        _run(engine.url, "pg_restore", "--clean", "--if-exists", "--no-owner", str(path))
    engine.dispose()
    fresh = make_engine(url)
    try:
        schema.migrate(fresh)
        with transaction(unlock(fresh, outer)) as session:
            return erase_again(session, known, datetime.now(UTC))
    finally:
        fresh.dispose()


def read_erasures(path: Path) -> dict[bytes, datetime]:
    """What `python -m db erasures` printed. Raises BackupError."""
    try:
        lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines() if line)
        return {bytes.fromhex(owner): datetime.fromisoformat(at) for owner, at in lines}
    except (OSError, ValueError):
        raise BackupError(f"{path} is no list of erasures") from None


def _known(url: str, outer: tuple[OuterKey, ...]) -> dict[bytes, datetime]:
    """Who was erased, by the database that is about to be replaced; nothing if it can't be read."""
    engine: Engine = make_engine(url)
    try:
        with reading(unlock(engine, outer)) as session:
            return erasures(session)
    except SQLAlchemyError:
        return {}
    finally:
        engine.dispose()


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            (verdict,) = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"SQLite: {error}") from None
    if verdict != "ok":
        raise BackupError("the copy is damaged")


def _run(url: URL, program: str, *arguments: str) -> None:
    found = shutil.which(program) or next(
        (str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))[::-1]), None
    )
    if found is None:
        raise BackupError(f"{program} is not installed (Debian: postgresql-client)")
    where = {
        "PGHOST": url.host or "",
        "PGPORT": str(url.port or 5432),
        "PGUSER": url.username or "",
        # Not as an argument: those can be read by everybody on the machine.
        "PGPASSWORD": str(url.password or ""),
    }
    chosen = {name: value for name, value in where.items() if value}
    command = [found, *arguments, f"--dbname={url.database}"]
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        command, env=os.environ | chosen, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip().splitlines()[-1:]}")
