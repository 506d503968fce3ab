"""Outreach at its size: a broadcast to a million that is killed three times, a year of the board.

`python -m tests.bench.outreach broadcast --people 1000000`, `python -m tests.bench.outreach board`.
On a throw-away PostgreSQL. LINE is a small server on loopback that answers after 50 ms and knows
retry keys; it counts who was sent to how often.
"""
# ruff: noqa: T201 - it prints its figures

import argparse
import json
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from bot.line.client import LineClient
from bot.outreach import mailing
from bot.outreach.board import board
from bot.outreach.places import tree
from db import broadcasts, campaigns, schema, tallies, targets
from db.broadcast_tables import DONE, Broadcast
from db.campaigns import Campaign
from db.keyring import unlock
from db.lead_tables import MEMBER, NEW, Registration
from db.rollups import flow, thai_day
from db.session import keys, make_engine, reading, transaction
from db.staff import Role
from db.tallies import Tally, place_key
from tests.accounts import account
from tests.path.crew import OUTER
from tests.path.postgres import Cluster, fresh_database

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
LATENCY_S = 0.05
ROWS = 10_000
FILED = 4_000
"""Registrations of the simulated year in one transaction."""


class Loopback(ThreadingHTTPServer):
    """LINE: takes a retry key once, answers 409 to the same again."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: dict[str, tuple[str, ...]] = {}
        self.seen: Counter[str] = Counter()
        self.again = 0
        self.changed = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        answers: dict[str, dict[str, Any]] = {
            "/v2/bot/info": {
                "userId": "U" + "0" * 32,
                "basicId": "@bench",
                "displayName": "x",
                "chatMode": "bot",
                "markAsReadMode": "auto",
            },
            "/v2/bot/message/quota": {"type": "none"},
            "/v2/bot/message/quota/consumption": {"totalUsage": 0},
        }
        self._answer(200, answers[self.path])

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        users = tuple(json.loads(raw)["to"])
        key = self.headers["x-line-retry-key"]
        time.sleep(LATENCY_S)
        server = self.server
        assert isinstance(server, Loopback)
        with server.lock:
            if key in server.taken:
                server.again += 1
                server.changed += server.taken[key] != users
                status = 409
            else:
                server.taken[key] = users
                server.seen.update(users)
                status = 200
        self._answer(status, {})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def database() -> Iterator[tuple[str, Engine]]:
    """An empty database on a server of its own."""
    cluster = Cluster("max_connections=40", "shared_buffers=256MB")
    cluster.start()
    try:
        with fresh_database(cluster.url) as url:
            engine = make_engine(url)
            schema.migrate(engine)
            yield url, unlock(engine, OUTER)
            engine.dispose()
    finally:
        cluster.stop()
        cluster.remove()


def leads(engine: Engine, count: int) -> None:
    """So many people with a lead each, and one in ten with a second one."""
    numbers = [*range(count), *range(0, count, 10)]
    for start in range(0, len(numbers), ROWS):
        with transaction(engine, durable=False) as session:
            ring = keys(session)
            rows = [
                _lead(ring, n, start + at) for at, n in enumerate(numbers[start : start + ROWS])
            ]
            session.execute(sa.insert(Registration), rows)


def _lead(ring: Any, person: int, number: int) -> dict[str, Any]:
    user, reference = f"U{person:032x}", f"B{number:08d}"
    return {
        "reference": reference,
        "owner": ring.blind_index("registrations.owner", user)[:16],
        "owner_id": ring.seal(user, table="registrations", column="owner_id", row=reference),
        "person_key": number.to_bytes(16),
        "status": NEW,
        "status_since": NOON,
        "created_at": NOON,
        "province": "อุดรธานี",
        "district": "เมืองอุดรธานี",
        "tambon": "หมากแข้ง",
        "occupation": "farmer",
        "age_band": "35-44",
        "channel": "chat",
    }


def run_sender(url: str, line_url: str) -> None:
    """The process that is killed: sends until the broadcast is done."""
    engine = unlock(make_engine(url), OUTER)
    sender = mailing.Mailing(engine, LineClient("t", line_url), 100_000_000)
    mailing.LOUD_FROM, mailing.LOUD_TO = 0, 24  # nobody sleeps in a measurement
    while True:
        sender.look()
        with reading(engine) as session:
            if session.scalars(sa.select(Broadcast.state)).one() == DONE:
                break
        time.sleep(0.5)
    sender.close()


def broadcast(people: int, kills: int) -> None:
    """Send to `people`, killing the sender `kills` times on the way."""
    with database() as (url, engine):
        began = time.perf_counter()
        leads(engine, people)
        print(f"{people:,} people made in {time.perf_counter() - began:.0f} s")
        _approved(engine)
        line = Loopback()
        threading.Thread(target=line.serve_forever, daemon=True).start()
        began = time.perf_counter()
        _send_and_kill(url, line, people, kills)
        passed = time.perf_counter() - began
        once = sum(times == 1 for times in line.seen.values())
        wrong = sum(times for times in line.seen.values()) - once
        print(f"sent in {passed:.0f} s with {kills} kills: {once:,} people once, {wrong} wrong")
        print(f"{len(line.taken):,} batches, {line.again} repeated, {line.changed} of them changed")
        line.shutdown()
        if once != people or wrong or line.changed:
            sys.exit("somebody got it not exactly once")


def _send_and_kill(url: str, line: Loopback, people: int, kills: int) -> None:
    command = [sys.executable, "-m", "tests.bench.outreach", "sender", url, line.url]
    for kill in range(1, kills + 1):
        process = subprocess.Popen(command)  # noqa: S603 - our own module
        while len(line.seen) < people * kill / (kills + 1) and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        print(f"killed after {len(line.seen):,} people")
    subprocess.run(command, check=True)  # noqa: S603 - our own module


def _approved(engine: Engine) -> None:
    with transaction(engine) as session:
        for name in ("one", "two"):
            account(session, name, Role.ADMIN, now=NOON)
        number = broadcasts.draft(session, "ข่าวทดสอบ", {}, 1, NOON).id
    with transaction(engine) as session:
        broadcasts.approve(session, number, 2, NOON)


def year(engine: Engine, codes: int, registrations: int) -> list[tuple[str, str, str]]:
    """Targets for every tambon, codes, and a year of registrations through the roll-ups' keys."""
    chance = random.Random(40)
    places = [(p, d, t) for p, ds in tree().items() for d, ts in ds.items() for t in ts]
    due = date(2027, 9, 30)
    with transaction(engine) as session:
        share = 5_000_000 // len(places)
        targets.load(session, [targets.Wanted(place_key(*p), share, due) for p in places])
    known = []
    for _ in range(0, codes, 1000):
        with transaction(engine, durable=False) as session:
            for _ in range(1000):
                where = chance.choice(places)
                made = campaigns.create(
                    session,
                    kind="village",
                    name="บ้าน",
                    province=where[0],
                    district=where[1],
                    tambon=where[2],
                    starts_on=date(2026, 1, 1),
                    now=NOON,
                )
                known.append((made.code, where))
    for _ in range(0, registrations, FILED):
        with transaction(engine, durable=False) as session:
            changes: Counter[Any] = Counter()
            came: Counter[tallies.Change] = Counter()
            for _ in range(FILED):
                code, where = chance.choice(known)
                at = NOON - timedelta(days=chance.randrange(365))
                lead = Registration(
                    province=where[0], district=where[1], tambon=where[2], campaign=code
                )
                changes.update(dict(flow("submitted", lead, at)))
                if chance.random() < 0.4:
                    changes.update(dict(flow(MEMBER, lead, at)))
                for key in (code, *tallies.chain(place_key(*where))):
                    came[("reached", key, thai_day(at))] += 1
            tallies.add(session, came)
            tallies.add_leads(session, changes)
    return places


def boards(codes: int, registrations: int) -> None:
    """The board's time on a simulated year, and its sums against a recount."""
    with database() as (_url, engine):
        began = time.perf_counter()
        places = year(engine, codes, registrations)
        print(f"{registrations:,} registrations of {codes:,} codes in {len(places):,} tambons")
        print(f"  filed in {time.perf_counter() - began:.0f} s")
        with reading(engine) as session:
            session.execute(sa.text("ANALYZE"))
        chance = random.Random(1)
        print(f"  board pages over {len(places):,} tambons:", flush=True)
        for level in range(4):
            times = []
            for _ in range(200):
                key = place_key(*chance.choice(places)[:level]) if level else ""
                with reading(engine) as session:
                    start = time.perf_counter()
                    board(session, key, date(2026, 11, 25))
                    times.append((time.perf_counter() - start) * 1000)
            name = ("country", "province", "district", "tambon")[level]
            p95 = statistics.quantiles(times, n=20)[18]
            print(f"  {name}: median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms")
        _recount(engine, registrations)


def _recount(engine: Engine, registrations: int) -> None:
    """Provinces, tambons and codes must each sum to what was filed."""
    levels = (
        ("provinces", Tally.parent == "", Tally.kind == tallies.PLACE),
        ("tambons", Tally.key.like("%|%|%"), Tally.kind == tallies.PLACE),
        ("codes", Tally.kind == tallies.CODE, sa.true()),
    )
    with reading(engine) as session:
        for name, *wanted in levels:
            total = session.scalar(sa.select(sa.func.sum(Tally.submitted)).where(*wanted))
            print(f"  {name} sum to {total:,}")
            if total != registrations:
                sys.exit(f"{name} do not sum to {registrations:,}")
        shown = session.scalar(sa.select(sa.func.count()).select_from(Campaign))
        print(f"  {shown:,} codes")


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    one = parts.add_parser("broadcast")
    one.add_argument("--people", type=int, default=1_000_000)
    one.add_argument("--kills", type=int, default=3)
    two = parts.add_parser("board")
    two.add_argument("--codes", type=int, default=20_000)
    two.add_argument("--registrations", type=int, default=200_000)
    sender = parts.add_parser("sender")
    sender.add_argument("url")
    sender.add_argument("line")
    given = parser.parse_args()
    if given.part == "sender":
        run_sender(given.url, given.line)
    elif given.part == "broadcast":
        broadcast(given.people, given.kills)
    else:
        boards(given.codes, given.registrations)


if __name__ == "__main__":
    main()
