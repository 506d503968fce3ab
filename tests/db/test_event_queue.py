"""The day of an event: numbers without gaps, once a person, called once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from db import campaigns, event_queue, volunteers
from db.session import transaction

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)


@pytest.fixture
def code(engine: Engine) -> str:
    return _campaign(engine, "event")


def _campaign(engine: Engine, kind: str, ends_on: date | None = None) -> str:
    with transaction(engine) as session:
        return campaigns.create(
            session,
            kind=kind,
            name="ตลาดนัด",
            province="อุดรธานี",
            starts_on=date(2026, 11, 1),
            ends_on=ends_on,
            now=NOW,
        ).code


def test_a_person_keeps_the_number_they_were_given(engine: Engine, code: str) -> None:
    with transaction(engine) as session:
        first = [event_queue.check_in(session, code, user, NOW) for user in ("U1", "U2", "U1")]
    with transaction(engine) as session:
        again = [event_queue.check_in(session, code, user, NOW) for user in ("U2", "U3")]
    assert (first, again) == ([1, 2, 1], [2, 3])


def test_a_number_is_called_once(engine: Engine, code: str) -> None:
    with transaction(engine) as session:
        for user in ("U1", "U2"):
            event_queue.check_in(session, code, user, NOW)
        assert event_queue.call(session, code, 1, NOW) is not None
        assert event_queue.call(session, code, 1, NOW) is None
        assert event_queue.call(session, code, 9, NOW) is None
        assert event_queue.standing(session, code) == event_queue.Standing(2, 1, 1)
        assert [one.number for one in event_queue.waiting(session, code, 10)] == [2]


def test_an_erased_person_leaves_the_number_behind(engine: Engine, code: str) -> None:
    with transaction(engine) as session:
        event_queue.check_in(session, code, "U1", NOW)
        event_queue.forget(session, "U1")
        assert event_queue.of_person(session, "U1") == []
        assert event_queue.check_in(session, code, "U2", NOW) == 2


def test_an_invitation_works_once_and_until_its_time(engine: Engine) -> None:
    code = _campaign(engine, "volunteer")
    later = datetime(2026, 12, 1, tzinfo=UTC)
    with transaction(engine) as session:
        volunteers.invite(session, code, "SECRET", datetime(2026, 11, 30, tzinfo=UTC))
        assert volunteers.invited(session, "SECRET", later, TODAY) is None
        volunteers.join(session, "U1", "SECRET", NOW)
        volunteers.join(session, "U2", "SECRET", NOW)
        mine = volunteers.of_person(session, "U1", TODAY)
        assert mine is not None
        assert mine.code == code
        assert volunteers.of_person(session, "U2", TODAY) is None


def test_a_volunteers_rights_end_by_date_or_by_an_officer(engine: Engine) -> None:
    code = _campaign(engine, "volunteer", ends_on=date(2026, 11, 30))
    with transaction(engine) as session:
        volunteers.invite(session, code, "SECRET", datetime(2026, 11, 30, tzinfo=UTC))
        volunteers.join(session, "U1", "SECRET", NOW)
        assert volunteers.of_person(session, "U1", date(2026, 11, 30)) is not None
        assert volunteers.of_person(session, "U1", date(2026, 12, 1)) is None
        volunteers.end(session, code)
        assert volunteers.of_person(session, "U1", TODAY) is None
