"""News with the next answer, who may be helped by a volunteer, news of a change of the law."""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "help_wishes",
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("at", db.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["campaigns.code"], name=op.f("fk_help_wishes_code")),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_help_wishes")),
    )
    op.create_index(op.f("ix_help_wishes_code"), "help_wishes", ["code"], unique=False)
    op.create_table(
        "broadcast_riders",
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column(
            "broadcast", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["broadcast"], ["broadcasts.id"], name=op.f("fk_broadcast_riders_broadcast")
        ),
        sa.PrimaryKeyConstraint("user", "broadcast", name=op.f("pk_broadcast_riders")),
    )
    op.create_index(
        op.f("ix_broadcast_riders_broadcast"), "broadcast_riders", ["broadcast"], unique=False
    )
    op.add_column("broadcasts", sa.Column("about", sa.String(length=60), nullable=True))
    op.create_index("ix_broadcasts_about", "broadcasts", ["about"], unique=True)
    op.add_column("volunteers", sa.Column("name", sa.LargeBinary(), nullable=True))
