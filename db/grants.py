"""The rights of the role that the running bot uses on PostgreSQL: less than the owner's.

The owner migrates; the bot's own role can't change the schema, and can only read and append the
audit log. Run again after each migration: new tables give no rights by themselves.
"""

from sqlalchemy import Engine, text

from db import schema

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
LESS = {"audit": "SELECT, INSERT", "alembic_version": "SELECT"}


def grant(engine: Engine, role: str) -> int:
    """Give that role exactly what the running bot needs; the number of tables."""
    if engine.dialect.name != "postgresql":
        raise ValueError("only PostgreSQL has roles")
    name = engine.dialect.identifier_preparer.quote(role)
    tables = schema.tables(engine)
    with engine.connect() as connection, connection.begin():
        connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
        connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}"))
        for table in tables:
            rights = LESS.get(table, EVERYTHING)
            quoted = engine.dialect.identifier_preparer.quote(table)
            connection.execute(text(f"GRANT {rights} ON {quoted} TO {name}"))
    return len(tables)
