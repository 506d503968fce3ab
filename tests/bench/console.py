"""The console on many leads: server time of each page, plans, memory of an export.

`make bench-console`, or `python -m tests.bench.console --leads 5000000 --requests 300`. Leads are
made on a throw-away PostgreSQL (--keep leaves it and says where; --at uses one that was kept), and
a tenth of them, at most 100,000, on SQLite.
"""
# ruff: noqa: T201 - it prints its figures

import argparse
import os
import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, Select, select, text
from sqlalchemy.orm import Session

import bot.staff
from bot.staff.demo import PEOPLE, logins
from bot.staff.spreadsheet import Export, batches, cells, csv_lines
from db import demo, lead_search, schema
from db.crypto import OuterKey
from db.keyring import unlock
from db.lead_cells import cell
from db.lead_queue import _heads
from db.lead_search import Filters, Scope
from db.lead_tables import Registration
from db.rollups import thai_day
from db.session import make_engine, reading
from tests.path.postgres import Cluster
from tests.web.conftest import token

SECRET_KEY = "only for measuring: 0123456789 abcdef"
KEYS = (OuterKey(bytes(range(32))),)
EXPORTED = 1_000_000
FILTERS = (
    "status=new",
    "province=อุดรธานี&status=contacting",
    "option=3&occupation=rider",
    "occupation=fisher&age_band=55-65",
    "channel=helper&campaign=NAN-VHV",
    "province=ระนอง&occupation=rider",
    "status=unreachable&campaign=PTN-FISH",
    "overdue=1&province=ขอนแก่น",
    "waiting_days=30&status=new",
    "province=นครราชสีมา&district=ปากช่อง",
)
NAMES = ("สมชาย", "คำแพง", "สมศรี ทอง", "รอกีเยาะ", "ทองมณี", "เพ็ญศรี แก้วงาม")


@dataclass
class Bench:
    """A console on a database full of leads, and a browser that is signed in as an officer."""

    app: Flask
    engine: Engine
    client: FlaskClient
    csrf: str
    references: list[str]
    phones: list[str]


def main() -> None:
    """Make the leads, measure, print."""
    asked = _arguments()
    with Server(asked.at, keep=asked.keep) as url:
        _run("PostgreSQL", url, asked.leads, asked.requests)
    with tempfile.TemporaryDirectory() as folder:
        few = min(asked.leads // 10, 100_000) or asked.leads
        _run("SQLite", f"sqlite:///{folder}/bench.db", few, asked.requests)


def _run(name: str, url: str, number: int, requests: int) -> None:
    engine = make_engine(url)
    schema.migrate(engine)
    engine = unlock(engine, KEYS)
    there = _there(engine)
    began = time.monotonic()
    if there < number:
        show = _progress(number - there, began)
        demo.make(engine, number - there, datetime.now(UTC), seed=there, progress=show)
        _settle(engine)
        print(f"\n{name}: {number - there:,} leads made in {time.monotonic() - began:,.0f} s")
    bench = _bench(engine)
    print(f"\n{name}, {_there(engine):,} leads, {requests} requests each, one at a time")
    print(f"{'':34}{'p50':>9}{'p95':>9}{'p99':>9}{'cpu':>9} ms")
    for what, ask in _pages(bench).items():
        _measure(what, ask, requests)
    _export(engine, bench.app)
    if engine.dialect.name == "postgresql":
        _plans(engine)
    engine.dispose()


def _bench(engine: Engine) -> Bench:
    app = Flask("bench")
    config = SimpleNamespace(secret_key=SECRET_KEY, public_url="http://127.0.0.1", demo=True)
    bot.staff.register(app, engine, config)
    client = app.test_client()
    officer = next(one for one in logins(SECRET_KEY) if one.email == PEOPLE[1][0])
    csrf = token(client, "/staff/login")
    client.post(
        "/staff/login",
        data={"email": officer.email, "password": officer.password, "csrf_token": csrf},
    )
    csrf = token(client, "/staff/tf-validate")
    client.post("/staff/tf-validate", data={"code": officer.code(), "csrf_token": csrf})
    scope = Scope(PEOPLE[1][3])
    with reading(engine) as session:
        some = session.scalars(lead_search.leads(scope).limit(200)).all()
        references = [lead.reference for lead in some]
        phones = [cell(session, lead, "phone") for lead in some]
    return Bench(app, engine, client, token(client, "/staff/leads/"), references, phones)


def _pages(bench: Bench) -> dict[str, Callable[[], Any]]:
    chance = random.Random(1)
    scopes = (Scope(None), Scope(("อุดรธานี",)), Scope(PEOPLE[1][3]))

    def listed() -> None:
        bench.client.get(f"/staff/leads/?{chance.choice(FILTERS)}&sort=newest")

    def everywhere() -> None:
        asked = dict(part.split("=") for part in chance.choice(FILTERS).split("&"))
        filters = Filters(**{name: _typed(name, value) for name, value in asked.items()})
        with reading(bench.engine) as session:
            now = datetime.now(UTC)
            lead_search.page(session, scopes[0], filters, sort="newest", after="", now=now)
            lead_search.count(session, scopes[0], filters, now)

    def searched(words: tuple[str, ...] | list[str]) -> Callable[[], None]:
        def ask() -> None:
            data = {"words": chance.choice(words), "csrf_token": bench.csrf}
            bench.client.post("/staff/leads/search", data=data)

        return ask

    return {
        "list, two filters, my provinces": listed,
        "list, two filters, all (query)": everywhere,
        "list, due first": lambda: bench.client.get("/staff/leads/"),
        "search by name": searched(NAMES),
        "search by phone": searched(bench.phones),
        "next lead": lambda: bench.client.post("/staff/next", data={"csrf_token": bench.csrf}),
        "lead page": lambda: bench.client.get(f"/staff/leads/{chance.choice(bench.references)}/"),
        "dashboard": lambda: bench.client.get("/staff/dashboard/"),
    }


def _typed(name: str, value: str) -> Any:
    if name == "waiting_days":
        return int(value)
    return value == "1" if name == "overdue" else value


def _measure(what: str, ask: Callable[[], Any], requests: int) -> None:
    for _ in range(5):
        ask()
    took, cpu = [], time.process_time()
    for _ in range(requests):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    cpu = (time.process_time() - cpu) * 1000 / requests
    cuts = statistics.quantiles(took, n=100)
    print(f"{what:34}{statistics.median(took):9.1f}{cuts[94]:9.1f}{cuts[98]:9.1f}{cpu:9.1f}")


def _export(engine: Engine, app: Flask) -> None:
    """As many rows as an export may have, counted only; what it needs in memory at most."""
    export = Export(Scope(None), Filters(), True, "bench", datetime.now(UTC))
    number = size = 0

    def table() -> Iterator[list[list[str]]]:
        nonlocal number
        for session, leads in batches(engine, export):
            number += len(leads)
            yield [cells(session, lead, export) for lead in leads]
            if number >= EXPORTED:
                return

    with app.test_request_context():
        tracemalloc.start()
        before, began = _resident_mib(), time.monotonic()
        for line in csv_lines(table(), export):
            size += len(line)
        took = time.monotonic() - began
        _, top = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    grown = _resident_mib() - before
    print(
        f"export of {number:,} rows: {took:.0f} s (traced), {size / 1e6:.0f} MB,"
        f" Python objects at most {top / 2**20:.0f} MiB, process +{grown:.0f} MiB"
    )


def _plans(engine: Engine) -> None:
    """Say which of the queries read a whole table."""
    now = datetime.now(UTC)
    scope = Scope(PEOPLE[1][3])
    queries: dict[str, Select[Any]] = {
        f"list {told}": lead_search.matching(
            scope,
            Filters(**{n: _typed(n, v) for n, v in (p.split("=") for p in told.split("&"))}),
            thai_day(now),
            now,
        )
        .order_by(Registration.id.desc())
        .limit(50)
        for told in FILTERS
    }
    queries |= {f"queue {n}": head for n, head in enumerate(_heads(scope, 1, now))}
    whole = []
    with Session(engine) as session:
        for name, query in queries.items():
            bound = query.compile(engine, compile_kwargs={"literal_binds": True})
            plan = "\n".join(session.scalars(text(f"EXPLAIN {bound}".replace(":", r"\:"))))
            if "Seq Scan on registrations" in plan:
                whole.append(name)
    print(f"{len(queries)} plans read; whole table in: {', '.join(whole) or 'none'}")


def _settle(engine: Engine) -> None:
    """Statistics and the visibility map, as autovacuum would bring them."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _there(engine: Engine) -> int:
    with reading(engine) as session:
        last = select(Registration.id).order_by(Registration.id.desc()).limit(1)
        return int(session.scalar(last) or 0)


def _progress(number: int, began: float) -> Callable[[int], None]:
    def show(done: int) -> None:
        left = (number - done) * (time.monotonic() - began) / done
        print(f"\r{done:,} of {number:,}, {left:,.0f} s to go ", end="", flush=True)

    return show


def _resident_mib() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--keep", action="store_true", help="leave the server running")
    parser.add_argument("--at", default=os.environ.get("BENCH_DATABASE_URL", ""))
    return parser.parse_args()


class Server:
    """A server for the run, or the one that was kept."""

    def __init__(self, at: str, *, keep: bool) -> None:
        self._at, self._keep = at, keep
        self._cluster: Cluster | None = None

    def __enter__(self) -> str:
        if self._at:
            return self._at
        self._cluster = Cluster(
            "shared_buffers=1GB", "max_wal_size=8GB", "synchronous_commit=off", "work_mem=32MB"
        )
        self._cluster.start()
        return self._cluster.url

    def __exit__(self, *_error: object) -> None:
        if self._cluster is None:
            return
        if self._keep:
            print(f"kept: --at {self._cluster.url}")
            return
        self._cluster.stop("fast")
        self._cluster.remove()


if __name__ == "__main__":
    main()
