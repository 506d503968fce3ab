"""Thai working days: weekends and public holidays are skipped. The holidays come from the package
`holidays`, which is data kept up to date by others; children's day is no day off for offices.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays

NOT_A_DAY_OFF = "National Children's Day"
SATURDAY = 5


@lru_cache(maxsize=16)
def days_off(year: int) -> frozenset[date]:
    """The public holidays of that year on which offices are shut."""
    named = holidays.country_holidays("TH", years=year)
    return frozenset(day for day, name in named.items() if name != NOT_A_DAY_OFF)


def is_working_day(day: date) -> bool:
    """Whether offices are open on that day."""
    return day.weekday() < SATURDAY and day not in days_off(day.year)


def after(day: date, working_days: int) -> date:
    """The working day that many working days later; with 0 the day itself or the next open one."""
    while not is_working_day(day):
        day += timedelta(days=1)
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return day


def longer_ago(day: date, working_days: int) -> date:
    """The last day from which more than that many working days have passed by now."""
    passed, today = 0, day
    while passed <= working_days:
        passed += is_working_day(today)
        today -= timedelta(days=1)
    return today
