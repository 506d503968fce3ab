"""The figures of the whole country are filed by month too: a year of a thousand campaigns.

The sum may be made again at any time: it replaces what is there.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SUM = """INSERT INTO rollups (metric, split, day, province, value, n)
    SELECT metric, split, {month}, '*m', value, sum(n) FROM rollups WHERE province = '*'
    GROUP BY metric, split, {month}, value
    ON CONFLICT (metric, split, day, province, value) DO UPDATE SET n = excluded.n"""
MONTHS = {
    "postgresql": "CAST(date_trunc('month', day) AS date)",
    "sqlite": "date(day, 'start of month')",
}


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.execute(SUM.format(month=MONTHS[op.get_bind().dialect.name]))
