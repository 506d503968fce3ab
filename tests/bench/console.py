"""The console on many leads: server time of each page, its plans, memory of an export.

`make bench-console`, or `python -m tests.bench.console --leads 5000000`. Leads are made on a
throw-away PostgreSQL (--keep leaves it and says where; --at uses one that was kept), and a tenth of
them, at most 100,000, on SQLite. It fails if a plan of PostgreSQL reads a large table whole.
"""
# ruff: noqa: T201 - it prints its figures

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text

import bot.staff
from bot import interpreter
from bot.staff.demo import PROVINCES, logins
from db import demo, lead_search, schema
from db.crypto import OuterKey
from db.keyring import unlock
from db.lead_cells import cell
from db.lead_search import Scope
from db.lead_tables import Registration
from db.session import make_engine, reading, transaction
from db.staff import Staff, bind
from tests.bench import console_export, console_pairs
from tests.bench.console_plans import Questions
from tests.path.postgres import Cluster
from tests.web.conftest import token

SECRET_KEY = "only for measuring: 0123456789 abcdef"
KEY = bytes(range(32))
EXPORTED = 1_000_000
BAR_P95_MS, BAR_P99_MS = 50, 150
SCOPES = {
    "officer": Scope(PROVINCES),
    "supervisor": Scope(("กรุงเทพมหานคร",), ("BKK03",)),
    "admin": Scope(None),
}
"""Whose pages are measured: three provinces, an office of Bangkok, the country."""
NAMES = ("สมชาย", "คำแพง", "สมศรี ทอง", "รอกีเยาะ", "ทองมณี", "เพ็ญศรี แก้วงาม", "นงลักษณ์ จิต")
Ask = Callable[[], Any]


def main() -> int:
    """Make the leads, measure, print; 1 if a table is read whole."""
    asked = _arguments()
    good = True
    if asked.at.startswith("sqlite"):
        return 0 if _run("SQLite", asked.at, asked.leads, asked) else 1
    if "postgresql" in asked.on:
        with _server(asked.at, keep=asked.keep) as url:
            good = _run("PostgreSQL", url, asked.leads, asked)
    if "sqlite" in asked.on:
        with tempfile.TemporaryDirectory() as folder:
            few = min(asked.leads // 10, 100_000) or asked.leads
            _run("SQLite", f"sqlite:///{folder}/bench.db", few, asked)
    return 0 if good else 1


def _run(name: str, url: str, number: int, asked: argparse.Namespace) -> bool:
    engine = make_engine(url)
    schema.migrate(engine)
    engine = unlock(engine, (OuterKey(KEY),))
    app = Flask("bench")
    config: Any = SimpleNamespace(secret_key=SECRET_KEY, public_url="http://127.0.0.1", demo=True)
    bot.staff.register(app, engine, config)
    _fill(engine, name, number)
    _bind(engine)
    interpreter.settle()
    print(f"\n{name}, {_there(engine):,} leads, one request at a time")
    print(f"{'':42}{'asked':>7}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8} ms")
    questions = Questions(engine)
    for who, scope in SCOPES.items():
        for what, asks in _pages(app, engine, who, scope, asked.requests).items():
            with questions.of(f"{who}: {what}"):
                _measure(f"{who}: {what}", asks)
    good = engine.dialect.name != "postgresql" or _plans(questions)
    for kind in ("csv", "xlsx") if asked.export else ():
        taken = console_export.measure(kind, url, KEY, min(EXPORTED, number))
        print(
            f"export {kind}: {taken.rows:,} rows with personal data, {taken.seconds:.0f} s,"
            f" {taken.size_mb:.0f} MB, {taken.extra_mib:.0f} MiB extra memory"
        )
    engine.dispose()
    return good


def _fill(engine: Engine, name: str, number: int) -> None:
    there = _there(engine)
    if there >= number:
        return
    began = time.monotonic()
    demo.make(engine, number - there, datetime.now(UTC), seed=there, progress=_progress(number))
    took = time.monotonic() - began
    made = number - there
    print(f"\n{name}: {made:,} leads made in {took:,.0f} s, {made / took:,.0f} a second")
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as autovacuum would


def _bind(engine: Engine) -> None:
    """The demo's supervisor works for one office."""
    with transaction(engine) as session:
        who = Staff.email.startswith("supervisor@")
        scope = SCOPES["supervisor"]
        bind(session.scalars(select(Staff).where(who)).one(), scope.provinces or (), scope.offices)


def _pages(
    app: Flask, engine: Engine, who: str, scope: Scope, requests: int
) -> dict[str, Iterator[Ask]]:
    """The pages, each with the requests to make."""
    client = _signed_in(app, who)
    csrf = token(client, "/staff/leads/")
    chance = random.Random(1)
    with reading(engine) as session:
        some = session.scalars(lead_search.leads(scope).limit(5_000)).all()
        leads = chance.sample(list(some), min(200, len(some)))
        references = [lead.reference for lead in leads]
        phones = [cell(session, lead, "phone") for lead in leads]
        numbers = [said for lead in leads if (said := cell(session, lead, "id_number"))]
    pairs = list(console_pairs.every(engine, scope, chance))
    chance.shuffle(pairs)

    def searched(words: list[str] | tuple[str, ...]) -> Iterator[Ask]:
        for _ in range(requests):
            data = {"words": chance.choice(words), "csrf_token": csrf}
            yield partial(client.post, "/staff/leads/search", data=data)

    def opened(*paths: str) -> Iterator[Ask]:
        for _ in range(requests):
            yield partial(client.get, chance.choice(paths))

    return {
        "list, every two filters": (
            partial(client.get, "/staff/leads/", query_string=pair) for pair in pairs
        ),
        "list, as it opens": opened("/staff/leads/"),
        "list, tenth page": opened(_tenth(client)),
        "search by name": searched(NAMES),
        "search by phone": searched(phones),
        "search by ID number": searched(numbers),
        "search by reference": searched(references),
        "next lead": (
            partial(client.post, "/staff/next", data={"csrf_token": csrf}) for _ in range(requests)
        ),
        "lead page": opened(*(f"/staff/leads/{one}/" for one in references)),
        "dashboard, 30 days": opened("/staff/dashboard/"),
        "dashboard, a year": opened("/staff/dashboard/?days=365"),
        "target board": opened("/staff/board/"),
    }


def _tenth(client: FlaskClient) -> str:
    """The address of the tenth page of the list."""
    address = "/staff/leads/?sort=newest"
    for _ in range(9):
        told = client.get(address).text.partition('rel="next"')[0]
        address = told.rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    return address


def _signed_in(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    login = next(one for one in logins(SECRET_KEY) if one.email.startswith(f"{who}@"))
    data = {"email": login.email, "password": login.password}
    client.post("/staff/login", data=data | {"csrf_token": token(client, "/staff/login")})
    csrf = token(client, "/staff/tf-validate")
    answer = client.post("/staff/tf-validate", data={"code": login.code(), "csrf_token": csrf})
    if answer.status_code != 302:
        raise SystemExit("signing in failed: a code counts once, try again in half a minute")
    return client


def _measure(what: str, asks: Iterator[Ask]) -> None:
    took = []
    for ask in asks:
        began = time.perf_counter()
        answer = ask()
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code not in (200, 303):
            raise SystemExit(f"{what}: {answer.status_code}")
    cuts = statistics.quantiles(took, n=100)
    missed = "" if cuts[94] < BAR_P95_MS and cuts[98] < BAR_P99_MS else "  missed"
    print(
        f"{what:42}{len(took):7,}{statistics.median(took):8.1f}{cuts[94]:8.1f}{cuts[98]:8.1f}"
        f"{max(took):8.1f}{missed}",
        flush=True,
    )


def _plans(questions: Questions) -> bool:
    nodes, whole = questions.explained()
    print("\nplan nodes")
    for what, found in nodes.items():
        print(f"{what}: " + ", ".join(f"{node} {n}" for node, n in found.most_common()))
    print(f"large tables read whole: {len(whole)}")
    for one in whole[:10]:
        print(f"  {one}")
    return not whole


def _there(engine: Engine) -> int:
    with reading(engine) as session:
        last = select(Registration.id).order_by(Registration.id.desc()).limit(1)
        return int(session.scalar(last) or 0)


def _progress(number: int) -> Callable[[int], None]:
    def show(done: int) -> None:
        print(f"\r{done:,} of {number:,} ", end="", flush=True)

    return show


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--keep", action="store_true", help="leave the server running")
    parser.add_argument("--at", default=os.environ.get("BENCH_DATABASE_URL", ""))
    parser.add_argument("--on", nargs="*", default=["postgresql", "sqlite"])
    parser.add_argument("--no-export", dest="export", action="store_false")
    return parser.parse_args()


@contextmanager
def _server(at: str, *, keep: bool) -> Iterator[str]:
    """A server for the run, or the one that was kept. Set up for a disk without moving parts."""
    if at:
        yield at
        return
    cluster = Cluster(
        *("shared_buffers=2GB", "max_wal_size=8GB", "synchronous_commit=off", "work_mem=32MB"),
        "random_page_cost=1.1",
    )
    cluster.start()
    try:
        yield cluster.url
    finally:
        if keep:
            print(f"kept: --at {cluster.url}")
        else:
            cluster.stop("fast")
            cluster.remove()


if __name__ == "__main__":
    sys.exit(main())
