"""Calls start when the commit that says so is on the disk, and never when nobody can tell."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from bot.line import wire
from db.inbox import NewEvent
from db.inbox_writer import InboxWriter
from db.on_disk import OnDisk, Unknown
from db.session import transaction
from tests.db.test_worker import ANONG, Line, heard, make_worker, scalar, send, work
from tests.path.running import wait_until

pytestmark = pytest.mark.db


class Slow(OnDisk):
    """Its disk takes a while; counts its turns."""

    turns = 0

    async def _sync(self) -> None:
        self.turns += 1
        await asyncio.sleep(0.1)
        await super()._sync()


class Full(OnDisk):
    """Its disk fails the first time."""

    fails = True

    async def _sync(self) -> None:
        if self.fails:
            self.fails = False
            raise OSError("no space")
        await super()._sync()


@pytest.fixture
def disk(engine: Engine) -> Iterator[Slow]:
    made = Slow(engine)
    wire.wait(made.open())
    yield made
    wire.wait(made.close())


def test_after_the_wait_postgresqls_log_is_on_the_disk(engine: Engine, disk: Slow) -> None:
    if engine.dialect.name == "sqlite":
        return  # its log is looked at in test_wal
    late = 0
    for number in range(10):
        with transaction(engine, durable=False) as session:
            session.execute(text("INSERT INTO talks (talk) VALUES (:name)"), {"name": f"{number}"})
        written = scalar(engine, "SELECT pg_current_wal_insert_lsn()")
        assert disk.era is not None
        wire.wait(disk.wait(disk.era))
        late += not scalar(engine, f"SELECT pg_current_wal_flush_lsn() >= '{written}'")
    assert late == 0


def test_those_who_come_while_the_disk_works_share_its_next_turn(disk: Slow) -> None:
    era = disk.era
    assert era is not None

    async def many() -> None:
        await asyncio.gather(*(disk.wait(era) for _ in range(20)))

    wire.wait(many())
    assert disk.turns in {1, 2}


def test_of_an_era_that_ended_nobody_can_tell(engine: Engine, disk: Slow) -> None:
    before = disk.era
    assert before is not None
    if engine.dialect.name == "postgresql":
        _cut_off(engine)
        with pytest.raises(Unknown):
            wire.wait(disk.wait(before))
        assert disk.era is None
    else:
        wire.wait(disk.close())
    wire.wait(disk.open())
    assert disk.era == before + 1
    with pytest.raises(Unknown):
        wire.wait(disk.wait(before))
    wire.wait(disk.wait(before + 1))


def _cut_off(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


def test_without_a_connection_of_its_own_commits_wait_themselves() -> None:
    nowhere = create_engine("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    disk = OnDisk(nowhere)
    wire.wait(disk.open())
    assert disk.era is None


def test_what_may_not_be_on_the_disk_is_sent_only_after_another_look(engine: Engine) -> None:
    line = Line()
    worker = make_worker(engine, line)
    disk = worker._posting._disk = Full(engine)
    wire.wait(disk.open())
    send(engine, ANONG, "one")
    worker.round()
    worker.round()
    assert wait_until(lambda: not disk.fails, 5)
    time.sleep(0.1)
    assert line.replies == []
    work(worker)
    assert line.replies == [("t-0", "1:one")]
    assert heard(engine, ANONG) == ["one"]


def test_workers_see_a_webhook_before_it_is_on_the_disk_and_line_is_told_after(
    engine: Engine,
) -> None:
    if engine.dialect.name == "sqlite":
        return  # its log is looked at in test_wal
    written: list[str] = []

    def wake() -> None:
        written.append(scalar(engine, "SELECT pg_current_wal_insert_lsn()"))
        assert scalar(engine, "SELECT count(*) FROM inbox") == len(written)

    late = 0
    writer = InboxWriter(engine)
    for number in range(10):
        writer.store([NewEvent(f"e{number}", ANONG, number, b"{}")], 5, wake)
        late += not scalar(engine, f"SELECT pg_current_wal_flush_lsn() >= '{written[-1]}'")
    writer.close()
    assert late == 0
