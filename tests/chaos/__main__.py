"""`make chaos`: minutes of kills and faults on PostgreSQL and SQLite; exit code 1 if anything
broke.
"""

import argparse
import sys
from dataclasses import asdict

import orjson

from tests.chaos.run import Plan, run


def main() -> int:
    """Run both, print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=400.0, help="events a second")
    parser.add_argument("--pace", type=float, default=2.0, help="seconds between faults")
    parser.add_argument("--lease", type=float, default=5.0, help="seconds a lease lasts")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=40)
    parser.add_argument("--only", choices=("postgresql", "sqlite"))
    chosen = parser.parse_args()
    kinds = [chosen.only] if chosen.only else ["postgresql", "sqlite"]
    failed = False
    for kind in kinds:
        is_sqlite = kind == "sqlite"
        report = run(
            Plan(
                sqlite=is_sqlite,
                seconds=chosen.minutes * 60 / len(kinds),
                rate=chosen.rate,
                # A lone process needs seconds to come back: killed more often it would never be up.
                pace_s=chosen.pace * (2.5 if is_sqlite else 1),
                lease_s=chosen.lease,
                people=chosen.people,
                seed=chosen.seed,
            )
        )
        print(kind, orjson.dumps(asdict(report), option=orjson.OPT_INDENT_2).decode(), flush=True)
        failed = failed or bool(report.broken)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
