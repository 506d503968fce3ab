"""Indexes that order by day what one officer, campaign, district or status has, with what lists are
filtered by; and what PostgreSQL must know of columns that go together to guess what they leave.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DAY_OF_A_STATUS = """CREATE STATISTICS IF NOT EXISTS st_registrations_due (mcv)
    ON status, due_on FROM registrations"""
ALL_OF_THEM = "ALTER STATISTICS st_registrations_due SET STATISTICS 1000"
PLACE_IN_A_PLACE = """CREATE STATISTICS IF NOT EXISTS st_registrations_place (dependencies)
    ON province, district, tambon FROM registrations"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registrations_campaign"))
        batch_op.drop_index(batch_op.f("ix_registrations_district"))
        batch_op.drop_index(batch_op.f("ix_registrations_due"))
        batch_op.drop_index(
            batch_op.f("ix_registrations_mine"), sqlite_where=sa.text("assigned_to IS NOT NULL")
        )
        batch_op.create_index(
            "ix_registrations_campaign_newest",
            [
                "campaign",
                "created_at",
                "id",
                "status",
                "option",
                "occupation",
                "channel",
                "age_band",
                "due_on",
                "province",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_registrations_district_newest",
            [
                "district",
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
        batch_op.create_index(
            "ix_registrations_mine_due",
            [
                "assigned_to",
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
            "ix_registrations_mine_newest",
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
                "province",
            ],
            unique=False,
            postgresql_where=sa.text("assigned_to IS NOT NULL"),
            sqlite_where=sa.text("assigned_to IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_registrations_status_due",
            [
                "status",
                "due_on",
                "id",
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

    if op.get_bind().dialect.name == "postgresql":
        op.execute(DAY_OF_A_STATUS)
        op.execute(ALL_OF_THEM)
        op.execute(PLACE_IN_A_PLACE)
