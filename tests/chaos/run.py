"""One run: load, faults, healing, and the checker's word."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import orjson
import urllib3
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from db import schema
from db.keyring import unlock
from db.session import make_engine, reading
from tests.bench.path import LineProcess
from tests.bench.systems import environment, wait_until_up
from tests.chaos.checker import check
from tests.chaos.faults import Crew, Mischief
from tests.chaos.load import Crowd
from tests.path.crew import OUTER
from tests.path.postgres import Cluster, free_port

FAULTS = {
    "refused_429": 0.02,
    "failed_500": 0.02,
    "accepted_500": 0.02,
    "reset": 0.02,
    "slow": 0.005,
    "slow_s": 2.0,
}
HEALS_S = 120.0
FEW_UNSURE = 3


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, and what was found."""

    taken: int
    posts: int
    refused: int
    faults: dict[str, int]
    line: dict[str, int]
    healed_s: float
    broken: list[str]


def run(
    *, seconds: float, sqlite: bool, rate: float, lease_s: float, seed: int, at_least: int = 0
) -> Report:
    """Load and faults for so long; then heal, drain and check.

    at_least: go on (up to four times as long) until so many messages were taken: on a busy machine
    processes are slow to come back.
    """
    with ExitStack() as stack:
        line = LineProcess()
        stack.callback(line.stop)
        url, cluster = stack.enter_context(_database(sqlite=sqlite))
        made = make_engine(url)
        stack.callback(made.dispose)
        schema.migrate(made)
        engine = unlock(made, OUTER)
        port = free_port()
        role = {"ROLE": "all"} if sqlite else {"ROLE": "web"}
        env = environment(
            line.url, port, DATABASE_URL=url, LEASE_MS=str(int(lease_s * 1000)), **role
        )
        crew = Crew(env, port, 0 if sqlite else 2)
        stack.callback(crew.stop)
        wait_until_up(port)
        crowd = Crowd(port, 400, 8, rate, seed)
        mischief = Mischief(crew, cluster, lease_s, seed)
        line.behave(**FAULTS)
        crowd.start()
        mischief.start()
        began = time.monotonic()
        while time.monotonic() - began < seconds or (
            crowd.taken < at_least and time.monotonic() - began < 4 * seconds
        ):
            time.sleep(0.5)
        mischief.stop()
        line.behave()
        crowd.stop()
        began = time.monotonic()
        while not _drained(engine) and time.monotonic() - began < HEALS_S:
            time.sleep(0.5)
        healed_s = time.monotonic() - began
        record = orjson.loads(urllib3.request("GET", f"{line.url}/record").data)
        return Report(
            crowd.taken,
            crowd.posts,
            crowd.refused,
            dict(mischief.counts),
            record["counts"],
            healed_s,
            check(engine, crowd.people, record["accepted"], few=FEW_UNSURE),
        )


@contextmanager
def _database(*, sqlite: bool) -> Iterator[tuple[str, Cluster | None]]:
    if sqlite:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/chaos.db", None
        return
    cluster = Cluster("max_connections=100", "shared_buffers=128MB")
    cluster.start()
    try:
        yield cluster.url, cluster
    finally:
        cluster.stop()
        cluster.remove()


def _drained(engine: Engine) -> bool:
    try:
        with reading(engine) as session:
            waiting = session.execute(text("SELECT count(*) FROM inbox WHERE status = 0"))
            unsent = session.execute(text("SELECT count(*) FROM outbox WHERE status <= 1"))
            return int(waiting.scalar_one()) + int(unsent.scalar_one()) == 0
    except SQLAlchemyError:
        return False
