"""Changing keys while everything runs: rewrap the data keys, or seal every cell anew in batches."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Column, Engine, Table, select, update

from db.crypto import OuterKey, key_number
from db.keyring import add_cell_key, rewrap, unlock
from db.models import metadata
from db.session import keys, transaction

BATCH_ROWS = 500


def rotate_outer_key(engine: Engine, outer: Sequence[OuterKey]) -> int:
    """Wrap every data key with the newest outer key; older ones may then leave the settings."""
    with transaction(engine) as session:
        return rewrap(session, outer)


def rotate_cells(engine: Engine, outer: Sequence[OuterKey]) -> Iterator[tuple[str, str, int]]:
    """Seal every cell with a new data key; gives (table, column, rows) as each column is done.

    Can be stopped and run again: a batch looks only at cells that still have an older key. Other
    processes read all the while, and fetch the new key when they first meet it.
    """
    with transaction(engine) as session:
        add_cell_key(session, outer)
    renewed = unlock(engine, outer)
    for table in metadata.sorted_tables:
        for column in table.columns:
            if "sealed_by" in column.info:
                yield table.name, column.name, _reseal_column(renewed, table, column)


def _reseal_column(engine: Engine, table: Table, column: Column[bytes | None]) -> int:
    key = table.columns[column.info["sealed_by"]]
    primary = next(iter(table.primary_key.columns))
    done, after = 0, None
    while True:
        with transaction(engine) as session:
            ring = keys(session)
            chosen = select(primary, key, column).where(column.is_not(None)).order_by(primary)
            if after is not None:
                chosen = chosen.where(primary > after)
            rows = session.execute(chosen.limit(BATCH_ROWS).with_for_update()).all()
            for identity, row, sealed in rows:
                if key_number(sealed) != ring.newest:
                    place = f"{table.name}|{column.name}|{row}"
                    fresh = ring.seal_bytes(ring.open_bytes(sealed, place), place)
                    session.execute(
                        update(table).where(primary == identity).values({column.name: fresh})
                    )
                    done += 1
        if not rows:
            return done
        after = rows[-1][0]
