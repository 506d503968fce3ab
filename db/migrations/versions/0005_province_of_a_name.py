"""A name's keyed beginnings say in which province they are looked for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OF_ITS_LEAD = """UPDATE registration_names SET province =
    (SELECT province FROM registrations WHERE registrations.id = registration_names.registration)"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("registration_names", schema=None) as batch_op:
        batch_op.add_column(sa.Column("province", sa.String(length=40), nullable=True))
    op.execute(OF_ITS_LEAD)
    with op.batch_alter_table("registration_names", schema=None) as batch_op:
        batch_op.create_index(
            "ix_registration_names_there", ["token", "province", "registration"], unique=False
        )
