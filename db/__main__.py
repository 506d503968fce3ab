"""`python -m db`: migrate, write a revision, rotate keys, verify the audit log, make demo leads."""

import argparse
import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from datetime import time as clock_time
from pathlib import Path

from sqlalchemy import Engine

from db import demo, schema
from db.audit import head, holds, verify
from db.audit_cut import KEPT, TooYoung, cut
from db.backup import BackupError, back_up, read_erasures, restore
from db.breach import touched
from db.crypto import BadKeys, OuterKey, Unreadable, outer_keys
from db.erasure import erasures
from db.grants import grant
from db.keyring import unlock
from db.month_sums import sum_months
from db.rotation import rotate_cells, rotate_outer_key
from db.session import make_engine, reading, transaction

DEFAULT_URL = "sqlite:///var/nong-sisip.db"
BAR = 30
"""How many signs wide the bar of progress is."""


def main() -> int:
    """Run one command; 0 when it worked."""
    arguments = _parser().parse_args()
    command = arguments.command
    if command == "revision":
        return _revision(arguments.initial, arguments.message)
    engine = make_engine(os.environ.get("DATABASE_URL") or DEFAULT_URL)
    if command == "migrate":
        Path("var").mkdir(exist_ok=True)
        schema.migrate(engine)
        print("The schema is current.")
        return 0
    if command == "verify-audit":
        return _verify_audit(engine, arguments.holds)
    if command == "cut-audit":
        return _cut_audit(engine, arguments.before)
    if command == "touched":
        return _touched(engine, arguments.email, arguments.since)
    if command == "grant":
        return _grant(engine, arguments.role)
    if command == "sum-months":
        return _sum_months(engine)
    if command in {"backup", "restore", "erasures"}:
        return _keep(command, engine, arguments)
    if command == "demo":
        return _demo(engine, arguments.leads)
    return _rotate(engine, cells=arguments.cells)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m db", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="bring the database to the newest schema")
    revision = commands.add_parser("revision", help="write a migration from the models")
    revision.add_argument("message", nargs="?", default="initial")
    revision.add_argument(
        "--initial", action="store_true", help="write 0001_initial anew (until the first release)"
    )
    backup = commands.add_parser("backup", help="write a backup while the bot runs")
    backup.add_argument("file", type=Path)
    restore = commands.add_parser("restore", help="replace the database by a backup")
    restore.add_argument("file", type=Path)
    restore.add_argument(
        "--erasures", type=Path, help="what `python -m db erasures` printed since the backup"
    )
    commands.add_parser("erasures", help="print who was erased, as keyed hashes, to keep apart")
    verifying = commands.add_parser("verify-audit", help="check the chain of the audit log")
    verifying.add_argument("--holds", help="NUMBER:HASH as an earlier check printed it")
    cutting = commands.add_parser("cut-audit", help="delete the audit log's rows before a day")
    cutting.add_argument("before", type=date.fromisoformat, help="a day, YYYY-MM-DD")
    touching = commands.add_parser("touched", help="list the leads that an account looked at")
    touching.add_argument("email", help="of the account")
    touching.add_argument("since", type=date.fromisoformat, help="a day, YYYY-MM-DD")
    granting = commands.add_parser("grant", help="give a PostgreSQL role what the bot needs")
    granting.add_argument("role")
    commands.add_parser("sum-months", help="sum the dashboard's months anew from their days")
    made_up = commands.add_parser("demo", help="add made-up leads to look at or measure with")
    made_up.add_argument("--leads", type=int, required=True, help="how many")
    rotate = commands.add_parser("rotate-keys", help="use the newest key of PII_ENCRYPTION_KEYS")
    rotate.add_argument("--cells", action="store_true", help="also a new data key for every cell")
    return parser


def _revision(initial: bool, message: str) -> int:
    if initial:
        for old in schema.MIGRATIONS.glob("versions/0001_*.py"):
            old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.db")
        schema.migrate(engine)
        schema.revise(engine, message)
    return 0


def _verify_audit(engine: Engine, noted: str | None) -> int:
    number, _, wanted = (noted or "").partition(":")
    with reading(engine) as session:
        rows, broken = verify(session)
        newest, last_hash = head(session)
        if number and not (number.isdigit() and holds(session, int(number), wanted)):
            print(f"Row {number} is not the one that was noted down.", file=sys.stderr)
            return 1
    if broken is not None:
        print(f"Row {broken} does not fit the chain; {rows} rows before it do.", file=sys.stderr)
        return 1
    print(f"All {rows} rows fit the chain. Note down elsewhere: {newest}:{last_hash}")
    return 0


def _cut_audit(engine: Engine, before: date) -> int:
    try:
        with transaction(engine) as session:
            midnight = datetime.combine(before, clock_time(), UTC)
            rows = cut(session, midnight, datetime.now(UTC))
    except TooYoung:
        print(f"The log is kept for {KEPT.days} days; choose an earlier day.", file=sys.stderr)
        return 1
    print(f"{rows} rows deleted; the chain holds from the next one on.")
    return 0


def _touched(engine: Engine, email: str, since: date) -> int:
    with reading(engine) as session:
        rows = touched(session, email, datetime.combine(since, clock_time(), UTC))
    for row in rows:
        print(row.reference, row.action, row.times, row.first_at, row.last_at, sep="\t")
    print(f"{len({row.reference for row in rows})} leads", file=sys.stderr)
    return 0


def _grant(engine: Engine, role: str) -> int:
    try:
        print(f"{role} may use {grant(engine, role)} tables.")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _sum_months(engine: Engine) -> int:
    with transaction(engine) as session:
        print(f"{sum_months(session):,} months of places summed.")
    return 0


def _demo(engine: Engine, number: int) -> int:
    outer = _keys()
    if outer is None:
        return 2
    began = time.monotonic()

    def show(done: int) -> None:
        part = done / number
        left = (time.monotonic() - began) * (1 - part) / part
        bar = "█" * int(part * BAR) + "░" * (BAR - int(part * BAR))
        print(f"\r{bar} {done:,} of {number:,} leads, {left:,.0f} s to go ", end="", flush=True)

    demo.make(unlock(engine, outer), number, datetime.now(UTC), progress=show)
    print(f"\n{number:,} leads in {time.monotonic() - began:,.0f} s, indexes and figures with them")
    return 0


def _keys() -> tuple[OuterKey, ...] | None:
    """The keys of the settings; None after saying what is wrong with them."""
    try:
        return outer_keys(os.environ.get("PII_ENCRYPTION_KEYS", ""))
    except BadKeys as error:
        print(f"PII_ENCRYPTION_KEYS: {error}", file=sys.stderr)
        return None


def _keep(command: str, engine: Engine, arguments: argparse.Namespace) -> int:
    url = engine.url.render_as_string(hide_password=False)
    try:
        if command == "backup":
            print(f"{back_up(url, arguments.file):,} bytes in {arguments.file}")
            return 0
        outer = outer_keys(os.environ.get("PII_ENCRYPTION_KEYS", ""))
        if command == "restore":
            known = read_erasures(arguments.erasures) if arguments.erasures else {}
            again = restore(url, arguments.file, outer, known)
            print(f"Restored; {again} people erased again.")
            return 0
        with reading(unlock(engine, outer)) as session:
            for owner, at in erasures(session).items():
                print(owner.hex(), at.isoformat())
    except (BackupError, BadKeys, Unreadable) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _rotate(engine: Engine, *, cells: bool) -> int:
    outer = _keys()
    if outer is None:
        return 2
    engine = unlock(engine, outer)
    print(f"{rotate_outer_key(engine, outer)} data keys now need only the newest key.")
    if cells:
        for table, column, rows in rotate_cells(engine, outer):
            print(f"{table}.{column}: {rows} cells sealed anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
