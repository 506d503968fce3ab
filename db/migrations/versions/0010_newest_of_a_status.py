"""What a status has lately, in order: what is closed lies days behind what has just come."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registrations_province_status"))
        batch_op.drop_index(batch_op.f("ix_registrations_status"))
        batch_op.create_index(
            "ix_registrations_status_newest",
            [
                "status",
                "created_at",
                "id",
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
            "ix_registrations_status_there",
            [
                "province",
                "status",
                "created_at",
                "id",
                "option",
                "occupation",
                "channel",
                "campaign",
                "age_band",
                "due_on",
            ],
            unique=False,
        )
