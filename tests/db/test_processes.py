"""The Procfile's processes together, as docs/operations.md says: web, two workers, jobs and beat.

An answer comes, a job runs, Redis dies for good, everything stops in time.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
import urllib3
from sqlalchemy import text

from bot.line.signature import sign
from db.keyring import unlock
from db.reminders import remind
from db.session import make_engine, reading, transaction
from tests.bench.load import SECRET
from tests.bench.systems import environment
from tests.path.crew import OUTER
from tests.path.postgres import free_port, fresh_database
from tests.path.running import line_played, wait_until

pytestmark = pytest.mark.db

ROOT = Path(__file__).parents[2]
ANONG = "U" + "a" * 32


def procfile() -> dict[str, list[str]]:
    """The command of each process; `python` and `celery` are those of this environment."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    commands = {}
    for line in lines:
        name, _, command = line.partition(": ")
        program, *rest = shlex.split(command)
        module = ["-m", "celery"] if program == "celery" else []
        commands[name] = [sys.executable, *module, *rest]
    return commands


@contextmanager
def started(names: list[str], env: dict[str, str], folder: Path) -> Iterator[dict[str, int]]:
    """The processes, each in a group of its own."""
    commands, running = procfile(), {}
    for number, name in enumerate(names):
        log = (folder / f"{number}-{name}.log").open("wb")
        running[f"{number}-{name}"] = subprocess.Popen(  # noqa: S603 - our own Procfile
            commands[name], env=env, cwd=folder, stderr=log, stdout=log, start_new_session=True
        )
        log.close()
    try:
        yield {name: process.pid for name, process in running.items()}
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 30
        for name, process in running.items():
            assert process.wait(max(until - time.monotonic(), 0.1)) in {0, -signal.SIGTERM}, name
    finally:
        for process in running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def post(port: int, number: int, words: str) -> int:
    """One message of Anong."""
    now = int(time.time() * 1000)
    event = {
        "type": "message",
        "mode": "active",
        "webhookEventId": f"process-{number}",
        "timestamp": now,
        "source": {"type": "user", "userId": ANONG},
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"{now}-{number}",
        "message": {"type": "text", "id": "1", "text": words, "quoteToken": "q"},
    }
    body = orjson.dumps({"destination": "U", "events": [event]})
    headers = {"x-line-signature": sign(SECRET, body)}
    url = f"http://127.0.0.1:{port}/callback"
    return urllib3.request("POST", url, body=body, headers=headers, retries=False).status


def is_up(port: int) -> bool:
    try:
        url = f"http://127.0.0.1:{port}/readyz"
        return urllib3.request("GET", url, retries=False, timeout=1.0).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def test_what_the_procfile_says_works_together(postgres: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        line, line_url = stack.enter_context(line_played())
        url = stack.enter_context(fresh_database(postgres))
        port, redis_port = free_port(), free_port()
        redis = subprocess.Popen(  # noqa: S603
            ["redis-server", "--port", str(redis_port), "--save", ""],  # noqa: S607
            stdout=subprocess.DEVNULL,
        )
        stack.callback(redis.wait)
        stack.callback(redis.kill)
        broker = f"redis://127.0.0.1:{redis_port}/0"
        env = environment(line_url, port, DATABASE_URL=url, CELERY_BROKER_URL=broker)
        env["PYTHONPATH"] = str(ROOT)
        subprocess.run(procfile()["release"], env=env, cwd=tmp_path, check=True)  # noqa: S603
        names = ["web", "worker", "worker", "jobs", "beat"]
        stack.enter_context(started(names, env, tmp_path))
        assert wait_until(lambda: is_up(port), 40)

        assert post(port, 1, "สวัสดีค่ะ") == 200
        assert wait_until(lambda: len(line.accepted) == 1, 40), "no answer came"

        engine = unlock(make_engine(url), OUTER)
        stack.callback(engine.dispose)
        with transaction(engine) as session:
            remind(session, ANONG, "half_form", datetime.now(UTC) - timedelta(seconds=5), {})

        def reminded() -> bool:
            with reading(engine) as session:
                found = text("SELECT count(*) FROM inbox WHERE event_id LIKE 'reminder-%'")
                return bool(session.execute(found).scalar_one())

        assert wait_until(reminded, 60), "beat and jobs did not send the reminder"

        redis.kill()
        redis.wait()
        assert post(port, 2, "ทางเลือก 2 จ่ายเดือนละเท่าไหร่") == 200

        def answered() -> bool:
            return any(way == "reply" and mark.endswith("-2") for _, way, mark, *_ in line.accepted)

        assert wait_until(answered, 20), "answers must not need Redis"
