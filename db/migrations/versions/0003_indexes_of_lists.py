"""The indexes that order the lists carry what lists are filtered by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registrations_assigned_to"))
        batch_op.drop_index(batch_op.f("ix_registrations_created_at"))
        batch_op.create_index(
            "ix_registrations_due_first",
            [
                "due_on",
                "id",
                "status",
                "option",
                "occupation",
                "channel",
                "campaign",
                "age_band",
                "created_at",
                "province",
            ],
            unique=False,
            postgresql_where=sa.text("due_on IS NOT NULL"),
            sqlite_where=sa.text("due_on IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_registrations_due_there",
            [
                "province",
                "due_on",
                "id",
                "status",
                "option",
                "occupation",
                "channel",
                "campaign",
                "age_band",
                "created_at",
            ],
            unique=False,
            postgresql_where=sa.text("due_on IS NOT NULL"),
            sqlite_where=sa.text("due_on IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_registrations_lease_by",
            ["lease_by", "lease_until"],
            unique=False,
            postgresql_where=sa.text("lease_by IS NOT NULL"),
            sqlite_where=sa.text("lease_by IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_registrations_mine",
            [
                "assigned_to",
                "created_at",
                "id",
                "status",
                "option",
                "occupation",
                "channel",
                "campaign",
                "age_band",
            ],
            unique=False,
            postgresql_where=sa.text("assigned_to IS NOT NULL"),
            sqlite_where=sa.text("assigned_to IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_registrations_newest",
            [
                "created_at",
                "id",
                "status",
                "option",
                "occupation",
                "channel",
                "campaign",
                "age_band",
                "due_on",
                "province",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_registrations_newest_there",
            [
                "province",
                "created_at",
                "id",
                "status",
                "option",
                "occupation",
                "channel",
                "campaign",
                "age_band",
                "due_on",
            ],
            unique=False,
        )
