"""One run: calm, load under faults, healing, calm again, and the checker's word."""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import urllib3
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from db import schema
from db.keyring import unlock
from db.session import make_engine, reading
from tests.bench.gauges import Gauges, grown
from tests.bench.path import LineProcess
from tests.bench.systems import System, environment, wait_until_up
from tests.chaos import nudges
from tests.chaos.checker import Accepted, check
from tests.chaos.crew import CELERY, Crew, Start, program, site
from tests.chaos.faults import Mischief, Scene, kills
from tests.chaos.leash import Leash
from tests.chaos.load import Crowd
from tests.chaos.surroundings import HostClock, Postgres, SmallDisk
from tests.path.crew import OUTER
from tests.path.postgres import free_port

LINE_FAULTS = {
    "refused_429": 0.02,
    "failed_500": 0.02,
    "accepted_500": 0.02,
    "reset": 0.02,
    "slow": 0.005,
    "slow_s": 2.0,
}
HEALS_S = 120.0
"""A test may run on a machine that is busy; what it took is told."""
SLOWER = 3.0
BUSY_S = 1.0
"""Afterwards answers may take so many times as long as before, or so long on a busy machine."""
FEW_UNSURE = 3
JOBS = ("worker", "-Q", "timed,bulk", "--concurrency", "2", "--loglevel", "ERROR")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is like. pace_s: between two faults; calm_s: without any, before and after."""

    sqlite: bool
    seconds: float
    rate: float
    pace_s: float
    lease_s: float = 5.0
    long_s: float = 30.0
    calm_s: float = 5.0
    people: int = 400
    nudges: int = 40
    seed: int = 40
    at_least: int = 0
    """Go on (up to four times as long) until so many messages were taken, and all went wrong once
    that can.
    """
    breath: int = 0
    """Messages to be taken between two faults."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, and what was found."""

    taken: int
    posts: int
    refused: dict[str, int]
    kills: int
    faults: dict[str, int]
    line: dict[str, int]
    unsure: int
    healed_s: float
    p99_before_ms: float
    p99_after_ms: float
    peak: dict[str, float]
    broken: list[str]


def run(plan: Plan) -> Report:
    """Do it all."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        leash = Leash()
        stack.callback(leash.cut)
        line = LineProcess()
        stack.callback(line.stop)
        scene, url, port = stack.enter_context(_scene(plan, line.url, folder, leash))
        made = make_engine(url)
        stack.callback(made.dispose)
        engine = unlock(made, OUTER)
        wait_until_up(port)
        gauges = Gauges(lambda: System(port, scene.crew.pids()), url, max(plan.seconds / 60, 1.0))
        crowd = Crowd(port, plan.people, 8, plan.rate, plan.seed)
        mischief = Mischief(
            scene, plan.pace_s, plan.seed, taken=lambda: crowd.taken, breath=plan.breath
        )
        crowd.start()
        before = _calm(plan.calm_s)
        line.behave(**LINE_FAULTS)
        nudged = nudges.plan(engine, plan.nudges, plan.seconds)
        gauges.start()
        mischief.start()
        _storm(plan, crowd, mischief)
        mischief.stop()
        gauges.stop()
        scene.heal()
        line.behave()
        crowd.rest()
        healed_s = _wait(engine, _OPEN)
        crowd.go_on()
        after = _calm(plan.calm_s)
        crowd.stop()
        _wait(engine, _OPEN + _NUDGES)
        record = orjson.loads(urllib3.request("GET", f"{line.url}/record").data)
        accepted: list[tuple[float, str, str, str, list[str]]] = record["accepted"]
        p99s = [_p99_ms(accepted, *window) for window in (before, after)]
        broken = check(engine, crowd.people, accepted, nudged=nudged, few=FEW_UNSURE)
        broken += [f"I7: {what}" for what in grown(gauges.samples)]
        if p99s[1] > max(SLOWER * p99s[0], BUSY_S * 1000):
            broken.append(f"I8: answers took {p99s[0]:.0f} ms (p99) before, {p99s[1]:.0f} after")
        return Report(
            taken=crowd.taken,
            posts=crowd.posts,
            refused=dict(crowd.refused),
            kills=kills(mischief.counts),
            faults=dict(mischief.counts),
            line=record["counts"],
            unsure=_count(engine, _UNSURE),
            healed_s=healed_s,
            p99_before_ms=p99s[0],
            p99_after_ms=p99s[1],
            peak={
                what: max((getattr(one, what) for one in gauges.samples), default=0)
                for what in ("memory_mib", "files", "connections")
            },
            broken=broken,
        )


def _storm(plan: Plan, crowd: Crowd, mischief: Mischief) -> None:
    began = time.monotonic()
    while (passed := time.monotonic() - began) < 4 * plan.seconds:
        enough = crowd.taken >= plan.at_least and mischief.did_all
        if passed >= plan.seconds and enough:
            break
        time.sleep(0.5)


def _calm(seconds: float) -> tuple[float, float]:
    """(begin, end) of a while in which nothing goes wrong."""
    began = time.time()
    time.sleep(seconds)
    return began, time.time()


@contextmanager
def _scene(
    plan: Plan, line_url: str, folder: Path, leash: Leash
) -> Iterator[tuple[Scene, str, int]]:
    """Everything that runs, its database's address, and where the web listens.

    Two hosts, a clock each: web, a worker and the jobs here; a worker and their clock there.
    """
    with ExitStack() as stack:
        disk = SmallDisk()
        stack.callback(disk.remove)
        postgres = None if plan.sqlite else Postgres(disk, leash)
        if postgres is not None:
            stack.callback(postgres.stop)
        url = postgres.cluster.url if postgres else f"sqlite:///{disk.folder}/chaos.db"
        made = make_engine(url)
        schema.migrate(made)
        unlock(made, OUTER)
        made.dispose()
        port, redis_port = free_port(), free_port()
        env = environment(
            line_url,
            port,
            DATABASE_URL=url,
            CELERY_BROKER_URL="" if plan.sqlite else f"redis://127.0.0.1:{redis_port}/0",
            LEASE_MS=str(int(plan.lease_s * 1000)),
        )
        clocks = [HostClock(folder, name) for name in ("here", "there")]
        here, there = (env | clock.environment() for clock in clocks)
        starts: dict[str, Start] = {"web": site(here, port, "lone" if plan.sqlite else "site")}
        if not plan.sqlite:
            work = (sys.executable, "-m", "tests.chaos.work")
            redis = ("redis-server", "--port", str(redis_port), "--save", "", "--dir", str(folder))
            starts |= {
                "redis": program(env, *redis),
                "worker 1": program(here, *work),
                "worker 2": program(there, *work),
                "jobs": program(here, *CELERY, *JOBS),
                "beat": program(there, *CELERY, "beat", "--loglevel", "ERROR"),
            }
        crew = Crew(starts, leash)
        stack.callback(crew.stop)
        used = clocks[:1] if plan.sqlite else clocks
        yield Scene(crew, disk, used, postgres, plan.lease_s, plan.long_s), url, port


_OPEN = (
    "SELECT count(*) FROM inbox WHERE status = 0",
    "SELECT count(*) FROM outbox WHERE status <= 1",
)
_NUDGES = ("SELECT count(*) FROM reminders",)
_UNSURE = ("SELECT count(*) FROM outbox WHERE status = 4",)


def _wait(engine: Engine, counts: tuple[str, ...]) -> float:
    """Until nothing of this is left, or for good; how long it took."""
    began = time.monotonic()
    while _count(engine, counts) and time.monotonic() - began < HEALS_S:
        time.sleep(0.2)
    return time.monotonic() - began


def _count(engine: Engine, counts: tuple[str, ...]) -> int:
    try:
        with reading(engine) as session:
            return sum(int(session.execute(text(one)).scalar_one()) for one in counts)
    except SQLAlchemyError:
        return -1


def _p99_ms(accepted: Accepted, began: float, ended: float) -> float:
    """From a message's last delivery to its answer, of those answered in this while by reply."""
    took = [
        (at - born) * 1000
        for at, way, mark, *_ in accepted
        if way == "reply" and began <= (born := int(mark.partition("-")[0]) / 1000) and at <= ended
    ]
    return statistics.quantiles(took, n=100)[98] if len(took) > 1 else float("inf")
