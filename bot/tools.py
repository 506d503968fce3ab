"""What a decision may ask of the world, from the database: reads only, each in a short snapshot."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from stdnum import luhn

from bot.outreach.links import chat_link
from bot.outreach.riding import Riding
from bot.outreach.tools import OutreachDatabaseTools
from bot.receipts import ReceiptLinks
from db import (
    budget,
    campaigns,
    groups,
    registrations,
    subject,
    workdays,
)
from db.registrations import LeadView
from handlers.tools import Access, LeadSummary
from nlp.answering.content import Content, Pages, content
from nlp.intents import Intent
from nlp.understanding import Topic, Understanding

BANGKOK = ZoneInfo("Asia/Bangkok")
REFERENCE_LETTERS = 7
CODE_LETTERS = 20
Understand = Callable[[str, Topic | None, date], Understanding]


class DatabaseTools(OutreachDatabaseTools):
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
        happened: datetime | None = None,
        riding: Riding | None = None,
    ) -> None:
        super().__init__(engine, user, now, happened, receipts, riding)
        self._understand = understand
        self._form_page = form_page
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
