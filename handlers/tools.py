"""What a decision may ask of the world. Real ones live in bot/, fakes in tests/."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from handlers.outreach_tools import OutreachTools
from nlp.answering.content import Content
from nlp.intents import Intent
from nlp.understanding import Topic, Understanding


@dataclass(frozen=True, slots=True)
class LeadSummary:
    """A registration as its own person (or helper) may see it."""

    reference: str
    first_name: str
    status: str
    """new, assigned, contacting, appointment, member, ineligible, unreachable, …"""
    since: datetime
    province: str
    option: int | None
    callback_words: str
    due_on: date | None
    for_other: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """Who looked at the person's data: the office, never the officer."""

    at: datetime
    office: str
    what: str


class Tools(OutreachTools, Protocol):
    """What conversation and outreach may ask; all of it reads, but for two of OutreachTools."""

    now: datetime
    """Aware UTC; fixed for one decision."""

    def understand(self, text: str, topic: Topic | None) -> Understanding: ...

    def page(self, intent: Intent) -> Content:
        """The words of an answer: the file's, or what staff put in their place."""
        ...

    def leads(self) -> tuple[LeadSummary, ...]:
        """The registrations of this LINE account, newest first."""
        ...

    def accesses(self) -> tuple[Access, ...]:
        """Who looked at this person's data, newest first."""
        ...

    def known(self, *, id_number: str | None, name: str, birth_on: date, tambon: str) -> str:
        """`same` (same ID number), `likely` (same name, birth date, tambon) or empty."""
        ...

    def new_reference(self) -> str:
        """A fresh reference with a check character, e.g. S40-7K3M-9QX2."""
        ...

    def new_code(self) -> str:
        """A fresh unguessable one-time code (hand-over, data link)."""
        ...

    def callback_words(self) -> str:
        """Two easy Thai words that the officer must say first."""
        ...

    def call_due(self) -> date:
        """By when an officer calls about a registration submitted now (Thai working days)."""
        ...

    def receipt_picture(self, reference: str) -> str:
        """The path of the reference as a QR picture; empty: there is none."""
        ...

    def receipt_calendar(self, reference: str, due: date) -> str:
        """The path of a calendar file with the day of the call; empty: there is none."""
        ...

    def handover_open(self, code: str) -> LeadSummary | None:
        """The lead behind a hand-over code that is still good."""
        ...

    def private_link(self) -> str:
        """Opens the bot's private chat, with this group's code if it has one."""
        ...

    def form_page(self) -> str:
        """Where the form can be filled in on one page inside LINE; empty: there is no such page."""
        ...
