"""The figures of the dashboard: the sums of the country are those of its provinces, on any days."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import geothai
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from db import demo, figures
from db.figure_questions import Period
from db.figures import FIRST, FLOWS
from db.lead_search import Scope
from db.month_sums import sum_months
from db.rollups import BY, MONTHLY, OfficeRollup, Rollup
from db.session import reading, transaction

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
PROVINCES = tuple(one.name_th for one in geothai.provinces())
SPLITS = tuple(split for split in BY if split != "district")
PERIODS = (
    Period(TODAY - timedelta(days=6), TODAY),
    Period(TODAY - timedelta(days=29), TODAY),
    Period(TODAY - timedelta(days=364), TODAY),
    Period(date(2026, 10, 1), date(2026, 10, 31)),
    Period(date(2026, 9, 30), date(2026, 11, 1)),
    Period(date(2026, 9, 2), date(2026, 10, 30)),
)


def test_the_country_is_the_sum_of_its_provinces(engine: Engine) -> None:
    demo.make(engine, 150, NOW)
    with reading(engine) as session:
        for period in PERIODS:
            the_same(session, period)


def the_same(session: Session, period: Period) -> None:
    country, provinces = Scope(None), Scope(PROVINCES)
    whole = figures.totals(session, country, FLOWS, period)
    assert whole == figures.totals(session, provinces, FLOWS, period)
    assert whole["submitted"] > 0
    for metric in FLOWS:
        by_day_alone = figures.by_values(session, country, metric, BY, period)
        assert by_day_alone == figures.by_values(session, provinces, metric, BY, period)
        for scope in (country, provinces):
            found = figures.by_values(session, scope, metric, SPLITS, period)
            assert found == {split: by_day_alone[split] for split in SPLITS}
        by_province = figures.by_province(session, country, metric, period)
        assert sum(by_province.values()) == whole[metric]
        assert set(by_province) <= set(PROVINCES)
        assert by_province == figures.by_province(session, provinces, metric, period)
        by_day = figures.by_day(session, country, metric, period)
        assert sum(by_day) == whole[metric]
        assert by_day == figures.by_day(session, provinces, metric, period)
    both = (period, period.before)
    courses = figures.courses(session, country, *both)
    for course, same in zip(courses, figures.courses(session, provinces, *both), strict=True):
        assert same.flows == {metric: course.flows[metric] for metric in FLOWS}
        assert same.waiting == course.waiting
    for course, one in zip(courses, both, strict=True):
        metrics = (*FLOWS, *FIRST)
        totals = figures.totals(session, country, metrics, one)
        assert totals == {metric: course.flows.get(metric, 0) for metric in metrics}
        waits = figures.by_value(session, country, "wait", "hours", one)
        hours = {int(top): number for top, number in waits.items()}
        assert course.waiting == figures.percentiles(hours, figures.PERCENTS)


def test_months_that_were_filed_by_day_alone_are_summed_by_the_migration(engine: Engine) -> None:
    demo.make(engine, 150, NOW)
    with transaction(engine) as session:
        before = months(session)
        assert before
        session.execute(delete(Rollup).where(Rollup.split.endswith(MONTHLY)))
    migration = import_module("db.migrations.versions.0017_months_of_provinces")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration.upgrade()
        migration.upgrade()
    with reading(engine) as session:
        assert months(session) == before


def test_months_are_summed_anew_where_some_days_were_filed_without_them(engine: Engine) -> None:
    demo.make(engine, 150, NOW)
    with transaction(engine) as session:
        before = months(session)
        of_offices = select(OfficeRollup.n).where(OfficeRollup.split.endswith(MONTHLY))
        handed = sorted(session.scalars(of_offices))
        for table in (Rollup, OfficeRollup):
            monthly = table.split.endswith(MONTHLY)
            session.execute(update(table).where(monthly).values(n=table.n - 1))
        session.execute(delete(Rollup).where(Rollup.split == f"channel{MONTHLY}"))
        assert sum_months(session) > 0
        assert months(session) == before
        assert sorted(session.scalars(of_offices)) == handed != []


def months(session: Session) -> set[tuple[object, ...]]:
    rows = session.scalars(select(Rollup).where(Rollup.split.endswith(MONTHLY)))
    return {(row.metric, row.split, row.day, row.province, row.value, row.n) for row in rows}
