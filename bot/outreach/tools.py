"""handlers.outreach_tools.OutreachTools for one decision, from the database."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

import orjson
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.outreach.riding import Riding
from bot.outreach.suppress import cell
from bot.receipts import ReceiptLinks
from db import campaigns, conversations, event_queue, help_wishes, people, tallies, volunteers
from db.campaigns import Campaign
from db.rollups import thai_day
from db.session import reading, transaction
from handlers.conversation import Conversation
from handlers.outreach_tools import Desk, EventNumber, Invitation, Kit, WaitingNews
from handlers.volunteers import first_name_waiting

PAPERS = ("poster", "thanks")
"""Of a volunteer; see `bot.outreach.kit`."""
HELPED_SHOWN = 20
T = TypeVar("T")


class OutreachDatabaseTools:
    """Reads in short snapshots; `check_in` and `take_up` each in a transaction of its own."""

    def __init__(
        self,
        engine: Engine,
        user: str,
        now: datetime,
        happened: datetime | None = None,
        receipts: ReceiptLinks | None = None,
        riding: Riding | None = None,
    ) -> None:
        """happened: when the person wrote; an event counts by that, however late it came in."""
        self.now = now
        self._engine = engine
        self._user = user
        self._happened = min(happened or now, now)
        self._receipts = receipts
        self._riding = riding

    def campaign(self, code: str) -> str | None:
        """The name of the campaign behind a poster's code."""
        found = self._read(lambda session: campaigns.find(session, code, self._day()))
        return found.name if found is not None else None

    def check_in(self, code: str) -> int | None:
        """A number at an event; the same one when asked again."""
        found = self._read(lambda session: campaigns.find(session, code, self._day()))
        if found is None or found.kind != volunteers.EVENT:
            return None
        with transaction(self._engine) as session:
            return event_queue.check_in(session, found.code, self._user, self._happened)

    def event_numbers(self) -> tuple[EventNumber, ...]:
        """The numbers this person has at events of today."""

        def look(session: Session) -> tuple[EventNumber, ...]:
            mine = event_queue.of_person(session, self._user)
            events = [(campaigns.find(session, code, self._today()), n) for code, n in mine]
            return tuple(
                EventNumber(one.name, n, event_queue.standing(session, one.code).last_called)
                for one, n in events
                if one is not None
            )

        return self._read(look)

    def invitation(self, code: str) -> Invitation | None:
        """What a one-time text invites this person to."""
        return self._read(
            lambda session: _invitation(
                volunteers.invited(session, code, self._user, self.now, self._today())
            )
        )

    def take_up(self, code: str) -> Invitation | None:
        """Take up an invitation; the first one has it."""
        with transaction(self._engine) as session:
            return _invitation(
                volunteers.take_up(session, code, self._user, self.now, self._today())
            )

    def volunteer(self) -> Kit | None:
        """The volunteer's own code, figures, papers, and who waits for them."""

        def look(session: Session) -> Kit | None:
            found = volunteers.of_person(session, self._user, volunteers.VOLUNTEER, self._today())
            if found is None:
                return None
            figures = tallies.of(session, [found.code]).get(found.code, tallies.Figures())
            links = self._receipts
            return Kit(
                found.code,
                found.name,
                {name: _shown(getattr(figures, name)) for name in tallies.METRICS},
                {f"kit_{paper}": links.paper(paper, found.code) for paper in PAPERS}
                if links
                else {},
                self._helped(session, found.code),
            )

        return self._read(look)

    def desk(self) -> Desk | None:
        """The event that this person organises."""

        def look(session: Session) -> Desk | None:
            found = volunteers.of_person(session, self._user, volunteers.EVENT, self._today())
            if found is None:
                return None
            standing = event_queue.standing(session, found.code)
            figures = tallies.of(session, [found.code]).get(found.code, tallies.Figures())
            return Desk(
                code=found.code,
                name=found.name,
                given=standing.given,
                called=standing.called,
                last_called=standing.last_called,
                waiting=tuple(g.number for g in event_queue.waiting(session, found.code, 2)),
                submitted=_shown(figures.submitted),
                member=_shown(figures.member),
            )

        return self._read(look)

    def helper(self, code: str = "") -> str:
        """The volunteer by whose code this person first came, while they are one."""

        def look(session: Session) -> str:
            found = helper_of(session, self._user, self._today(), code)
            return found.name if found is not None else ""

        return self._read(look)

    def waiting_news(self) -> WaitingNews | None:
        """News that rides on this person's next answer."""
        return self._riding.of_person(self._user) if self._riding is not None else None

    def _helped(self, session: Session, code: str) -> tuple[str, ...]:
        """First names from the forms that wait: they are kept nowhere else."""
        users = help_wishes.stopped(session, code, self.now, HELPED_SHOWN)
        states = conversations.load(session, users)
        talks = (Conversation.from_json(orjson.loads(states[u].state or "{}")) for u in users)
        return tuple(name for talk in talks if (name := first_name_waiting(talk)))

    def _today(self) -> date:
        return thai_day(self.now)

    def _day(self) -> date:
        return thai_day(self._happened)

    def _read(self, look: Callable[[Session], T]) -> T:
        with reading(self._engine) as session:
            return look(session)


def helper_of(session: Session, user: str, today: date, code: str = "") -> Campaign | None:
    """The volunteer's code by which this person first came, if somebody else has it now."""
    first = people.first_code(session, user) or code
    found = campaigns.find(session, first, today) if first else None
    if found is None or found.kind != volunteers.VOLUNTEER:
        return None
    holder = volunteers.holder(session, found.code)
    return found if holder not in ("", user) else None


def _invitation(found: Campaign | None) -> Invitation | None:
    if found is None:
        return None
    return Invitation(found.name, event=found.kind == volunteers.EVENT)


def _shown(number: int) -> str:
    found = cell(number)
    return "–" if found is None else f"{found:,}"
