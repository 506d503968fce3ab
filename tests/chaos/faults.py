"""What goes wrong: processes killed and paused, the database cut off and crashed, Redis lost, the
disk full, clocks that jump.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import psycopg

from tests.chaos.crew import Crew
from tests.chaos.surroundings import HostClock, Postgres, SmallDisk

JUMPS_S = (3600, -3600, 90, -90, 5)
WRONG_FOR_S = (1.0, 8.0)
"""How long a clock stays wrong until somebody puts it right."""
FULL_FOR_S = (1.0, 4.0)
Act = Callable[[random.Random], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to do to the site. often: how much more often than another."""

    often: float
    name: str
    act: Act


@dataclass(frozen=True, slots=True)
class Scene:
    """The site and what it stands on. clocks: one a host."""

    crew: Crew
    disk: SmallDisk
    clocks: Sequence[HostClock]
    postgres: Postgres | None
    lease_s: float
    long_s: float
    """The long pause: a machine that swaps, a debugger, a snapshot."""

    def heal(self) -> None:
        """Everything is as it should be from now on; what was lost stays lost."""
        for clock in self.clocks:
            clock.jump(0)
        if self.disk.can_be_full:
            self.disk.free()
        self.crew.wake_all()


OFTEN = {"web": 2.0, "worker": 4.0, "jobs": 0.7, "beat": 0.5, "redis": 0.7}
"""How often each kind of process is killed; pauses are rarer."""
LONG = "paused for long"


def faults(scene: Scene) -> list[Fault]:
    """All that can be done here."""
    found = []
    for name in scene.crew.names:
        kind = name.partition(" ")[0]
        often = OFTEN[kind]
        pause, long = scene.lease_s * 1.5, scene.long_s
        found += [
            Fault(often, f"{kind} killed", _kill(scene.crew, name)),
            Fault(often / 4, f"{kind} paused", _pause(scene.crew, name, pause)),
            Fault(often / 20, f"{kind} {LONG}", _pause(scene.crew, name, long)),
        ]
    found += [Fault(0.5, "clock jumped", partial(_jump, clock)) for clock in scene.clocks]
    if scene.disk.can_be_full:
        found.append(Fault(0.3, "disk full", partial(_fill, scene)))
    if scene.postgres is not None:
        postgres = scene.postgres
        found.append(Fault(4, "backend killed", partial(_kill_backend, postgres.cluster.url)))
        found.append(Fault(0.6, "database killed", lambda _: postgres.crash()))
    return found


class Mischief:
    """Does each of the faults once, then one by chance every so often, until told to stop.

    Between two of them `breath` messages are taken, however long that takes on a busy machine: a
    site that never comes up shows nothing.
    """

    def __init__(
        self, scene: Scene, pace_s: float, seed: int, taken: Callable[[], int], breath: int
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.did_all = False
        """Each was done once."""
        self._taken = taken
        self._breath = breath
        self._faults = faults(scene)
        self._pace_s = pace_s
        self._dice = random.Random(seed)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Enough."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        once = {fault.name: fault for fault in self._faults if not fault.name.endswith(LONG)}
        first = list(once.values())
        self._dice.shuffle(first)
        often = [fault.often for fault in self._faults]
        while not self._stopping.wait(self._dice.uniform(0.3, 1.7) * self._pace_s):
            self.did_all = not first
            fault = first.pop() if first else self._dice.choices(self._faults, often)[0]
            fault.act(self._dice)
            self.counts[fault.name] += 1
            enough = self._taken() + self._breath
            while self._taken() < enough and not self._stopping.wait(0.1):
                pass


def kills(counts: Counter[str] | dict[str, int]) -> int:
    """How many of the faults ended something by force."""
    return sum(number for name, number in counts.items() if name.endswith("killed"))


def _kill(crew: Crew, name: str) -> Act:
    return lambda _: crew.kill(name)


def _pause(crew: Crew, name: str, seconds: float) -> Act:
    return lambda _: crew.pause(name, seconds)


def _jump(clock: HostClock, dice: random.Random) -> None:
    clock.jump(dice.choice(JUMPS_S))
    right_again = threading.Timer(dice.uniform(*WRONG_FOR_S), clock.jump, (0,))
    right_again.daemon = True
    right_again.start()


def _fill(scene: Scene, dice: random.Random) -> None:
    """Not even a log can be written; PostgreSQL may well go down and not come back by itself."""
    scene.disk.fill()
    time.sleep(dice.uniform(*FULL_FOR_S))
    scene.disk.free()


def _kill_backend(url: str, dice: random.Random) -> None:
    """One connection is cut off by the server."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid()"
            ).fetchall()
            if found:
                connection.execute("SELECT pg_terminate_backend(%s)", dice.choice(found))
    except psycopg.Error:
        return
