"""The day of an event: numbers without gaps, once a person, called once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from db import campaigns, event_queue, help_wishes, volunteers
from db.session import transaction

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)


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


def test_one_without_a_phone_gets_the_next_number_and_a_double_click_none(
    engine: Engine, code: str
) -> None:
    with transaction(engine) as session:
        event_queue.check_in(session, code, "U1", NOW)
        assert event_queue.walk_in(session, code, 1, NOW) == 2
        assert event_queue.walk_in(session, code, 1, NOW) is None
        assert event_queue.walk_in(session, code, 2, NOW) == 3
        assert event_queue.check_in(session, code, "U2", NOW) == 4
        assert event_queue.call(session, code, 2, NOW) is not None


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
        assert volunteers.invited(session, "SECRET", "U1", later, TODAY) is None
        for user, has in (("U1", True), ("U2", False), ("U1", True)):
            # The third is the first one's message again, after the worker died.
            assert (volunteers.take_up(session, "SECRET", user, NOW, TODAY) is not None) is has
        mine = volunteers.of_person(session, "U1", "volunteer", TODAY)
        assert mine is not None
        assert mine.code == code
        assert volunteers.of_person(session, "U2", "volunteer", TODAY) is None
        assert volunteers.of_person(session, "U1", "event", TODAY) is None


def test_a_volunteers_rights_end_by_date_or_by_an_officer(engine: Engine) -> None:
    code = _campaign(engine, "volunteer", ends_on=date(2026, 11, 30))
    with transaction(engine) as session:
        volunteers.invite(session, code, "SECRET", datetime(2026, 11, 30, tzinfo=UTC))
        volunteers.take_up(session, "SECRET", "U1", NOW, TODAY)
        of_day = {
            day: volunteers.of_person(session, "U1", "volunteer", date(2026, 11, 29) + day * DAY)
            for day in (1, 2)
        }
        assert of_day[1] is not None
        assert of_day[2] is None
        volunteers.end(session, code)
        assert volunteers.of_person(session, "U1", "volunteer", TODAY) is None


def test_two_who_take_up_one_invitation_at_the_same_moment(engine: Engine) -> None:
    code = _campaign(engine, "volunteer")
    with transaction(engine) as session:
        volunteers.invite(session, code, "SECRET", NOW + DAY)
    together = threading.Barrier(6)

    def take(user: str) -> bool:
        together.wait()
        with transaction(engine) as session:
            return volunteers.take_up(session, "SECRET", user, NOW, TODAY) is not None

    with ThreadPoolExecutor(6) as crowd:
        assert sum(crowd.map(take, [f"U{n}" for n in range(6)])) == 1


def test_those_who_check_in_at_the_same_moment_get_a_number_each(engine: Engine, code: str) -> None:
    together = threading.Barrier(6)

    def come(user: str) -> int:
        together.wait()
        with transaction(engine) as session:
            return event_queue.check_in(session, code, user, NOW)

    with ThreadPoolExecutor(6) as crowd:
        # U0 twice: LINE sent the message again while the first copy was being read.
        users = ["U0", "U0", "U1", "U2", "U3", "U4"]
        numbers = dict(zip(users, crowd.map(come, users), strict=True))
    assert sorted(numbers.values()) == [1, 2, 3, 4, 5]


def test_a_new_volunteer_under_a_code_hears_no_names_told_to_the_one_before(
    engine: Engine,
) -> None:
    code = _campaign(engine, "volunteer")
    with transaction(engine) as session:
        for user, secret in (("U1", "FIRST"), ("U2", "SECOND")):
            volunteers.invite(session, code, secret, NOW + DAY)
            volunteers.take_up(session, secret, user, NOW, TODAY)
            if user == "U1":
                volunteers.give_name(session, user, code, "ทองดี ใจงาม")
                help_wishes.agree(session, "U9", code, NOW)
                assert volunteers.name_given(session, code) == "ทองดี ใจงาม"
        assert help_wishes.of_person(session, "U9") == ""
        assert volunteers.name_given(session, code) == ""
        volunteers.give_name(session, "U1", code, "คนเก่า")
        assert volunteers.name_given(session, code) == ""
