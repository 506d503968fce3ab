"""The list of codes in its order, and the questions that wait for a label, by an index each."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_index("ix_campaigns_created_at", "campaigns", ["created_at"])
    op.create_index("ix_unanswered_questions_label", "unanswered_questions", ["label", "asked_at"])
