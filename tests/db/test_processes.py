"""What docs/operations.md tells a fresh person to do, done: web, two workers, jobs and beat, on
PostgreSQL and Redis, with the settings it lists and no others.

An answer comes, a job runs, Flower shows who works, Redis dies for good, everything stops in time.
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


def section() -> str:
    """The page's words on more machines."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    return page.partition("## More machines\n")[2].partition("\n## ")[0]


def blocks() -> list[list[str]]:
    """Its blocks of lines to be typed."""
    found: list[list[str]] = [[]]
    for line in section().splitlines():
        if line.startswith("    "):
            found[-1].append(line.strip())
        elif found[-1]:
            found.append([])
    return [block for block in found if block]


SETTINGS, COMMANDS, UNIT, FLOWER = blocks()


def argv(command: str) -> list[str]:
    """A command; `python` and `celery` are those of this environment."""
    program, *rest = shlex.split(command)
    module = ["-m", "celery"] if program == "celery" else []
    return [sys.executable, *module, *rest]


def settings(**given: str) -> dict[str, str]:
    """The environment of a fresh machine with the page's settings, and where LINE is played."""
    names = [line.partition("=")[0] for line in SETTINGS]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {name: given[name] for name in [*names, "LINE_API_BASE_URL"]}


@contextmanager
def started(commands: list[str], env: dict[str, str], folder: Path) -> Iterator[None]:
    """The processes, each in a group of its own."""
    running = {}
    for number, command in enumerate(commands):
        with (folder / f"{number}.log").open("wb") as log:
            running[f"{number} {command}"] = subprocess.Popen(  # noqa: S603 - our own page
                argv(command), env=env, cwd=folder, stderr=log, stdout=log, start_new_session=True
            )
    try:
        yield
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 30
        for name, process in running.items():
            if "celery" in name:
                # Without its broker Celery may stop only after minutes; what it did is in the
                # database, so it may be killed.
                continue
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


def workers_in_flower(port: int) -> list[str]:
    try:
        url = f"http://127.0.0.1:{port}/workers?json=1"
        answer = urllib3.request("GET", url, retries=False, timeout=2.0)
        return [one["hostname"] for one in orjson.loads(answer.data)["data"] if one["status"]]
    except (urllib3.exceptions.HTTPError, orjson.JSONDecodeError):
        return []


def test_the_page_and_the_procfile_name_the_same_commands() -> None:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    procfile = dict(line.split(": ", 1) for line in lines)
    assert set(COMMANDS) == set(procfile.values())
    unit = UNIT[0].partition("/bin/sh -c ")[2].strip("'").replace("exec ", "echo ")
    for name, command in procfile.items():
        line = unit.replace("%i", f"{name}-2").replace("%%", "%").replace("$$", "$")
        said = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", line], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert said.stdout.strip() == command


def test_what_the_page_says_works(postgres: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        line, line_url = stack.enter_context(line_played())
        url = stack.enter_context(fresh_database(postgres))
        port, redis_port, flower_port = free_port(), free_port(), free_port()
        redis = subprocess.Popen(  # noqa: S603
            ["redis-server", "--port", str(redis_port), "--save", ""],  # noqa: S607
            stdout=subprocess.DEVNULL,
        )
        stack.callback(redis.wait)
        stack.callback(redis.kill)
        broker = f"redis://127.0.0.1:{redis_port}/0"
        env = settings(**environment(line_url, port, DATABASE_URL=url, CELERY_BROKER_URL=broker))
        env["PYTHONPATH"] = str(ROOT)
        migrate, *commands = COMMANDS
        subprocess.run(argv(migrate), env=env, cwd=tmp_path, check=True)  # noqa: S603
        flower = FLOWER[0].replace("5555", str(flower_port))
        stack.enter_context(started([*commands, flower], env, tmp_path))
        assert wait_until(lambda: is_up(port), 40)

        assert post(port, 1, "สวัสดีค่ะ") == 200
        # Two workers, jobs, their clock and Flower start at once, on two busy cores.
        assert wait_until(lambda: len(line.accepted) == 1, 120), "no answer came"

        engine = unlock(make_engine(url), OUTER)
        stack.callback(engine.dispose)
        with transaction(engine) as session:
            remind(session, ANONG, "half_form", datetime.now(UTC) - timedelta(seconds=5), {})

        def reminded() -> bool:
            with reading(engine) as session:
                found = text("SELECT count(*) FROM inbox WHERE event_id LIKE 'reminder-%'")
                return bool(session.execute(found).scalar_one())

        assert wait_until(reminded, 60), "beat and jobs did not send the reminder"
        assert wait_until(lambda: len(workers_in_flower(flower_port)) == 1, 40)

        redis.kill()
        redis.wait()
        assert post(port, 2, "ทางเลือก 2 จ่ายเดือนละเท่าไหร่") == 200

        def answered() -> bool:
            return any(way == "reply" and mark.endswith("-2") for _, way, mark, *_ in line.accepted)

        assert wait_until(answered, 20), "answers must not need Redis"
