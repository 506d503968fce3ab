"""The roll-ups and the outreach figures of many new leads, summed by the database itself.

It says in SQL what `db.rollups` says of one lead at a time; a test holds the two together.
"""
# ruff: noqa: S608 - statements are put together from names in this code; values are always bound.

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.lead_tables import CLOSED, MEMBER, OPEN
from db.rollups import ALWAYS, BY, EVERYWHERE, MONTHLY, WAIT_HOURS, summed_up
from db.session import is_postgresql
from db.tallies import METRICS

SPLIT_AT = 2
"""The column that is one word, by which PostgreSQL does not group."""
TALKED, BEGAN = 3, 2
"""For each made-up lead so many wrote at all, and so many began the form."""
_MOMENTS = (("submitted", "created_at"), ("contacted", "first_contact_at"))
_KEY = "metric, split, day, province, value"
_ADDED = "ON CONFLICT ({key}) DO UPDATE SET n = {table}.n + excluded.n"


def add_from(session: Session, first: int) -> None:
    """Count the leads from this number on."""
    _gather(session, first)
    for split in ("all", *BY):
        value = "''" if split == "all" else f'"{split}"'
        for filed, province, day in _filed_under(session, "submitted", split):
            _add(session, "metric", filed, day, province, value, "flows", "count(*)")
    for metric, times in (("talks", TALKED), ("forms", BEGAN)):
        _add(session, f"'{metric}'", "all", "day", "''", "''", _SUBMITTED, f"count(*) * {times}")
    for filed, province, day in _filed_under(session, "wait", "hours"):
        _add(session, "'wait'", filed, day, province, "waited", _CONTACTED, "count(*)")
    always = f"CAST('{ALWAYS}' AS date)" if is_postgresql(session) else f"'{ALWAYS}'"
    new = f"(SELECT * FROM registrations WHERE id >= {int(first)}) AS new_leads"
    _add(session, "'open'", "status", always, "province", "status", new, "count(*)")
    due = f"{new} WHERE due_on IS NOT NULL AND status IN {OPEN}"
    _add(session, "'due'", "all", "due_on", "province", "''", due, "count(*)")
    ended = f"{new} WHERE status IN {CLOSED}"
    since = _day(session, "status_since")
    _add(session, _CLOSED, "status", since, "province", "status", ended, "count(*)")
    _outreach(session)
    session.execute(text("DROP TABLE flows"))


_CLOSED = "'closed'"
"""How leads ended is not filed by office."""
_SUBMITTED = "flows WHERE metric = 'submitted'"
_CONTACTED = "flows WHERE metric = 'contacted'"


def _filed_under(session: Session, metric: str, split: str) -> list[tuple[str, str, str]]:
    """Split, province and day, the last two as columns: one's own; its months; the country's."""
    month = "CAST(date_trunc('month', day) AS date)"
    if not is_postgresql(session):
        month = "date(day, 'start of month')"
    sums = [
        (split + MONTHLY, "province", month),
        (split, f"'{EVERYWHERE}'", "day"),
        (split, f"'{MONTHLY}'", month),
    ]
    return [(split, "province", "day"), *(sums if summed_up(metric, split) else [])]


def _gather(session: Session, first: int) -> None:
    """A narrow table of what happened when and where: one row a lead and metric."""
    wide = "octet_length(occupation) > length(occupation)"
    text_of = "CAST(option AS text)"
    if not is_postgresql(session):
        wide = "length(CAST(occupation AS blob)) > length(occupation)"
    parts = [
        f"""SELECT '{metric}' AS metric, {_day(session, moment)} AS day, province, office,
            district, tambon, coalesce({text_of}, '') AS "option", channel, age_band, campaign,
            CASE WHEN {wide} THEN 'other' ELSE occupation END AS occupation,
            {_waited(session) if metric == "contacted" else "''"} AS waited
        FROM registrations WHERE id >= {int(first)} AND {condition}"""
        for metric, moment, condition in (
            *((metric, moment, f"{moment} IS NOT NULL") for metric, moment in _MOMENTS),
            ("member", "status_since", f"status = '{MEMBER}'"),
        )
    ]
    session.execute(text(f"CREATE TEMPORARY TABLE flows AS {' UNION ALL '.join(parts)}"))
    if is_postgresql(session):
        for wish in ("ANALYZE flows", "SET LOCAL work_mem = '512MB'"):
            session.execute(text(wish))


def _add(
    session: Session,
    metric: str,
    split: str,
    day: str,
    province: str,
    value: str,
    source: str,
    number: str,
) -> None:
    _insert(session, "rollups", _KEY, (metric, f"'{split}'", day, province, value), source, number)
    if province == "province" and metric != _CLOSED:  # in it, what was handed to one office
        values = (metric, f"'{split}'", day, province, value, "office")
        handed = f"(SELECT * FROM {source}) AS handed WHERE office IS NOT NULL"
        _insert(session, "office_rollups", f"{_KEY}, office", values, handed, number)


def _insert(
    session: Session, table: str, key: str, values: Sequence[str], source: str, number: str
) -> None:
    where = "" if " WHERE " in source else "WHERE true"  # SQLite would take ON for a join's
    groups = ", ".join(str(place) for place in range(1, len(values) + 1) if place != SPLIT_AT)
    added = _ADDED.format(key=key, table=table)
    session.execute(
        text(
            f"""INSERT INTO {table} ({key}, n) SELECT {", ".join(values)}, {number}
            FROM {source} {where} GROUP BY {groups} {added}"""
        )
    )


def _outreach(session: Session) -> None:
    """The target board: each place with those around it, and the codes that are open."""
    levels = [
        ("'place'", "province", "''", ""),
        ("'place'", "province || '|' || district", "province", ""),
        (
            "'place'",
            "province || '|' || district || '|' || tambon",
            "province || '|' || district",
            "",
        ),
        ("'code'", "campaign", "parent", "JOIN outreach_tallies ON key = campaign"),
    ]
    figures = f"""count(*) FILTER (WHERE metric = 'submitted') * {TALKED},
        count(*) FILTER (WHERE metric = 'submitted') * {BEGAN},
        count(*) FILTER (WHERE metric = 'submitted'),
        count(*) FILTER (WHERE metric = 'contacted'), count(*) FILTER (WHERE metric = 'member')"""
    names = ", ".join(METRICS)
    for kind, key, parent, join in levels:
        sums = ", ".join(f"{name} = outreach_tallies.{name} + excluded.{name}" for name in METRICS)
        session.execute(
            text(
                f"""INSERT INTO outreach_tallies (key, kind, parent, {names})
                SELECT {key}, {kind}, {parent}, {figures} FROM flows {join} WHERE true
                GROUP BY 1, 3 ON CONFLICT (key) DO UPDATE SET {sums}"""
            )
        )
        sums = ", ".join(f"{name} = outreach_weeks.{name} + excluded.{name}" for name in METRICS)
        session.execute(
            text(
                f"""INSERT INTO outreach_weeks (key, week, {names})
                SELECT {key}, {_monday(session)}, {figures} FROM flows {join} WHERE true
                GROUP BY 1, 2 ON CONFLICT (key, week) DO UPDATE SET {sums}"""
            )
        )


def _day(session: Session, moment: str) -> str:
    """The Thai date of a moment."""
    if is_postgresql(session):
        return f"CAST({moment} AT TIME ZONE 'Asia/Bangkok' AS date)"
    return f"date({moment}, '+7 hours')"


def _monday(session: Session) -> str:
    if is_postgresql(session):
        return "CAST(date_trunc('week', day) AS date)"
    return "date(day, 'weekday 0', '-6 days')"


def _waited(session: Session) -> str:
    """The class of hours between registration and first word."""
    hours = "extract(epoch FROM first_contact_at - created_at) / 3600"
    if not is_postgresql(session):
        hours = "(julianday(first_contact_at) - julianday(created_at)) * 24"
    classes = " ".join(f"WHEN {hours} <= {top} THEN '{top:06d}'" for top in WAIT_HOURS)
    return f"CASE {classes} ELSE '{WAIT_HOURS[-1]:06d}' END"
