"""A change of the law is told once, to those who asked to be reminded and whom it concerns."""

from collections import Counter

import pytest
from sqlalchemy import Engine

from db import broadcast_batches, broadcasts, budget, people, registrations, reminders
from db.broadcasts import NotAllowed
from db.session import transaction
from tests.db.test_broadcasts import NOON, FakeLine, Office
from tests.web.conftest import form

pytestmark = pytest.mark.db
LAW = "กฎหมายเปลี่ยน ไม่รับข่าว"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_batches, "PEOPLE_A_BATCH", 3)


def office(engine: Engine, budget_of: int = 1_000) -> Office:
    """Ten people with a reminder: of them one has option 3 and one has no registration."""
    made = Office(engine, 0, budget_of=budget_of)
    with transaction(engine) as session:
        for n in range(10):
            reminders.remind(session, f"U{n}", "pay", NOON, {"day": "5"})
            if n:
                lead = form(f"S40-{n}", option=3 if n == 1 else 2)
                registrations.submit(session, lead, event_id=f"e{n}", user_id=f"U{n}", now=NOON)
        reminders.remind(session, "U50", "unfinished", NOON, {})
        registrations.submit(session, form("S40-X"), event_id="x", user_id="U60", now=NOON)
    return made


def told(made: Office, line: FakeLine, *options: int) -> int:
    with transaction(made.engine) as session:
        number = broadcasts.draft_of_law(session, LAW, "law 2027-01-01", options, 1, NOON).id
    with transaction(made.engine) as session:
        broadcasts.approve(session, number, 2, NOON)
    made.run(line, rounds=3)
    return number


def test_only_who_asked_and_is_concerned_is_told_and_once(engine: Engine) -> None:
    made, line = office(engine), FakeLine()
    with transaction(engine) as session:
        people.person(session, "U3", NOON).reachable = False
    number = told(made, line, 1, 2)
    assert line.seen == Counter({f"U{n}" for n in range(10)} - {"U1", "U3"})
    with transaction(engine) as session:
        with pytest.raises(NotAllowed, match="told"):
            broadcasts.draft_of_law(session, LAW, "law 2027-01-01", [1], 1, NOON)
        assert broadcasts.progress(session, number) == {"sent": 8}


def test_who_takes_the_reminder_back_is_not_told(engine: Engine) -> None:
    made, line = office(engine), FakeLine()
    with transaction(engine) as session:
        number = broadcasts.draft_of_law(session, LAW, "law 2027-01-01", [2, 3], 1, NOON).id
        broadcasts.approve(session, number, 2, NOON)
        while broadcast_batches.gather(session, NOON):
            pass
        reminders.remind(session, "U4", "pay", None, {})
    made.run(line, rounds=2)
    assert line.seen == Counter({f"U{n}" for n in range(10)} - {"U4"})


def test_it_weighs_more_than_news(engine: Engine) -> None:
    made, line = office(engine, budget_of=1_000), FakeLine()
    with transaction(engine) as session:
        budget.note_quota(session, NOON.date(), 800, 1_000)  # news may use seven tenths
    told(made, line, 2, 3)
    assert len(line.seen) == 10


def test_a_draft_that_was_thrown_away_may_be_written_anew(engine: Engine) -> None:
    office(engine)
    with transaction(engine) as session:
        first = broadcasts.draft_of_law(session, LAW, "law 2027-01-01", [2], 1, NOON)
        broadcasts.stop(session, first.id, "staff")
        again = broadcasts.draft_of_law(session, LAW, "law 2027-01-01", [2], 1, NOON)
        assert broadcasts.about_law(session) == {"law 2027-01-01": again}
        with pytest.raises(NotAllowed, match="not_stopped"):
            broadcasts.resume(session, first.id)
