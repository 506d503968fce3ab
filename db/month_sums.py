"""The months of provinces and offices, summed anew from their days: for what processes of a version
before migration 0017 filed by day alone while it was replaced.
"""

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from db.rollups import BY, EVERYWHERE, MONTHLY, SUMMED
from db.session import is_postgresql

_PLACES = {"rollups": "province", "office_rollups": "province, office"}
_SUM = """INSERT INTO {table} (metric, split, day, {places}, value, n)
    SELECT metric, split || :monthly, {month}, {places}, value, sum(n) FROM {table}
    WHERE province NOT IN (:everywhere, :monthly) AND metric IN :metrics AND split IN :splits
    GROUP BY metric, split, {month}, {places}, value
    ON CONFLICT (metric, split, day, {places}, value) DO UPDATE SET n = excluded.n"""
_SPLITS = ("all", "hours", *(split for split in BY if split != "district"))
_LOCK = "LOCK TABLE rollups, office_rollups IN SHARE ROW EXCLUSIVE MODE"


def sum_months(session: Session) -> int:
    """Sum them; the number of rows. Who files a lead meanwhile waits (seconds, with millions)."""
    postgresql = is_postgresql(session)
    if postgresql:
        # What is filed between the sum and its writing would be lost. SQLite has one writer.
        session.execute(text(_LOCK))
    month = (
        "CAST(date_trunc('month', day) AS date)" if postgresql else "date(day, 'start of month')"
    )
    known = {"monthly": MONTHLY, "everywhere": EVERYWHERE, "metrics": SUMMED, "splits": _SPLITS}
    rows = 0
    for table, places in _PLACES.items():
        statement = text(_SUM.format(table=table, places=places, month=month)).bindparams(
            bindparam("metrics", expanding=True), bindparam("splits", expanding=True)
        )
        rows += session.execute(statement, known).rowcount  # type: ignore[attr-defined]
    return rows
