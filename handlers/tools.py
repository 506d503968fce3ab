"""What a decision may ask of the world. Real ones live in bot/, fakes in tests/."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

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
class Kit:
    """A volunteer's own code. figures: by name, as text; a dash for one that is too small to show.
    papers: name of a button → path of the picture.
    """

    code: str
    name: str
    figures: Mapping[str, str]
    papers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EventNumber:
    """A person's number at an event of today, and the last one that was called (0: none yet)."""

    event: str
    number: int
    last_called: int


@dataclass(frozen=True, slots=True)
class Access:
    """Who looked at the person's data: the office, never the officer."""

    at: datetime
    office: str
    what: str


class Tools(Protocol):
    """Reads, and one thing that is done by asking for it (`check_in`)."""

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

    def campaign(self, code: str) -> str | None:
        """The name of the campaign behind a poster's code; None if there is none."""
        ...

    def check_in(self, code: str) -> int | None:
        """This person's number at the event behind the code, given now unless they have one; None:
        the code is not an event's. The answer must hold the number, and asking twice gives the
        same one, so this is the one tool that writes.
        """
        ...

    def volunteer_invitation(self, code: str) -> str | None:
        """The name of the volunteer's code that an invitation is for, while it is good."""
        ...

    def volunteer(self) -> Kit | None:
        """What this person has as a volunteer; None: they are none, or their time is over."""
        ...

    def event_numbers(self) -> tuple[EventNumber, ...]:
        """The numbers this person has at events of today."""
        ...
