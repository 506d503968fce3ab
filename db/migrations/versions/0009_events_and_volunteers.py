"""The queue of an event, and the accounts of volunteers."""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "event_guests",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user", sa.String(length=64), nullable=True),
        sa.Column("at", db.types.UtcDateTime(), nullable=False),
        sa.Column("called_at", db.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["code"], ["campaigns.code"], name=op.f("fk_event_guests_code_campaigns")
        ),
        sa.PrimaryKeyConstraint("code", "number", name=op.f("pk_event_guests")),
        sa.UniqueConstraint("code", "user", name=op.f("uq_event_guests_code_user")),
    )
    with op.batch_alter_table("event_guests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_guests_user"), ["user"], unique=False)
    op.create_table(
        "volunteers",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=True),
        sa.Column("invitation", sa.LargeBinary(length=32), nullable=True),
        sa.Column("invited_until", db.types.UtcDateTime(), nullable=True),
        sa.Column("joined_at", db.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["code"], ["campaigns.code"], name=op.f("fk_volunteers_code_campaigns")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_volunteers")),
        sa.UniqueConstraint("invitation", name=op.f("uq_volunteers_invitation")),
    )
    with op.batch_alter_table("volunteers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_volunteers_user"), ["user"], unique=False)
