"""What a decision may ask of the world, from the database: reads only, each in a short snapshot."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from stdnum import luhn

from bot.outreach.links import chat_link
from bot.outreach.suppress import cell
from bot.receipts import ReceiptLinks
from db import (
    budget,
    campaigns,
    event_queue,
    groups,
    registrations,
    subject,
    tallies,
    volunteers,
    workdays,
)
from db.registrations import LeadView
from db.session import reading, transaction
from handlers.tools import Access, EventNumber, Kit, LeadSummary
from nlp.answering.content import Content, Pages, content
from nlp.intents import Intent
from nlp.understanding import Topic, Understanding

BANGKOK = ZoneInfo("Asia/Bangkok")
REFERENCE_LETTERS = 7
CODE_LETTERS = 20
PAPERS = ("poster", "thanks")
"""Of a volunteer; see `bot.outreach.kit`."""
T = TypeVar("T")
Understand = Callable[[str, Topic | None, date], Understanding]


class DatabaseTools:
    """handlers.tools.Tools for one decision about one person."""

    def __init__(
        self,
        engine: Engine,
        understand: Understand,
        user: str,
        now: datetime,
        form_page: str = "",
        receipts: ReceiptLinks | None = None,
        pages: Pages = content,
    ) -> None:
        self.now = now
        self._engine = engine
        self._understand = understand
        self._user = user
        self._form_page = form_page
        self._receipts = receipts
        self._pages = pages

    def understand(self, text: str, topic: Topic | None) -> Understanding:
        """What a message means, by today's calendar in Thailand."""
        return self._understand(text, topic, self._today())

    def page(self, intent: Intent) -> Content:
        """The words of an answer, with what staff reworded."""
        return self._pages(intent)

    def leads(self) -> tuple[LeadSummary, ...]:
        """The registrations of this LINE account, newest first."""
        return self._read(
            lambda session: tuple(_summary(v) for v in registrations.leads_of(session, self._user))
        )

    def accesses(self) -> tuple[Access, ...]:
        """Who looked at this person's data, newest first."""
        return self._read(
            lambda session: tuple(
                Access(look.at, look.office, look.what)
                for look in subject.accesses_of(session, self._user)
            )
        )

    def known(self, *, id_number: str | None, name: str, birth_on: date, tambon: str) -> str:
        """`same`, `likely` or empty: is this person registered already?"""
        return self._read(
            lambda session: registrations.known(
                session, id_number=id_number, name=name, birth_on=birth_on, tambon=tambon
            )
        )

    def new_reference(self) -> str:
        """A fresh reference with a check character, e.g. S40-7K3M-9QX2."""
        body = campaigns.letters(REFERENCE_LETTERS)
        whole = body + str(luhn.calc_check_digit(body, alphabet=campaigns.ALPHABET))
        return f"S40-{whole[:4]}-{whole[4:]}"

    def new_code(self) -> str:
        """A fresh code that nobody guesses."""
        return campaigns.letters(CODE_LETTERS)

    def callback_words(self) -> str:
        """Two easy Thai words that the officer must say first."""
        first, second = secrets.SystemRandom().sample(_EASY_WORDS, 2)
        return f"{first} {second}"

    def call_due(self) -> date:
        """By when an officer calls about a registration submitted now."""
        return workdays.after(self._today(), registrations.FIRST_CALL_WORKING_DAYS)

    def receipt_picture(self, reference: str) -> str:
        """The address of its QR."""
        return self._receipts.picture(reference) if self._receipts else ""

    def receipt_calendar(self, reference: str, due: date) -> str:
        """The address of its day in the calendar."""
        return self._receipts.calendar(reference, due) if self._receipts else ""

    def handover_open(self, code: str) -> LeadSummary | None:
        """The lead behind a hand-over code that is still good."""

        def look(session: Session) -> LeadSummary | None:
            found = registrations.handover_open(session, code, self.now)
            return _summary(found) if found is not None else None

        return self._read(look)

    def private_link(self) -> str:
        """Opens the bot's private chat, with the code of this group; empty as long as unknown."""

        def look(session: Session) -> str:
            account = budget.basic_id(session)
            code = groups.known(session, self._user).code
            return chat_link(account, code) if account else ""

        return self._read(look)

    def form_page(self) -> str:
        """The LIFF address of the form page, if it is set up."""
        return self._form_page

    def campaign(self, code: str) -> str | None:
        """The name of the campaign behind a poster's code."""

        def look(session: Session) -> str | None:
            found = campaigns.find(session, code, self._today())
            return found.name if found is not None else None

        return self._read(look)

    def check_in(self, code: str) -> int | None:
        """A number at an event, in a transaction of its own; the same one when asked again."""
        found = self._read(lambda session: campaigns.find(session, code, self._today()))
        if found is None or found.kind != "event":
            return None
        with transaction(self._engine) as session:
            return event_queue.check_in(session, found.code, self._user, self.now)

    def volunteer_invitation(self, code: str) -> str | None:
        """The name behind an invitation that is still good."""

        def look(session: Session) -> str | None:
            found = volunteers.invited(session, code, self.now, self._today())
            return found.name if found is not None else None

        return self._read(look)

    def volunteer(self) -> Kit | None:
        """The volunteer's own code, figures and papers."""

        def look(session: Session) -> Kit | None:
            found = volunteers.of_person(session, self._user, self._today())
            if found is None:
                return None
            figures = tallies.of(session, [found.code]).get(found.code, tallies.Figures())
            shown = {name: cell(getattr(figures, name)) for name in tallies.METRICS}
            links = self._receipts
            return Kit(
                found.code,
                found.name,
                {name: "–" if n is None else f"{n:,}" for name, n in shown.items()},
                {f"kit_{paper}": links.paper(paper, found.code) for paper in PAPERS}
                if links
                else {},
            )

        return self._read(look)

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

    def _today(self) -> date:
        return self.now.astimezone(BANGKOK).date()

    def _read(self, look: Callable[[Session], T]) -> T:
        with reading(self._engine) as session:
            return look(session)


def _summary(view: LeadView) -> LeadSummary:
    return LeadSummary(
        reference=view.reference,
        first_name=view.first_name,
        status=view.status,
        since=view.since,
        province=view.province,
        option=view.option,
        callback_words=view.callback_words,
        due_on=view.due_on,
        for_other=view.for_other,
    )


_EASY_WORDS = Path(__file__).with_name("callback_words.txt").read_text(encoding="utf-8").split()
