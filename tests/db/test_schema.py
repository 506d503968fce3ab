"""The migrations make what the models say, on both databases."""

import pytest
from sqlalchemy import Engine

from db import schema

pytestmark = pytest.mark.db


def test_models_and_migrations_agree(engine: Engine) -> None:
    assert schema.differences(engine) == []
    assert schema.is_current(engine)


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    before = sorted(schema.tables(engine))
    schema.migrate(engine)
    assert sorted(schema.tables(engine)) == before
    assert {"inbox", "talks", "conversations", "outbox", "data_keys"} < set(before)
