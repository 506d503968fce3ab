"""Lists with any two filters show the leads that a look at each one finds, in order, by pages."""

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db import demo, lead_search, workdays
from db.lead_order import DUE, NEWEST, OLDEST, SORTS
from db.lead_search import NOT_OPEN, Filters, Scope
from db.lead_tables import OPEN, Registration
from db.rollups import thai_day
from db.session import reading, transaction
from db.staff import Role
from tests.accounts import account

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
HERE = ("ระนอง", "พังงา", "ภูเก็ต")
SCOPES = (Scope(None), Scope(HERE[:2]))
CHOICES: tuple[dict[str, Any], ...] = (
    *({"status": one} for one in ("open", "new", "member", "waiting")),
    {"province": "ระนอง"},
    {"district": "กระบุรี"},
    {"option": "unsure"},
    {"option": "2"},
    {"occupation": "farmer"},
    {"age_band": "25-34"},
    {"channel": "helper"},
    {"overdue": True},
    *({"waiting_days": days} for days in (2, 30)),
    {"created_from": TODAY - timedelta(days=20), "created_to": TODAY - timedelta(days=3)},
    {"created_from": TODAY - timedelta(days=7)},
    {"recent_days": 5},
    {"waiting_workdays": 4},
)


def fits(lead: Registration, told: dict[str, Any], scope: Scope) -> bool:
    """The same asked of one lead, in words of its own."""
    day = thai_day(lead.created_at)
    checks: dict[str, Callable[[Any], bool]] = {
        "status": lambda one: lead.status in (OPEN if one == "open" else (one,)),
        "option": lambda one: str(lead.option or "unsure") == one,
        "overdue": lambda _: lead.due_on is not None and lead.due_on < TODAY,
        "waiting_days": lambda days: lead.created_at < NOW - timedelta(days=days),
        "recent_days": lambda days: day > TODAY - timedelta(days=days),
        "waiting_workdays": lambda days: day <= workdays.longer_ago(TODAY, days),
        "created_from": lambda first: day >= first,
        "created_to": lambda last: day <= last,
        "mine": lambda who: lead.assigned_to == who,
    }
    return scope.holds(lead.province) and all(
        checks[name](value) if name in checks else getattr(lead, name) == value
        for name, value in told.items()
    )


def walked(session: Session, scope: Scope, filters: Filters, sort: str) -> list[int]:
    """All pages, one after the other."""
    seen: list[int] = []
    after = ""
    while True:
        page = lead_search.page(session, scope, filters, sort=sort, after=after, now=NOW)
        seen += [lead.id for lead in page.leads]
        after = page.after
        if not after:
            return seen


def test_any_two_filters_find_what_a_look_at_each_lead_finds(engine: Engine) -> None:
    with transaction(engine) as session:
        person = account(session, "a", Role.OFFICER, "ระนอง", now=NOW)
        choices = (*CHOICES, {"mine": person.id})
    demo.make(engine, 260, NOW, provinces=HERE)
    found = 0
    with reading(engine) as session:
        everyone = session.scalars(select(Registration)).all()
        for first, second in itertools.combinations_with_replacement(choices, 2):
            told = first | second
            filters = Filters(**told)
            for scope, sort in itertools.product(SCOPES, SORTS):
                expected = [lead for lead in everyone if fits(lead, told, scope)]
                shown = sort if told.get("status") not in NOT_OPEN else NEWEST
                if sort == DUE and told.get("status") not in NOT_OPEN:
                    expected = [lead for lead in expected if lead.due_on is not None]
                keys = {
                    DUE: lambda lead: (lead.due_on, lead.id),
                    NEWEST: lambda lead: (lead.created_at, lead.id),
                    OLDEST: lambda lead: (lead.created_at, lead.id),
                }
                shown = OLDEST if sort == OLDEST else shown
                expected.sort(key=keys[shown], reverse=shown == NEWEST)
                seen = walked(session, scope, filters, sort)
                assert seen == [lead.id for lead in expected], (told, scope, sort)
                found += len(seen)
            total = sum(fits(lead, told, SCOPES[0]) for lead in everyone)
            assert lead_search.count(session, SCOPES[0], filters, NOW) == total, told
    assert found > 1_000
