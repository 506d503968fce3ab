"""Made-up leads: a few for a first look, millions to measure with. No real person is in them."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import UTC, datetime
from multiprocessing import get_context

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db import demo_counts, demo_load, demo_outreach, schema
from db.crypto import Keyring
from db.demo_people import Maker, World, places
from db.lead_tables import Registration
from db.session import keys, make_engine, reading, transaction
from db.staff import Role, Staff

BATCH = 2_000
MANY = 50_000
"""From so many on, several processes make them, where there is a database server."""

Progress = Callable[[int], None]


def make(
    engine: Engine,
    number: int,
    now: datetime,
    *,
    seed: int = 40,
    provinces: tuple[str, ...] = (),
    processes: int = 0,
    progress: Progress = lambda done: None,
) -> int:
    """Add so many leads, from these provinces (all of them if none is named).

    processes: how many make them, where there is a database server; 0 to choose by their number.
    """
    now = now.astimezone(UTC)
    with transaction(engine) as session:
        demo_outreach.ensure(session, provinces, now)
    world = _world(engine, number, now, seed, provinces)
    wanted = processes or ((os.cpu_count() or 1) if number >= MANY else 1)
    if engine.dialect.name == "postgresql" and wanted > 1:
        with demo_load.indexes_after(engine):
            _in_processes(engine, world, wanted, progress)
    else:
        with reading(engine) as session:
            maker = Maker(keys(session), world)
        for numbers in _batches(world):
            with transaction(engine) as session:
                demo_load.write(session, maker.batch(numbers))
            progress(numbers.stop - world.first)
    with transaction(engine) as session:
        demo_load.numbered(session)
        demo_counts.add_from(session, world.first)
    schema.analyse(engine)
    return number


def _world(
    engine: Engine, number: int, now: datetime, seed: int, provinces: tuple[str, ...]
) -> World:
    with reading(engine) as session:
        last = session.scalar(select(Registration.id).order_by(Registration.id.desc()).limit(1))
        return World(
            now=now,
            first=(last or 0) + 1,
            total=number,
            seed=seed,
            places=places(provinces),
            campaigns=demo_outreach.codes(session),
            officers=_officers(session),
        )


def _officers(session: Session) -> dict[str, list[int]]:
    """Who works in a province."""
    found: dict[str, list[int]] = {}
    for person in session.scalars(select(Staff).where(Staff.role == Role.OFFICER)):
        for province in person.provinces:
            found.setdefault(province, []).append(person.id)
    return found


def _batches(world: World) -> Iterator[range]:
    end = world.first + world.total
    for start in range(world.first, end, BATCH):
        yield range(start, min(start + BATCH, end))


_MAKER: list[tuple[Engine, Maker]] = []
"""What a process of its own works with: set once, when it starts."""


def _in_processes(engine: Engine, world: World, processes: int, progress: Progress) -> None:
    with reading(engine) as session:
        ring = keys(session)
    opened = (dict(ring.cell_keys), ring.newest, ring.index_key)
    url = engine.url.render_as_string(hide_password=False)
    done, running, batches = 0, set[Future[int]](), _batches(world)
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_begin, initargs=(url, opened, world)
    ) as pool:
        for numbers in batches:
            running.add(pool.submit(_write, numbers))
            if len(running) < 2 * processes:
                continue
            over, running = wait(running, return_when=FIRST_COMPLETED)
            done += sum(one.result() for one in over)
            progress(done)
        done += sum(one.result() for one in running)
        progress(done)


def _begin(url: str, opened: tuple[dict[int, bytes], int, bytes], world: World) -> None:
    _MAKER.append((make_engine(url), Maker(Keyring(*opened), world)))


def _write(numbers: range) -> int:
    engine, maker = _MAKER[0]
    rows = maker.batch(numbers)
    with transaction(engine, durable=False) as session:
        demo_load.write(session, rows)
    return len(numbers)
