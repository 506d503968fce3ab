"""The figures of the dashboard: the sums of the country are those of its provinces, on any days."""

from datetime import UTC, date, datetime, timedelta

import geothai
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db import demo, figures
from db.figures import FLOWS, Period
from db.lead_search import Scope
from db.rollups import BY
from db.session import reading

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
        for splits in (BY, SPLITS):
            found = figures.by_values(session, country, metric, splits, period)
            assert found == figures.by_values(session, provinces, metric, splits, period)
        by_province = figures.by_province(session, country, metric, period)
        assert sum(by_province.values()) == whole[metric]
        assert set(by_province) <= set(PROVINCES)
        by_day = figures.by_day(session, country, metric, period)
        assert sum(by_day) == whole[metric]
        assert by_day == figures.by_day(session, provinces, metric, period)
    both = (period, period.before)
    courses = figures.courses(session, country, *both)
    assert courses == figures.courses(session, provinces, *both)
    for course, one in zip(courses, both, strict=True):
        assert course.flows == figures.totals(session, country, FLOWS, one)
        waits = figures.by_value(session, country, "wait", "hours", one)
        hours = {int(top): number for top, number in waits.items()}
        assert course.waiting == figures.percentiles(hours, figures.PERCENTS)
