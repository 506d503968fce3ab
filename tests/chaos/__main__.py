"""`make chaos`: minutes of kills and faults on PostgreSQL and SQLite; exit code 1 if anything
broke.
"""

import argparse
import sys
from dataclasses import asdict

import orjson

from tests.chaos.run import run


def main() -> int:
    """Run both, print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=400.0, help="events a second")
    parser.add_argument("--lease", type=float, default=5.0, help="seconds a lease lasts")
    parser.add_argument("--seed", type=int, default=40)
    parser.add_argument("--only", choices=("postgresql", "sqlite"))
    chosen = parser.parse_args()
    kinds = [chosen.only] if chosen.only else ["postgresql", "sqlite"]
    failed = False
    for kind in kinds:
        report = run(
            seconds=chosen.minutes * 60 / len(kinds),
            sqlite=kind == "sqlite",
            rate=chosen.rate,
            lease_s=chosen.lease,
            seed=chosen.seed,
        )
        print(kind, orjson.dumps(asdict(report), option=orjson.OPT_INDENT_2).decode(), flush=True)
        failed = failed or bool(report.broken)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
