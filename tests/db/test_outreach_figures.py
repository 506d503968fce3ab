"""Codes, and the figures of codes and places: exact, each person once, whatever is sent twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import mydata
from db import (
    campaigns,
    erasure,
    event_queue,
    help_wishes,
    people,
    registrations,
    reminders,
    retention,
    tallies,
    touches,
)
from db.campaigns import Campaign
from db.lead_tables import MEMBER, NEW
from db.session import transaction
from db.tallies import Figures, place_key
from tests.web.conftest import form

pytestmark = pytest.mark.db
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TAMBON = place_key("อุดรธานี", "เมืองอุดรธานี", "หมากแข้ง")


def campaign(session: Session) -> Campaign:
    return campaigns.create(
        session,
        kind="village",
        name="บ้านหนองบัว",
        province="อุดรธานี",
        district="เมืองอุดรธานี",
        tambon="หมากแข้ง",
        village="บ้านหนองบัว",
        starts_on=date(2026, 1, 1),
        now=NOW,
    )


def test_a_person_counts_once_for_a_code_and_its_places(engine: Engine) -> None:
    with transaction(engine) as session:
        code = campaign(session).code
        for _ in range(3):
            touches.touch(session, "U1", code, NOW)
        touches.touch(session, "U2", code, NOW)
    with transaction(engine) as session:
        found = tallies.of(session, [code, TAMBON, "อุดรธานี"])
        assert {key: one.reached for key, one in found.items()} == {
            code: 2,
            TAMBON: 2,
            "อุดรธานี": 2,
        }


def test_the_first_and_the_last_touch_are_kept(engine: Engine) -> None:
    with transaction(engine) as session:
        first, second = campaign(session).code, campaign(session).code
        touches.touch(session, "U1", first, NOW)
        touches.touch(session, "U1", second, NOW)
        person = people.person(session, "U1", NOW)
        assert (person.first_campaign, person.last_campaign) == (first, second)
        touches.form_begun(session, "U1", NOW)
        touches.form_begun(session, "U-by-itself", NOW)
        assert tallies.of(session, [first])[first].started == 1
        assert tallies.of(session, [second])[second].started == 0


def test_a_code_nobody_made_counts_nowhere(engine: Engine) -> None:
    with transaction(engine) as session:
        touches.touch(session, "U1", campaigns.new_code(), NOW)
        registrations.submit(
            session,
            form("S40-A", campaign="UDN-MKT"),
            event_id="e",
            user_id="U1",
            now=NOW,
        )
        assert tallies.within(session, TAMBON, tallies.CODE) == {}
        assert tallies.of(session, [TAMBON])[TAMBON] == Figures(submitted=1)


def test_figures_follow_a_lead_to_member_and_back(engine: Engine) -> None:
    with transaction(engine) as session:
        code = campaign(session).code
        lead = registrations.submit(
            session,
            form("S40-A", campaign=code),
            event_id="e",
            user_id="U1",
            now=NOW,
        )
        registrations.set_status(session, lead, MEMBER, NOW)
        for key in (code, TAMBON, "อุดรธานี"):
            assert tallies.of(session, [key])[key] == Figures(submitted=1, member=1)
        registrations.set_status(session, lead, NEW, NOW)
        for key in (code, TAMBON, "อุดรธานี"):
            assert tallies.of(session, [key])[key] == Figures(submitted=1)
        weeks = tallies.weeks_of(session, [TAMBON], date(2026, 11, 1))
        assert weeks == {date(2026, 11, 23): Figures(submitted=1)}


def test_a_corrected_place_moves_the_figures(engine: Engine) -> None:
    with transaction(engine) as session:
        registrations.submit(
            session,
            form("S40-A"),
            event_id="e",
            user_id="U1",
            now=NOW,
        )
        registrations.correct(
            session, user_id="U1", reference="S40-A", changes={"tambon": "บ้านเลื่อม"}, now=NOW
        )
        there = place_key("อุดรธานี", "เมืองอุดรธานี", "บ้านเลื่อม")
        found = tallies.of(session, [TAMBON, there, "อุดรธานี"])
        assert found[TAMBON] == Figures()
        assert found[there] == found["อุดรธานี"] == Figures(submitted=1)


def test_a_copy_of_my_data_tells_how_i_came_and_erasing_forgets_it(engine: Engine) -> None:
    with transaction(engine) as session:
        code = campaign(session).code
        touches.touch(session, "U1", code, NOW)
        reminders.remind(session, "U1", "pay", NOW, {"day": "5"})
        held = mydata.everything(session, "U1")
        assert held["came_by_codes"] == [{"code": code, "at": NOW.isoformat()}]
        assert held["reminders"] == [{"kind": "pay", "at": NOW.isoformat()}]
        assert held["wants_news"] is True
        erasure.erase(session, "U1", NOW)
        held = mydata.everything(session, "U1")
        assert (held["came_by_codes"], held["reminders"], held["wants_news"]) == ([], [], False)
        assert tallies.of(session, [code])[code].reached == 1


def test_after_its_time_nobody_knows_who_came_and_the_figures_stay(engine: Engine) -> None:
    with transaction(engine) as session:
        old, new = campaign(session).code, campaign(session).code
        touches.touch(session, "U1", old, NOW)
        touches.touch(session, "U2", old, NOW)
        touches.touch(session, "U2", new, NOW + timedelta(days=300))
        event_queue.check_in(session, old, "U1", NOW)
        help_wishes.agree(session, "U1", old, NOW)
        at = NOW + timedelta(days=29)
        assert retention.purge_outreach(session, at) == 0
        assert retention.purge_outreach(session, NOW + timedelta(days=366)) > 0
        session.expire_all()
        assert touches.came_by(session, "U1") == []
        assert [code for code, _at in touches.came_by(session, "U2")] == [new]
        assert people.first_code(session, "U1") == ""
        assert people.first_code(session, "U2") == old  # they came again since
        assert event_queue.of_person(session, "U1") == []
        assert event_queue.check_in(session, old, "U3", NOW) == 2
        assert help_wishes.of_person(session, "U1") == ""
        assert tallies.of(session, [old])[old].reached == 2
