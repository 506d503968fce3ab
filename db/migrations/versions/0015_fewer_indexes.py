"""Options and age bands need no index of their own: each is held by so many that the indexes which
order the lists, and carry both, come upon them at once.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registrations_age_band"))
        batch_op.drop_index(batch_op.f("ix_registrations_option"))
