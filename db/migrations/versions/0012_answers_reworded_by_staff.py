"""Other words for answers, by staff."""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "answer_rewordings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("variant", sa.String(length=60), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("style", sa.String(length=8), nullable=False),
        sa.Column("instead_of", sa.String(length=64), nullable=False),
        sa.Column("words_json", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column(
            "written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("written_at", db.types.UtcDateTime(), nullable=False),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", db.types.UtcDateTime(), nullable=True),
        sa.Column(
            "taken_back_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("taken_back_at", db.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff.id"], name=op.f("fk_answer_rewordings_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_answer_rewordings_taken_back_by")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["staff.id"], name=op.f("fk_answer_rewordings_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_rewordings")),
    )
    with op.batch_alter_table("answer_rewordings", schema=None) as batch_op:
        batch_op.create_index("ix_answer_rewordings_page", ["page", "id"], unique=False)
        batch_op.create_index("ix_answer_rewordings_state", ["state"], unique=False)
