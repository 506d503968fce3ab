"""The figures of leads that were handed to one office, which the others' dashboards leave out.

What was handed over before is filed here as `db.rollups.of_office` would have done it.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
SPLITS = ("option", "channel", "occupation", "age_band", "campaign", "district")
OPEN = ("new", "assigned", "contacting", "appointment")
ALWAYS = date(1970, 1, 1)
WAIT_HOURS = (1, 2, 4, 8, 16, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720, 1440, 100_000)


def upgrade() -> None:
    """Bring the schema to this revision."""
    table = op.create_table(
        "office_rollups",
        sa.Column("metric", sa.String(length=16), nullable=False),
        sa.Column("split", sa.String(length=12), nullable=False),
        sa.Column("province", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("office", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "metric", "split", "province", "day", "office", "value", name=op.f("pk_office_rollups")
        ),
    )
    leads = sa.table(
        "registrations",
        *(sa.column(name) for name in (*SPLITS, "province", "office", "status", "due_on")),
        *(
            sa.column(name, db.types.UtcDateTime())
            for name in ("created_at", "first_contact_at", "status_since")
        ),
    )
    handed = op.get_bind().execute(sa.select(leads).where(leads.c.office.is_not(None)))
    found = Counter(
        (metric, split, lead.province, day, lead.office, value)
        for lead in handed
        for metric, split, day, value in _filed(lead)
    )
    names = ("metric", "split", "province", "day", "office", "value")
    op.bulk_insert(
        table, [{**dict(zip(names, key, strict=True)), "n": n} for key, n in found.items()]
    )


def _filed(lead: sa.Row[tuple[object, ...]]) -> Iterator[tuple[str, str, date, str]]:
    moments = {"submitted": lead.created_at, "contacted": lead.first_contact_at}
    if lead.status == "member":
        moments["member"] = lead.status_since
    for metric, at in moments.items():
        if at is not None:
            yield metric, "all", _day(at), ""
            yield from ((metric, split, _day(at), _value(lead, split)) for split in SPLITS)
    if lead.first_contact_at is not None:
        hours = (lead.first_contact_at - lead.created_at).total_seconds() / 3600
        longest = next(top for top in WAIT_HOURS if hours <= top or top == WAIT_HOURS[-1])
        yield "wait", "hours", _day(lead.first_contact_at), f"{longest:06d}"
    yield "open", "status", ALWAYS, lead.status
    if lead.status in OPEN and lead.due_on is not None:
        yield "due", "all", date.fromisoformat(str(lead.due_on)), ""


def _value(lead: sa.Row[tuple[object, ...]], split: str) -> str:
    found = getattr(lead, split)
    value = "" if found is None else str(found)
    return value if split != "occupation" or value.isascii() else "other"


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo("Asia/Bangkok")).date()
