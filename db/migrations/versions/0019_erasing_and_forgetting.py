"""Erasing a lead, and forgetting who came by which code, find their rows by an index: in five
million leads an erasure took 20 to 100 seconds, looking twice for leads merged into the erased one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    for table, column in (("registrations", "merged_into"), ("people", "touched_at")):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_{table}_{column}", table, [column], postgresql_where=there, sqlite_where=there
        )
    op.create_index("ix_campaign_touches_at", "campaign_touches", ["at"])
