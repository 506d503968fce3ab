"""The figures of provinces and offices are filed by month too: a year of twenty provinces.

The sum may be made again at any time: it replaces what is there.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PLACES = {"rollups": "province", "office_rollups": "province, office"}
SUM = """INSERT INTO {table} (metric, split, day, {places}, value, n)
    SELECT metric, split || '*m', {month}, {places}, value, sum(n) FROM {table}
    WHERE province NOT IN ('*', '*m') AND metric IN ('submitted', 'contacted', 'member', 'wait')
    AND split IN ('all', 'hours', 'option', 'channel', 'occupation', 'age_band', 'campaign')
    GROUP BY metric, split, {month}, {places}, value
    ON CONFLICT (metric, split, day, {places}, value) DO UPDATE SET n = excluded.n"""
MONTHS = {
    "postgresql": "CAST(date_trunc('month', day) AS date)",
    "sqlite": "date(day, 'start of month')",
}


def upgrade() -> None:
    """Bring the schema to this revision."""
    month = MONTHS[op.get_bind().dialect.name]
    for table, places in PLACES.items():
        op.execute(SUM.format(table=table, places=places, month=month))
