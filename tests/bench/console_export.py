"""The memory of a large export, in a process of its own."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask

import bot.staff
from bot.staff.spreadsheet import Export, batches, cells, csv_lines, xlsx_file
from db.crypto import OuterKey
from db.keyring import unlock
from db.lead_search import Filters, Scope
from db.session import make_engine


@dataclass(frozen=True)
class Taken:
    """What an export was like."""

    rows: int
    seconds: float
    size_mb: float
    extra_mib: float


def measure(kind: str, url: str, key: bytes, rows: int) -> Taken:
    """Take so many leads out, with their personal data."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_take, (kind, url, key, rows))


def _take(kind: str, url: str, key: bytes, rows: int) -> Taken:
    engine = unlock(make_engine(url), (OuterKey(key),))
    app = Flask("bench")
    config: Any = SimpleNamespace(
        secret_key="only for measuring: 0123456789", public_url="http://127.0.0.1", demo=False
    )
    bot.staff.register(app, engine, config)
    export = Export(Scope(None), Filters(), True, "bench", datetime.now(UTC))
    done = 0

    def table(most: int) -> Iterator[list[list[str]]]:
        nonlocal done
        done = 0
        for session, leads in batches(engine, export):
            done += len(leads)
            yield [cells(session, lead, export) for lead in leads]
            if done >= most:
                return

    with app.test_request_context():
        for _ in csv_lines(table(1_000), export):
            pass  # what every export needs, large or small, is there now
        before, began = _resident_mib("VmRSS"), time.monotonic()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forgets the highest mark
        if kind == "csv":
            size = sum(len(line.encode()) for line in csv_lines(table(rows), export))
        else:
            with xlsx_file(table(rows), export) as file:
                size = file.seek(0, 2)
    extra = _resident_mib("VmHWM") - before
    return Taken(done, time.monotonic() - began, size / 1e6, extra)


def _resident_mib(what: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    raise LookupError(what)
