"""Broadcasts: approved by another, each person once, whatever dies in between."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from bot import jobs
from bot.line.errors import LineError, Verdict
from bot.outreach.mailing import Mailing
from db import (
    broadcast_batches,
    broadcasts,
    budget,
    inbox,
    news_reach,
    outbox,
    people,
    registrations,
    reminders,
    riders,
)
from db.broadcast_tables import Batch, Broadcast
from db.broadcasts import NotAllowed
from db.lead_tables import Registration
from db.outbox import DROPPED, FAILED, MESSAGE, SENT, UNSURE, Outgoing
from db.session import transaction
from db.staff import Role
from tests.accounts import account
from tests.web.conftest import form

pytestmark = pytest.mark.db
NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)


class Killed(BaseException):
    """The process died here."""


class FakeLine:
    """LINE's multicast: a retry key is taken once; `trouble` says what goes wrong on which call."""

    def __init__(self, trouble: Callable[[int, list[str]], str] = lambda _n, _to: "") -> None:
        self.taken: dict[str, tuple[str, ...]] = {}
        self.calls = 0
        self.trouble = trouble

    def multicast(self, to: list[str], messages: list[dict[str, Any]], retry_key: str) -> object:
        self.calls += 1
        assert "ไม่รับข่าว" in messages[0]["text"]
        what = self.trouble(self.calls, to)
        if what == "die before":
            raise Killed
        if what in {"refused", "again", "quota"}:
            raise LineError(Verdict(what))
        if retry_key in self.taken:
            assert self.taken[retry_key] == tuple(to)
        self.taken[retry_key] = tuple(to)
        if what == "die after":
            raise Killed
        if what == "unsure":
            raise LineError(Verdict.UNSURE)
        return None

    def bot_info(self) -> tuple[str, str]:
        return "U0", "@test"

    def quota(self) -> tuple[int | None, int]:
        return None, 0

    @property
    def seen(self) -> Counter[str]:
        return Counter(user for batch in self.taken.values() for user in batch)


class Office:
    """Two supervisors, some leads, a clock."""

    def __init__(self, engine: Engine, leads: int, budget_of: int = 1_000_000) -> None:
        self.engine = engine
        self.now = NOON
        self.budget = budget_of
        with transaction(engine) as session:
            for name in ("one", "two"):
                account(session, name, Role.SUPERVISOR, now=NOON)
            for n in range(leads):
                registrations.submit(
                    session,
                    form(f"S40-{n:04d}", district="เมืองอุดรธานี" if n % 2 else "หนองหาน"),
                    event_id=f"e{n}",
                    user_id=f"U{n // 2 if n < 20 else n}",
                    now=NOON,
                )

    def approved(self, **filters: str) -> int:
        with transaction(self.engine) as session:
            number = broadcasts.draft(session, "ข่าวดี", filters, 1, self.now).id
        with transaction(self.engine) as session:
            broadcasts.approve(session, number, 2, self.now)
        return number

    def run(self, line: FakeLine, rounds: int = 12, passed: float = 60) -> None:
        for _ in range(rounds):
            mailing = Mailing(self.engine, line, self.budget, now=lambda: self.now)
            with suppress(Killed):
                mailing.look()
            self.now += timedelta(seconds=passed)

    def state(self, number: int) -> tuple[str, str]:
        with transaction(self.engine) as session:
            found = session.get_one(Broadcast, number)
            return found.state, found.why_stopped


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_batches, "PEOPLE_A_BATCH", 7)


def test_each_person_gets_it_once_and_nobody_else(engine: Engine) -> None:
    office, line = Office(engine, 60), FakeLine()
    with transaction(engine) as session:
        people.person(session, "U30", NOON).reachable = False
        people.person(session, "U31", NOON).news = False
        assert news_reach.reach(session, {}) == 50
    number = office.approved()
    office.run(line, rounds=3)
    wanted = {f"U{n}" for n in range(10)} | {f"U{n}" for n in range(20, 60)}
    assert line.seen == Counter(wanted - {"U30", "U31"})
    assert office.state(number) == ("done", "")
    with transaction(engine) as session:
        left = session.execute(
            select(func.count()).select_from(Batch).where(Batch.people.is_not(None))
        )
        assert left.scalar_one() == 0
        assert broadcasts.progress(session, number) == {"sent": 48}


@pytest.mark.parametrize("what", ["die before", "die after", "unsure", "again"])
def test_trouble_on_any_call_changes_nothing_for_people(engine: Engine, what: str) -> None:
    office = Office(engine, 60)
    line = FakeLine(lambda n, _to: what if n in {1, 4, 5} else "")
    number = office.approved()
    office.run(line)
    assert len(line.seen) == 50
    assert set(line.seen.values()) == {1}
    assert office.state(number)[0] == "done"


def test_one_bad_account_does_not_keep_the_others_from_it(engine: Engine) -> None:
    office = Office(engine, 40)
    line = FakeLine(lambda _n, to: "refused" if "U25" in to else "")
    number = office.approved()
    office.run(line)
    assert set(line.seen) == ({f"U{n}" for n in range(10)} | {f"U{n}" for n in range(20, 40)}) - {
        "U25"
    }
    with transaction(engine) as session:
        assert broadcasts.progress(session, number) == {"sent": 29, "failed": 1}


def test_nothing_rings_at_night(engine: Engine) -> None:
    office, line = Office(engine, 20), FakeLine()
    office.approved()
    office.now = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)  # 20:30 in Thailand
    office.run(line, rounds=2)
    assert line.calls == 0
    office.now = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    office.run(line, rounds=2)
    assert len(line.seen) == 10


def test_people_of_a_broadcast_that_stays_stopped_are_forgotten(engine: Engine) -> None:
    office = Office(engine, 30, budget_of=20)
    number = office.approved()
    office.run(FakeLine(), rounds=2)
    with transaction(engine) as session:
        broadcasts.stop(session, number, "staff")
        broadcasts.purge(session, office.now + timedelta(days=29))
        assert riders.waiting(session, number) > 0
        broadcasts.purge(session, office.now + timedelta(days=31))
        assert riders.waiting(session, number) == 0


def test_line_says_the_month_is_over(engine: Engine) -> None:
    office = Office(engine, 30)
    line = FakeLine(lambda _n, _to: "quota")
    number = office.approved()
    office.run(line, rounds=2, passed=400)
    assert office.state(number) == ("riding", "")
    assert line.seen == Counter()
    with transaction(engine) as session:
        month = budget.month(session, NOON.date())
        assert month is not None
        assert month.used == month.limit


def test_the_writer_cannot_approve_and_nobody_twice(engine: Engine) -> None:
    Office(engine, 2)
    with transaction(engine) as session:
        number = broadcasts.draft(session, "ข่าว", {}, 1, NOON).id
        with pytest.raises(NotAllowed, match="own_draft"):
            broadcasts.approve(session, number, 1, NOON)
        broadcasts.approve(session, number, 2, NOON)
        with pytest.raises(NotAllowed, match="not_a_draft"):
            broadcasts.approve(session, number, 2, NOON)


def test_filters_choose_the_people(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    office, line = Office(engine, 60), FakeLine()
    with transaction(engine) as session:
        wanted = {"district": "หนองหาน", "option": "2"}
        there = news_reach.reach(session, wanted)
        monkeypatch.setattr(news_reach, "COUNTED", 0)
        assert news_reach.reach(session, wanted | {"province": "อุดรธานี"}) >= there > 0
        everybody = news_reach.reach(session, {})
        assert everybody == session.scalar(select(func.count(Registration.id)))
        assert news_reach.reach(session, wanted | {"status": "member"}) == 0
    office.approved(district="หนองหาน", option="2")
    office.run(line, rounds=3)
    assert len(line.seen) == there == 30


def test_the_forecast_follows_the_last_days() -> None:
    days = [(date(2026, 11, n), 100 * n) for n in range(1, 11)]
    assert budget.forecast(days) == 3000
    assert budget.forecast([(date(2026, 11, 10), 100)]) == 300
    assert budget.forecast([(date(2026, 12, 31), 70)]) == 70


def test_each_rank_waits_when_messages_run_short(engine: Engine) -> None:
    with transaction(engine) as session:
        for kind in ("unfinished", "expire", "pay"):
            reminders.remind(session, "U1", kind, NOON, {})
        budget.note_quota(session, NOON.date(), 96, 100)
        assert jobs.send_reminders(session, NOON) == 1  # the one that is not said
        budget.note_quota(session, NOON.date(), 96, 110)
        assert jobs.send_reminders(session, NOON) == 1  # the deadline
        budget.note_quota(session, NOON.date(), 96, 1000)
        assert jobs.send_reminders(session, NOON) == 1


@pytest.mark.parametrize(
    ("ends", "goes_on"),
    [
        ([(FAILED, "refused_400"), (FAILED, "refused_400")], False),
        ([(DROPPED, "blocked"), (FAILED, "refused_400")], False),
        ([(FAILED, "refused_400"), (SENT, "")], True),
        ([(SENT, ""), (FAILED, "refused_400"), (FAILED, "refused_400")], False),
        ([(FAILED, "refused_400")], True),
        ([(DROPPED, "budget"), (UNSURE, "key_over")], True),
        ([], True),
    ],
)
def test_reminders_end_when_line_refused_two_in_a_row(
    engine: Engine, ends: list[tuple[int, str]], goes_on: bool
) -> None:
    with transaction(engine) as session:
        for n, (status, outcome) in enumerate(ends):
            row = Outgoing(f"r{n}", "U1", n, f"reminder-pay-{n}", MESSAGE, b"{}", n)
            outbox.add(session, [row], n)
            ended = replace(row, status=status, outcome=outcome)
            outbox.mark(session, [ended], n)
        other = Outgoing("x", "U1", 9, "an answer", MESSAGE, b"{}", 9, status=SENT)
        outbox.add(session, [other], 9)
        for kind in ("pay", "expire"):
            reminders.remind(session, "U1", kind, NOON, {"day": "5"})
        jobs.send_reminders(session, NOON)
        told = [event.payload for event in inbox.pending(session, ["U1"], 9)]
        assert any(b"expire" in payload for payload in told)
        assert any(b'"pay"' in payload for payload in told) is goes_on
        assert reminders.waiting(session, "U1") == []
