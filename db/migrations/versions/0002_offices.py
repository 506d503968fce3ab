"""People and leads may belong to one office of a province that has several."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("bulk_jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offices", sa.Text(), server_default="[]", nullable=False))

    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("office", sa.String(length=8), nullable=True))
        batch_op.create_index(
            "ix_registrations_office",
            ["office", "id"],
            unique=False,
            postgresql_where=sa.text("office IS NOT NULL"),
            sqlite_where=sa.text("office IS NOT NULL"),
        )

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("offices_json", sa.Text(), server_default="[]", nullable=False)
        )
