"""Alembic's entry: migrations run on the connection that db.schema gives; no ini file, no
globals.
"""

from alembic import context

from db.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="db.types.",
)
with context.begin_transaction():
    context.run_migrations()
