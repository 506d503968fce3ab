"""The migrations make what the models say, on both databases."""

import pytest
from sqlalchemy import Engine, text

from db import schema
from db.session import transaction

pytestmark = pytest.mark.db


def test_models_and_migrations_agree(engine: Engine) -> None:
    assert schema.differences(engine) == []
    assert schema.is_current(engine)


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    before = sorted(schema.tables(engine))
    schema.migrate(engine)
    assert sorted(schema.tables(engine)) == before
    assert {"inbox", "talks", "conversations", "outbox", "data_keys"} < set(before)


def test_an_old_version_starts_and_is_ready_beside_a_newer_schema(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    schema.migrate(engine)
    assert schema.is_current(engine)
    with transaction(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert not schema.is_current(engine)
