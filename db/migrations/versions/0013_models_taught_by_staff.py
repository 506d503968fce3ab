"""Models taught with questions that staff labelled."""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "model_releases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("extends", sa.String(length=64), nullable=False),
        sa.Column("marks_json", sa.Text(), nullable=False),
        sa.Column("model", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff.id"], name=op.f("fk_model_releases_asked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_releases")),
    )
    with op.batch_alter_table("model_releases", schema=None) as batch_op:
        batch_op.create_index("ix_model_releases_asked_at", ["asked_at"], unique=False)
