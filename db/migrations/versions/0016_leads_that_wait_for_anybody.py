"""The next lead comes from those that wait for anybody, or for the one who asks: passing over those
of others took an administrator of five million leads seconds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    waits = sa.text("assigned_to IS NULL AND due_on IS NOT NULL")
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        for name, columns in (
            ("ix_registrations_nobodys_due", ["status", "due_on", "id"]),
            ("ix_registrations_nobodys_due_there", ["province", "status", "due_on", "id"]),
        ):
            batch_op.create_index(
                name, columns, unique=False, postgresql_where=waits, sqlite_where=waits
            )
