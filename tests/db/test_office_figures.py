"""The dashboard of somebody bound to an office counts the leads that their lists show."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from db import figures, lead_work, registrations
from db.figure_questions import Period
from db.lead_search import Scope, leads
from db.lead_tables import MEMBER, Registration
from db.lead_work import REACHED, Act
from db.rollups import OfficeRollup, thai_day
from db.session import reading, transaction
from db.staff import Role
from tests.accounts import account
from tests.web.conftest import form

pytestmark = pytest.mark.db
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
BANGKOK = "กรุงเทพมหานคร"
PERIOD = Period(thai_day(NOW) - timedelta(days=6), thai_day(NOW) + timedelta(days=6))
MONTHS = Period(PERIOD.first.replace(day=1), PERIOD.first.replace(day=30))
THIRD = Scope((BANGKOK, "อุดรธานี"), ("BKK03",))
EVERYWHERE = Scope((BANGKOK, "อุดรธานี"))


@pytest.fixture
def officer(engine: Engine) -> int:
    """The officer who does it all."""
    with transaction(engine) as session:
        return account(session, "anong", Role.SUPERVISOR, BANGKOK, "อุดรธานี", now=NOW).id


def submit(session: Session, number: int, province: str = BANGKOK) -> Registration:
    return registrations.submit(
        session,
        form(f"S40-TEST-{number:04}", province=province, option=1 + number % 3),
        event_id=f"e{number}",
        user_id=f"U{number:032}",
        now=NOW,
    )


def act(lead: Registration, hours: int, officer: int) -> Act:
    return Act(officer, lead.version, NOW + timedelta(hours=hours))


def worked(session: Session, officer: int) -> None:
    """Ten leads: some called, some handed over before or after that, one twice, some ended."""
    made = [submit(session, number) for number in range(9)]
    submit(session, 9, "อุดรธานี")
    for lead in made[:3]:
        lead_work.attempt(session, lead, act(lead, 30, officer), REACHED)
    for lead, office in zip(
        made[1:7], ("BKK03", "BKK05", "BKK05", "BKK03", "BKK07", "BKK05"), strict=True
    ):
        lead_work.hand_over(session, lead, act(lead, 31, officer), office)
    lead_work.hand_over(session, made[3], act(made[3], 32, officer), "BKK03")
    for lead in made[2:6:3]:
        lead_work.attempt(session, lead, act(lead, 50, officer), REACHED)
    for lead in made[3:5]:
        registrations.set_status(session, lead, MEMBER, NOW + timedelta(hours=51))


def counted(session: Session, scope: Scope) -> dict[str, object]:
    """What the dashboard shows, counted from the leads themselves."""
    mine = list(session.scalars(leads(scope)))
    hours = [
        (one.first_contact_at - one.created_at).total_seconds()
        for one in mine
        if one.first_contact_at
    ]
    return {
        "submitted": len(mine),
        "contacted": len(hours),
        "member": sum(one.status == MEMBER for one in mine),
        "option": Counter(str(one.option) for one in mine),
        "standing": Counter(one.status for one in mine),
        "places": Counter(one.province for one in mine),
        "late": Counter(one.province for one in mine if one.due_on and one.due_on < PERIOD.last),
    }


def shown(session: Session, scope: Scope) -> dict[str, object]:
    """The same from the roll-ups."""
    days = figures.by_day(session, scope, "submitted", PERIOD)
    assert sum(days) == figures.totals(session, scope, ["submitted"], PERIOD)["submitted"]
    whole = figures.by_values(session, scope, "submitted", ("all", "channel"), MONTHS)
    assert whole["all"][""] == sum(whole["channel"].values()) == sum(days)
    waits = figures.by_value(session, scope, "wait", "hours", PERIOD)
    totals = figures.totals(session, scope, figures.FLOWS, PERIOD)
    assert sum(waits.values()) == totals["contacted"]
    places = figures.places(session, scope, "submitted", PERIOD, PERIOD.last)
    assert places.arrived == figures.by_province(session, scope, "submitted", PERIOD)
    return {
        **totals,
        "option": figures.by_value(session, scope, "submitted", "option", PERIOD),
        "standing": places.standing,
        "places": places.arrived,
        "late": places.late,
    }


@pytest.mark.parametrize("scope", [THIRD, EVERYWHERE], ids=["one office", "all offices"])
def test_an_office_sees_the_figures_of_what_it_sees(
    engine: Engine, officer: int, scope: Scope
) -> None:
    with transaction(engine) as session:
        worked(session, officer)
    with reading(engine) as session:
        assert shown(session, scope) == counted(session, scope)
        assert counted(session, THIRD) != counted(session, EVERYWHERE)


def test_what_moves_away_leaves_the_figures_of_its_office(engine: Engine, officer: int) -> None:
    with transaction(engine) as session:
        lead = submit(session, 1)
        lead_work.hand_over(session, lead, act(lead, 1, officer), "BKK05")
        changes = {"province": "อุดรธานี", "district": "กุมภวาปี", "tambon": "พันดอน"}
        assert registrations.correct(
            session, user_id=f"U{1:032}", reference=lead.reference, changes=changes, now=NOW
        )
    with reading(engine) as session:
        left = [row.n for row in session.scalars(select(OfficeRollup))]
        assert left
        assert not any(left)


def test_what_was_handed_over_before_is_counted_by_the_migration(
    engine: Engine, officer: int
) -> None:
    with transaction(engine) as session:
        worked(session, officer)
        before = shown(session, THIRD)
        session.execute(delete(OfficeRollup))
        assert shown(session, THIRD) != before
        OfficeRollup.__table__.drop(session.connection())  # type: ignore[attr-defined]  # a Table
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        for name in ("0014_figures_of_offices", "0017_months_of_provinces"):
            import_module(f"db.migrations.versions.{name}").upgrade()
    with reading(engine) as session:
        assert shown(session, THIRD) == before
