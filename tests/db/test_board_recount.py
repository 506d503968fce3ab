"""The board and the weekly card against a recount: after a long random history of leads, with
corrections, duplicates put together and parted, and changes taken back, every figure is right.
"""

import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.outreach import group_cards
from bot.outreach.suppress import cell
from db import budget, campaigns, groups, inbox, lead_work, registrations, tallies, targets
from db.lead_tables import MEMBER, MERGED, Registration
from db.lead_work import Act, Refused
from db.rollups import thai_day
from db.session import transaction
from db.staff import Role
from db.tallies import OF_LEADS, Figures, TallyWeek, chain, monday, place_key
from db.targets import Wanted
from tests.accounts import account
from tests.web.conftest import form

pytestmark = pytest.mark.db
START = datetime(2026, 10, 5, 3, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
TAMBONS = ("หมากแข้ง", "บ้านเลื่อม", "เชียงพิณ")
LEADS = 60
STEPS = 400


class History:
    """Officers and people at work, drawn by chance."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.dice = random.Random(seed)
        self.now = START
        self.codes = [self._code("village"), self._code("district"), ""]
        self.officer = account(session, "one", Role.OFFICER, "อุดรธานี", now=START).id

    def _code(self, kind: str) -> str:
        return campaigns.create(
            self.session,
            kind=kind,
            name=kind,
            province="อุดรธานี",
            district="เมืองอุดรธานี",
            tambon=TAMBONS[0] if kind == "village" else "",
            starts_on=date(2026, 1, 1),
            now=START,
        ).code

    def run(self) -> None:
        for n in range(LEADS):
            lead = form(
                f"S40-{n}",
                campaign=self.dice.choice(self.codes),
                tambon=self.dice.choice(TAMBONS),
                id_number=None,
                first_name=f"คน{n}",
            )
            registrations.submit(
                self.session, lead, event_id=f"e{n}", user_id=f"U{n}", now=self.later(20)
            )
            for _ in range(STEPS // LEADS):
                with suppress(Refused):
                    self.step()

    def later(self, hours: int) -> datetime:
        self.now += timedelta(hours=self.dice.uniform(0, hours))
        return self.now

    def step(self) -> None:
        lead, other = self.any(), self.any()
        act = Act(self.officer, lead.version, self.later(2))
        what = self.dice.choice(
            ("call", "member", "merge", "merge", "undo", "undo", "back", "move")
        )
        if what == "call":
            lead_work.attempt(self.session, lead, act, self.dice.choice(("reached", "no_answer")))
        elif what == "member":
            lead_work.close(self.session, lead, act, MEMBER, "applied")
        elif what == "merge" and lead.status != MERGED:
            lead_work.merge(self.session, lead, other, act)
        elif what == "undo":
            newest = max(self.all(), key=lambda one: (one.status_since, one.id))
            soon = Act(self.officer, newest.version, newest.status_since + timedelta(seconds=9))
            lead_work.undo(self.session, newest, soon)
        elif what == "back":
            lead_work.reopen(self.session, lead, act, "asked")
        else:
            self.move(lead)

    def move(self, lead: Registration) -> None:
        owner = f"U{lead.reference.removeprefix('S40-')}"
        registrations.correct(
            self.session,
            user_id=owner,
            reference=lead.reference,
            changes={"tambon": self.dice.choice(TAMBONS)},
            now=self.now,
        )

    def all(self) -> list[Registration]:
        return list(self.session.scalars(select(Registration)))

    def any(self) -> Registration:
        return self.dice.choice(self.all())


def recount(session: Session) -> dict[str, Counter[tuple[str, date]]]:
    """Key → (metric, Monday) → people, from the leads themselves."""
    found: dict[str, Counter[tuple[str, date]]] = {}
    for lead in session.scalars(select(Registration).where(Registration.status != MERGED)):
        moments = {"submitted": lead.created_at, "contacted": lead.first_contact_at}
        if lead.status == MEMBER:
            moments["member"] = lead.status_since
        codes = [lead.campaign] if lead.campaign else []
        for key in (*chain(place_key(lead.province, lead.district, lead.tambon)), *codes):
            weeks = found.setdefault(key, Counter())
            for metric, at in moments.items():
                if at is not None:
                    weeks[(metric, monday(thai_day(at)))] += 1
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_and_the_card_are_those_of_a_recount(engine: Engine, seed: int) -> None:
    with transaction(engine) as session:
        history = History(session, seed)
        history.run()
        right = recount(session)
        statuses = Counter(lead.status for lead in history.all())
        assert statuses[MERGED] > 3
        assert statuses[MEMBER] > 3
        for key, weeks in right.items():
            whole = {m: sum(n for (name, _), n in weeks.items() if name == m) for m in OF_LEADS}
            assert tallies.of(session, [key])[key] == Figures(**whole), key
        for row in session.scalars(select(TallyWeek)):
            for metric in OF_LEADS:
                counted = right.get(row.key, Counter())[(metric, row.week)]
                assert getattr(row, metric) == counted, (row.key, row.week, metric)
        village, district, _ = history.codes
        keys = {village: village, district: place_key("อุดรธานี", "เมืองอุดรธานี")}
        targets.load(session, [Wanted(keys[district], 5_000, date(2027, 9, 30))])
        budget.note_quota(session, MONDAY.date(), 0, 10_000)
        for code in keys:
            groups.link(session, f"C{code}", code, MONDAY)
            groups.ask_weekly(session, f"C{code}", True, MONDAY)
        assert group_cards.send_due(session, MONDAY) == 2
        for code, key in keys.items():
            (event,) = inbox.pending(session, [f"C{code}"], 5)
            card = orjson.loads(event.payload)["values"]
            week = right[key][("submitted", monday(MONDAY.date()) - timedelta(days=7))]
            assert card["week"] == shown(week)
            for metric in OF_LEADS:
                total = sum(n for (name, _), n in right[key].items() if name == metric)
                assert card[metric] == shown(total)
            assert card["target"] == ("5,000" if code == district else "")


def shown(number: int) -> str:
    found = cell(number)
    return "<5" if found is None else f"{found:,}"
