"""A minute of kills and faults: nothing lost, nothing twice, everything in order."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.chaos.run import Plan, run
from tests.path.running import wait_until

pytestmark = pytest.mark.chaos


@pytest.mark.parametrize(("kind", "kills"), [("postgresql", 5), ("sqlite", 1)])
def test_a_short_chaos_breaks_no_promise(kind: str, kills: int) -> None:
    is_sqlite = kind == "sqlite"
    plan = Plan(
        sqlite=is_sqlite,
        seconds=10 if is_sqlite else 20,
        rate=150,
        pace_s=1.5 if is_sqlite else 0.8,
        lease_s=3,
        calm_s=3,
        people=120,
        nudges=10,
        at_least=1000,
        breath=20,
    )
    report = run(plan)
    assert report.broken == []
    assert report.kills >= kills
    assert "clock jumped" in report.faults
    assert report.taken >= 1000


def test_nothing_stays_behind_a_run_that_is_killed(tmp_path: Path) -> None:
    """What was held goes with its holder, children that were forked since too."""
    note = tmp_path / "pids"
    child = f"sleep 600 & echo $$ $! > {note}.new && mv {note}.new {note}; wait"
    holder = (
        "import subprocess, sys, time; from tests.chaos.leash import Leash;"
        " one = subprocess.Popen(['sh', '-c', sys.argv[1]], start_new_session=True);"
        " Leash().hold(one.pid); time.sleep(600)"
    )
    running = subprocess.Popen([sys.executable, "-c", holder, child])  # noqa: S603
    assert wait_until(note.exists, 20)
    time.sleep(0.5)
    running.send_signal(signal.SIGKILL)
    running.wait()
    pids = [int(pid) for pid in note.read_text().split()]
    assert wait_until(lambda: not any(_alive(pid) for pid in pids), 20)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].startswith(" Z")
