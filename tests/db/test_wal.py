"""SQLite's commits are on the disk when they have to be, and nobody waits for another's disk."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from db import schema
from db.session import make_engine, reading, transaction

NOTE = text("INSERT INTO talks (talk, ready_ms) VALUES (:talk, 1)")
COUNT = text("SELECT count(*) FROM talks")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path}/x.db")
    schema.migrate(made)
    yield made
    made.dispose()


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were synced, in order."""
    files: list[str] = []
    real = os.fdatasync

    def watched(descriptor: int) -> None:
        files.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    monkeypatch.setattr(os, "fdatasync", watched)
    return files


def test_a_durable_commit_waits_for_the_disk(engine: Engine, synced: list[str]) -> None:
    with transaction(engine) as session:
        session.execute(NOTE, {"talk": "a"})
        assert synced == []
    assert synced == ["x.db-wal"]


def test_what_can_be_found_out_again_does_not_wait(engine: Engine, synced: list[str]) -> None:
    with transaction(engine, durable=False) as session:
        session.execute(NOTE, {"talk": "a"})
    assert synced == []


def test_what_failed_is_not_waited_for(engine: Engine, synced: list[str]) -> None:
    with pytest.raises(ZeroDivisionError), transaction(engine):
        raise ZeroDivisionError
    assert synced == []


def test_others_write_while_one_waits_for_the_disk(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def slow(_descriptor: int) -> None:
        with transaction(engine, durable=False) as other:
            other.execute(NOTE, {"talk": "b"})
        with reading(engine) as other:
            seen.append(other.execute(COUNT).scalar_one())

    monkeypatch.setattr(os, "fdatasync", slow)
    with transaction(engine) as session:
        session.execute(NOTE, {"talk": "a"})
    assert seen == [2]


def test_a_disk_that_fails_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", broken)
    with pytest.raises(OperationalError, match="Input/output"), transaction(engine) as session:
        session.execute(NOTE, {"talk": "a"})
