"""`python -m bot doctor`: checks what an operator would check, and says what to do about it."""

import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import urllib3
from celery import Celery
from kombu.exceptions import KombuError
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from urllib3.exceptions import HTTPError

from bot.clock import now_ms
from bot.config import VAR, Config, config_or_end
from bot.jobs import BROKER_IS_GONE, JOBS
from bot.line.client import LineClient
from bot.line.errors import LineError
from db import inbox, job_runs, outbox, schema, talks
from db.crypto import Unreadable
from db.keyring import unlock
from db.session import keys, make_engine, reading
from nlp.artefact import ModelError
from nlp.engine import engine as language

JOB_MISSED = timedelta(hours=26)
CLOCK_STANDS = 2 * BROKER_IS_GONE
"""Some job is due every few seconds, and workers step in when the broker is gone."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
TLS_MODES = frozenset({"require", "verify-ca", "verify-full"})
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
    yield from broker(config.broker_url)
    yield from encrypted(config.database_url, config.broker_url)
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
    yield clock_of_jobs(runs, datetime.now(UTC))
    for job in JOBS:
        late = job.name in runs and datetime.now(UTC) - runs[job.name] > job.every + JOB_MISSED
        yield Finding(
            not late,
            f"job {job.name}: last {runs.get(job.name, 'never')}",
            "start the jobs: python -m bot serve, or Celery's worker and beat",
        )


def clock_of_jobs(runs: Mapping[str, datetime], now: datetime) -> Finding:
    """Whether anybody calls the jobs at all. A last run in the future is a clock that jumped."""
    last = max(runs.values(), default=None)
    return Finding(
        last is not None and now - last < CLOCK_STANDS,
        f"the clock of the jobs: last {last or 'never'}",
        "start the jobs: python -m bot serve, or with a broker also Celery's worker and beat",
    )


def broker(url: str) -> Iterator[Finding]:
    """Whether the broker lets us in. Only the kind of an error is told: no password."""
    if not url:
        return
    kind = url.partition(":")[0]
    waits = {"socket_timeout": 5, "socket_connect_timeout": 5} if "redis" in kind else {}
    connection = Celery(broker=url).connection_for_write(connect_timeout=5, transport_options=waits)
    try:
        connection.ensure_connection(max_retries=1, timeout=5)
        yield Finding(True, f"the {kind} broker answers")
    except (KombuError, OSError, *connection.connection_errors) as error:
        yield Finding(
            False,
            f"the {kind} broker does not answer ({type(error).__name__})",
            "check CELERY_BROKER_URL, and that the server runs; meanwhile the workers run the jobs",
        )
    finally:
        connection.release()


def encrypted(database_url: str, broker_url: str) -> Iterator[Finding]:
    """Whether what leaves this machine for the servers does so encrypted."""
    database = make_url(database_url)
    host = database.host or str(database.query.get("host", ""))
    if database.get_backend_name() != "sqlite" and _elsewhere(host):
        mode = database.query.get("sslmode", os.environ.get("PGSSLMODE"))
        advice = "names and numbers cross the network: add ?sslmode=verify-full to DATABASE_URL"
        yield Finding(mode in TLS_MODES, "the way to PostgreSQL is encrypted", advice)
    if broker_url and _elsewhere(urlsplit(broker_url).hostname or ""):
        scheme = urlsplit(broker_url).scheme
        advice = "its password crosses the network: use rediss:// or amqps:// in CELERY_BROKER_URL"
        yield Finding(scheme in {"rediss", "amqps"}, "the way to the broker is encrypted", advice)


def _elsewhere(host: str) -> bool:
    """A path is a socket of this machine."""
    return bool(host) and host not in LOOPBACK and not host.startswith("/")


def _model() -> Finding:
    try:
        began = time.perf_counter()
        understood = language().understand("สวัสดีค่ะ")
    except ModelError as error:
        return Finding(False, f"the model can't be read: {error}", "run: python -m nlp.train")
    took = time.perf_counter() - began
    return Finding(True, f"the model understands «สวัสดีค่ะ» as {understood.intent} ({took:.1f} s)")


def _line(config: Config) -> Iterator[Finding]:
    line = LineClient(config.access_token, config.line_api_url)
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
    sys.exit(report(config_or_end()))
