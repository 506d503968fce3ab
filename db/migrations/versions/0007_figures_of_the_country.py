"""What is drawn of the whole country is filed as such: a year of it by province is a million rows.

The sum may be made again at any time: it replaces what is there.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SUM = """INSERT INTO rollups (metric, split, day, province, value, n)
    SELECT metric, split, day, '*', value, sum(n) FROM rollups
    WHERE metric IN ('submitted', 'contacted', 'member', 'wait')
        AND split NOT IN ('district', 'place') AND province <> '*'
    GROUP BY metric, split, day, value
    ON CONFLICT (metric, split, day, province, value) DO UPDATE SET n = excluded.n"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("rollups", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rollups_there",
            ["metric", "split", "province", "day", "value"],
            unique=False,
            postgresql_include=["n"],
        )
    op.execute(SUM)
