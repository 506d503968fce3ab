"""Made-up leads are like real ones: readable, found, counted alike, on both kinds of database."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.staff.offices import several
from db import demo, lead_search, rollups, schema, tallies
from db.demo_people import reference_of
from db.keyring import unlock
from db.lead_cells import cell, person
from db.lead_search import Scope
from db.lead_tables import ConsentRow, LeadEvent, NamePrefix, Registration
from db.people import Person
from db.rollups import AT, OfficeRollup, Rollup
from db.session import make_engine, reading, transaction
from db.tallies import Tally, TallyWeek
from tests.path.crew import OUTER

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
OF_LEADS = ("submitted", "contacted", "member")


def counted(session: Session) -> dict[rollups.Key, int]:
    rows = session.scalars(select(Rollup).where(Rollup.metric.not_in(("talks", "forms"))))
    found = {(r.metric, r.split, r.day, r.province, r.value): r.n for r in rows}
    for r in session.scalars(select(OfficeRollup)):
        found[(r.metric, r.split, r.day, f"{r.province}{AT}{r.office}", r.value)] = r.n
    return found


def one_by_one(session: Session) -> dict[rollups.Key, int]:
    """What the roll-ups must hold."""
    found = rollups.with_sums(flows(session))
    return {key: n for key, n in found.items() if key[1] != tallies.PLACE and n}


def flows(session: Session) -> dict[rollups.Key, int]:
    """What `db.rollups` says of each lead."""
    found: Counter[rollups.Key] = Counter()
    for lead in session.scalars(select(Registration)):
        changes = [*rollups.flow("submitted", lead, lead.created_at)]
        changes += rollups.moved(None, rollups.standing(lead))
        changes += rollups.ended(lead, lead.status, lead.status_since)
        if lead.first_contact_at is not None:
            changes += rollups.waited(lead, lead.first_contact_at)
        for key, number in changes:
            found[key] += number
    return dict(found)


def test_the_database_counts_as_the_program_does(engine: Engine) -> None:
    demo.make(engine, 400, NOW)
    with transaction(engine) as session:
        assert counted(session) == one_by_one(session)
        board = _board(session)
        for row in (*session.scalars(select(Tally)), *session.scalars(select(TallyWeek))):
            for metric in tallies.METRICS:
                setattr(row, metric, 0)
        session.flush()
        tallies.add_leads(session, flows(session))
        session.expire_all()
        assert _board(session) == board
        assert sum(sum(numbers) for numbers in board.values()) > 0


def _board(session: Session) -> dict[object, tuple[int, ...]]:
    rows = (*session.scalars(select(Tally)), *session.scalars(select(TallyWeek)))
    return {
        (row.key, getattr(row, "week", None)): tuple(getattr(row, name) for name in OF_LEADS)
        for row in rows
    }


def test_leads_of_a_province_with_several_offices_are_mostly_handed_to_one(engine: Engine) -> None:
    demo.make(engine, 80, NOW, provinces=("กรุงเทพมหานคร", "ระนอง"))
    with reading(engine) as session:
        leads = session.scalars(select(Registration)).all()
        offices = [lead.office for lead in leads if lead.province == "กรุงเทพมหานคร"]
        assert not any(lead.office for lead in leads if lead.province == "ระนอง")
        assert {one.id for one in several()} >= set(filter(None, offices))
        assert len(offices) * 0.6 < sum(map(bool, offices)) < len(offices)


def test_made_up_leads_are_read_and_found_like_real_ones(engine: Engine) -> None:
    demo.make(engine, 300, NOW)
    everywhere = Scope(None)
    with reading(engine) as session:
        leads = session.scalars(select(Registration)).all()
        assert len({lead.reference for lead in leads}) == 300
        for lead in leads[:40]:
            who = person(session, lead)
            assert all((who.first_name, who.birth_on, who.address))
            assert cell(session, lead, "owner_id").startswith("U")
            assert cell(session, lead, "callback_words")
            words = (lead.reference, who.phone, f"{who.first_name} {who.last_name}")
            for told in (*words, *([who.id_number] if who.id_number else [])):
                found = lead_search.search(session, everywhere, told)
                assert lead.id in {one.id for one in found}, told
        twice = [lead for lead in leads if lead_search.likely_same(session, everywhere, lead)]
        assert twice


def test_every_lead_has_its_consent_history_and_person(engine: Engine) -> None:
    demo.make(engine, 200, NOW)
    with reading(engine) as session:
        for model in (ConsentRow, Person):
            assert session.scalar(select(func.count()).select_from(model)) == 200
        calls = select(LeadEvent.registration, func.count()).where(LeadEvent.kind == "attempt")
        rows = session.execute(calls.group_by(LeadEvent.registration))
        tried = {row[0]: row[1] for row in rows}
        for lead in session.scalars(select(Registration)):
            assert lead.attempts == tried.get(lead.id, 0)
        named = select(func.count(NamePrefix.registration.distinct()))
        assert session.scalar(named) == 200


def test_more_leads_are_added_to_those_that_are_there(engine: Engine) -> None:
    demo.make(engine, 60, NOW)
    demo.make(engine, 60, NOW, seed=41)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Registration)) == 120
        assert counted(session) == one_by_one(session)


def test_several_processes_make_what_one_makes_and_put_the_indexes_back(
    engine: Engine, tmp_path: Path
) -> None:
    demo.make(engine, 4_500, NOW, provinces=("ระนอง",), processes=2)
    assert schema.differences(engine) == []
    alone = make_engine(f"sqlite:///{tmp_path}/alone.db")
    schema.migrate(alone)
    alone = unlock(alone, OUTER)
    demo.make(alone, 4_500, NOW, provinces=("ระนอง",), processes=1)
    assert people_of(engine) == people_of(alone)
    with transaction(engine) as session:
        assert counted(session) == one_by_one(session)


def people_of(engine: Engine) -> list[tuple[object, ...]]:
    with reading(engine) as session:
        leads = session.scalars(select(Registration).order_by(Registration.id).limit(2_200)).all()
        return [
            (lead.reference, lead.status, lead.tambon, lead.created_at, person(session, lead))
            for lead in leads
        ]


def test_no_two_numbers_have_the_same_reference() -> None:
    assert len({reference_of(number) for number in range(20_000)}) == 20_000
