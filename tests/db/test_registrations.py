"""Leads on SQLite and PostgreSQL: once only, found again, handed over, lent, counted, erased."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from db import audit, demo, lead_order, lead_search, registrations, subject
from db.lead_queue import take_next
from db.lead_search import Filters, Scope
from db.lead_tables import Registration
from db.lead_work import Act, Refused, attempt, close, undo
from db.models import metadata
from db.session import reading, transaction
from db.staff import Role
from tests import counts
from tests.accounts import account
from tests.web.conftest import form

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
USER, OTHER = "U" + "a" * 32, "U" + "b" * 32
CANARIES = ("สมศรี", "ใจเย็น", "1101700230705", "0812345678", "12 หมู่ 3", "1979-01-05", USER)


def submit(
    engine: Engine, reference: str = "S40-TEST-0001", user: str = USER, **form_: object
) -> int:
    with transaction(engine) as session:
        lead = registrations.submit(
            session, form(reference, **form_), event_id="e", user_id=user, now=NOW
        )
        return lead.id


def officer(engine: Engine, name: str) -> int:
    with transaction(engine) as session:
        return account(session, name, Role.OFFICER, "อุดรธานี", now=NOW).id


def test_the_same_form_twice_is_one_lead(engine: Engine) -> None:
    assert submit(engine) == submit(engine)
    with reading(engine) as session:
        assert len(registrations.leads_of(session, USER)) == 1
        (view,) = registrations.leads_of(session, USER)
    assert (view.status, view.first_name, view.callback_words) == ("new", "สมศรี", "มะม่วง ริมน้ำ")
    assert view.due_on == date(2026, 11, 30)


def test_a_person_is_known_again_without_telling_who(engine: Engine) -> None:
    submit(engine)

    def known(id_number: str | None, tambon: str = "หมากแข้ง") -> str:
        who, born = "สมศรี ใจเย็น", date(1979, 1, 5)
        return registrations.known(
            session, id_number=id_number, name=who, birth_on=born, tambon=tambon
        )

    with reading(engine) as session:
        assert known("1-1017-00230-70-5") == "same"
        assert known(None) == "likely"
        assert known(None, "นาดี") == ""


def test_a_lead_is_handed_over_once(engine: Engine) -> None:
    submit(engine, for_other=True)
    until = NOW + timedelta(days=1)
    with transaction(engine) as session:
        wish = {"user_id": USER, "reference": "S40-TEST-0001", "code": "7K3M9Q"}
        assert registrations.offer_handover(session, until=until, **wish)
    with transaction(engine) as session:
        assert not registrations.claim(
            session, user_id=OTHER, code="7K3M9Q", now=until + timedelta(1)
        )
        assert registrations.claim(session, user_id=OTHER, code="7K3M9Q", now=NOW)
        assert not registrations.claim(session, user_id=USER, code="7K3M9Q", now=NOW)
        assert registrations.leads_of(session, USER) == []
        assert not registrations.withdraw(session, user_id=USER, reference="S40-TEST-0001", now=NOW)


def test_two_officers_never_get_the_same_lead(engine: Engine) -> None:
    for number in range(12):
        submit(engine, f"S40-TEST-{number:04d}")
    people = [officer(engine, name) for name in "abcd"]
    got: list[str] = []

    def work(person: int) -> None:
        for _ in range(3):
            with transaction(engine) as session:
                lead = take_next(session, Scope(("อุดรธานี",)), person, NOW)
                assert lead is not None
                got.append(lead.reference)
                attempt(session, lead, Act(person, lead.version, NOW), "no_answer")

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 12
    assert len(set(got)) == 12
    with transaction(engine) as session:
        assert take_next(session, Scope(("อุดรธานี",)), people[0], NOW) is None
        tomorrow = NOW + timedelta(days=1)
        assert take_next(session, Scope(("อุดรธานี",)), people[0], tomorrow) is not None


def test_a_lent_lead_comes_back_by_itself(engine: Engine) -> None:
    submit(engine)
    first, second = officer(engine, "a"), officer(engine, "b")
    scope = Scope(None)
    with transaction(engine) as session:
        assert take_next(session, scope, first, NOW) is not None
        assert take_next(session, scope, second, NOW) is None
        assert take_next(session, scope, second, NOW + timedelta(minutes=11)) is not None


def test_the_gauges_follow_every_change_and_undo(engine: Engine) -> None:
    submit(engine)
    person = officer(engine, "a")
    start = counts.filed(engine)

    def lead() -> Registration:
        found = registrations.by_reference(session, "S40-TEST-0001")
        assert found is not None
        return found

    with transaction(engine) as session:
        close(session, lead(), Act(person, lead().version, NOW), "member", "applied")
    assert counts.filed(engine) != start
    with transaction(engine) as session:
        with pytest.raises(Refused):
            undo(session, lead(), Act(person, lead().version, NOW + timedelta(seconds=31)))
        undo(session, lead(), Act(person, lead().version, NOW + timedelta(seconds=29)))
    assert counts.filed(engine) == start
    with transaction(engine) as session:
        changes = {"province": "ขอนแก่น", "phone": "0899999999"}
        registrations.correct(
            session, user_id=USER, reference="S40-TEST-0001", changes=changes, now=NOW
        )
    with reading(engine) as session:
        assert counts.filed(engine) == counts.recounted(session)
        assert [found.reference for found in lead_search.search(session, Scope(None), "0899999999")]


def test_the_audit_chain_holds_when_many_write_at_once(engine: Engine) -> None:
    def write() -> None:
        for number in range(10):
            with transaction(engine) as session:
                audit.write(session, at=NOW, action="view", reference=f"S40-{number}")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        assert audit.verify(session) == (40, None)


def test_made_up_leads_are_counted_found_and_paged(engine: Engine) -> None:
    demo.make(engine, 130, NOW)
    with reading(engine) as session:
        assert counts.filed(engine) == counts.recounted(session)
        scope = Scope(None)
        for sort in lead_order.SORTS:
            after = ""
            seen: list[int] = []
            while True:
                page = lead_search.page(session, scope, Filters(), sort=sort, after=after, now=NOW)
                seen += [lead.id for lead in page.leads]
                after = page.after
                if not after:
                    break
            assert len(seen) == len(set(seen))
            if sort != lead_order.DUE:
                assert len(seen) == 130
        with_day = session.scalars(select(Registration.id).where(Registration.due_on.is_not(None)))
        assert len(with_day.all()) > 0
    submit(engine, "S40-TEST-0002")
    with reading(engine) as session:
        assert len(registrations.leads_of(session, USER)) == 1


def test_nothing_readable_lies_in_the_database_and_erasure_leaves_nothing(engine: Engine) -> None:
    submit(engine)
    assert not [canary for canary in CANARIES if canary in dump(engine)]
    with transaction(engine) as session:
        copy = subject.export_subject(session, USER)
        assert copy["registrations"][0]["id_number"] == "1101700230705"
        assert subject.erase(session, USER, NOW) == 1
        assert subject.erase(session, USER, NOW) == 0
    with reading(engine) as session:
        assert registrations.leads_of(session, USER) == []
        for table in ("registrations", "registration_names", "registration_consents"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0  # noqa: S608


def dump(engine: Engine) -> str:
    """Every cell of every table as text; bytes as UTF-8 where they are."""
    with engine.connect() as connection:
        return "\n".join(
            bytes(cell).decode("utf-8", "ignore")
            if isinstance(cell, bytes | memoryview)
            else str(cell)
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
            for cell in row
        )


def test_a_name_is_found_in_ones_provinces_alone(engine: Engine) -> None:
    submit(engine, "S40-TEST-0001")
    submit(engine, "S40-TEST-0002", province="ขอนแก่น", district="เมืองขอนแก่น", tambon="ในเมือง")
    places = {"": None, "อุดรธานี": ("อุดรธานี",), "ขอนแก่น": ("ขอนแก่น", "ระนอง")}
    expected = {"": 2, "อุดรธานี": 1, "ขอนแก่น": 1}

    def found() -> dict[str, int]:
        with reading(engine) as session:
            return {
                name: len(lead_search.search(session, Scope(provinces), "สมศรี ใจ"))
                for name, provinces in places.items()
            }

    assert found() == expected
    with transaction(engine) as session:
        session.execute(text("UPDATE registration_names SET province = NULL"))
    assert found() == expected, "written by a release that noted no province"


def test_a_name_moves_with_its_person(engine: Engine) -> None:
    submit(engine)
    changes = {"province": "ขอนแก่น", "district": "เมืองขอนแก่น", "tambon": "ในเมือง"}
    with transaction(engine) as session:
        registrations.correct(
            session, user_id=USER, reference="S40-TEST-0001", changes=changes, now=NOW
        )
    with reading(engine) as session:
        assert lead_search.search(session, Scope(("ขอนแก่น",)), "สมศรี")
        assert not lead_search.search(session, Scope(("อุดรธานี",)), "สมศรี")


def test_the_chain_goes_on_through_many_rows_at_once(engine: Engine) -> None:
    def taken(session: Session, *references: str) -> None:
        audit.write_each(
            session,
            references,
            at=NOW,
            action="export",
            staff=1,
            who="a@sso.example",
            office="",
            address="",
        )

    with transaction(engine) as session:
        audit.write(session, at=NOW, action="view", reference="S40-1")
        taken(session, "S40-2", "S40-3")
        taken(session)
        taken(session, "S40-4")
    with reading(engine) as session:
        assert audit.verify(session) == (4, None)
        rows = session.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id)).all()
        assert [row.reference for row in rows] == ["S40-1", "S40-2", "S40-3", "S40-4"]
