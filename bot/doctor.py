"""`python -m bot doctor`: checks what an operator would check, and says what to do about it."""

import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import urllib3
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from urllib3.exceptions import HTTPError

from bot.clock import now_ms
from bot.config import VAR, BadConfig, Config, read_config
from bot.jobs import JOBS
from bot.line.client import LineClient
from bot.line.errors import LineError
from db import inbox, job_runs, outbox, schema, talks
from db.crypto import Unreadable
from db.keyring import unlock
from db.session import keys, make_engine, reading
from nlp.artefact import ModelError
from nlp.engine import engine as language

JOB_MISSED = timedelta(hours=26)
FREE_BYTES = 500 * 1024 * 1024
CLOCK_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: fine or not, what was seen, and what to do."""

    fine: bool
    what: str
    advice: str = ""


def report(config: Config) -> int:
    """Print every finding; 1 if anything is wrong."""
    findings = list(examine(config))
    for one in findings:
        sys.stdout.write(f"{'ok  ' if one.fine else 'BAD '} {one.what}\n")
        if not one.fine:
            sys.stdout.write(f"     → {one.advice}\n")
    bad = sum(not one.fine for one in findings)
    sys.stdout.write(f"\n{len(findings)} checks, {bad} to look at.\n")
    return 1 if bad else 0


def examine(config: Config) -> Iterator[Finding]:
    """Every check."""
    yield Finding(True, "settings are complete" + (" (demo mode)" if config.demo else ""))
    yield from _disk(config)
    yield from _secrets_file()
    yield from _database(config)
    yield _model()
    yield from _line(config)
    yield _clock(config)


def _disk(config: Config) -> Iterator[Finding]:
    free = shutil.disk_usage(VAR if VAR.exists() else Path()).free
    yield Finding(
        free > FREE_BYTES,
        f"{free // 1024**2:,} MiB free on the disk",
        "free some space: a full disk means that webhooks are refused",
    )
    if config.database_url.startswith("sqlite:///"):
        folder = Path(config.database_url.removeprefix("sqlite:///")).parent
        yield Finding(
            os.access(folder, os.W_OK),
            f"the database's folder {folder} can be written",
            "give this user the right to write there",
        )


def _secrets_file() -> Iterator[Finding]:
    path = VAR / "demo-secrets.json"
    if path.exists():
        mode = stat.S_IMODE(path.stat().st_mode)
        yield Finding(mode & 0o077 == 0, f"{path} is private", f"chmod 600 {path}")


def _database(config: Config) -> Iterator[Finding]:
    engine = make_engine(config.database_url)
    kind = engine.dialect.name
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        yield Finding(True, f"the {kind} database answers")
        current = schema.is_current(engine)
        yield Finding(current, "the schema is current", "run: python -m db migrate")
        if current:
            yield from _contents(engine, config)
    except SQLAlchemyError as error:
        yield Finding(
            False,
            f"the {kind} database does not answer ({type(error).__name__})",
            "check DATABASE_URL, and that the server runs and lets this user in",
        )
    finally:
        engine.dispose()


def _contents(engine: Engine, config: Config) -> Iterator[Finding]:
    try:
        unlocked = unlock(engine, config.outer_keys)
    except Unreadable as error:
        yield Finding(False, str(error), "put the key that made this database back into the list")
        return
    with reading(unlocked) as session:
        ring = keys(session)
        yield Finding(True, f"{len(ring.cell_keys)} data keys open")
        oldest = talks.oldest_ready_ms(session)
        waits_s = 0 if oldest is None else max(now_ms() - oldest, 0) // 1000
        yield Finding(
            waits_s < 60,
            f"{inbox.backlog(session):,} events wait, the oldest talk for {waits_s:,} s",
            "is a worker running? start one: python -m bot worker",
        )
        yield Finding(True, f"{outbox.unsent(session):,} calls to LINE are open")
        runs = job_runs.last_runs(session)
    for job in JOBS:
        late = job.name in runs and datetime.now(UTC) - runs[job.name] > job.every + JOB_MISSED
        yield Finding(
            not late,
            f"job {job.name}: last {runs.get(job.name, 'never')}",
            "start the jobs: python -m bot serve, or Celery's worker and beat",
        )


def _model() -> Finding:
    try:
        began = time.perf_counter()
        understood = language().understand("สวัสดีค่ะ")
    except ModelError as error:
        return Finding(False, f"the model can't be read: {error}", "run: python -m nlp.train")
    took = time.perf_counter() - began
    return Finding(True, f"the model understands «สวัสดีค่ะ» as {understood.intent} ({took:.1f} s)")


def _line(config: Config) -> Iterator[Finding]:
    line = LineClient(config.access_token, config.line_api_url, config.line_data_api_url)
    checks: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("LINE knows this account", line.bot_info, "check LINE_CHANNEL_ACCESS_TOKEN"),
        ("LINE has a webhook address", line.webhook_endpoint, "set it in LINE's console"),
        ("LINE tells the quota", line.quota, "check the plan of the account"),
    )
    for what, ask, advice in checks:
        try:
            yield Finding(True, f"{what}: {ask()}")
        except LineError as error:
            where = " (the simulator answers only while the bot runs)" if config.demo else ""
            yield Finding(config.demo, f"{what}: no, {error}{where}", advice)


def _clock(config: Config) -> Finding:
    advice = "set the clock (NTP): reply tokens and TOTP codes live by it"
    try:
        answer = urllib3.request("HEAD", config.line_api_url, timeout=5.0, retries=False)
        there = parsedate_to_datetime(answer.headers["Date"])
    except (HTTPError, KeyError, ValueError):
        return Finding(True, "the clock was not compared: LINE's server gave no date")
    skew = (datetime.now(UTC) - there).total_seconds()
    return Finding(abs(skew) < CLOCK_S, f"the clock differs from LINE's by {skew:.1f} s", advice)


if __name__ == "__main__":
    try:
        sys.exit(report(read_config()))
    except BadConfig as error:
        sys.exit(str(error))
