"""What outreach may ask of the world: codes, the day of an event, volunteers, news that waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation is for: a volunteer's code, or an event's desk."""

    name: str
    event: bool = False


@dataclass(frozen=True, slots=True)
class Kit:
    """A volunteer's own code. figures: by name, as text; a dash for one that is too small to show.
    papers: name of a button → path of the picture. helped: first names of those who agreed to be
    helped and stopped half-way.
    """

    code: str
    name: str
    figures: Mapping[str, str]
    papers: Mapping[str, str]
    helped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventNumber:
    """A person's number at an event of today, and the last one that was called (0: none yet)."""

    event: str
    number: int
    last_called: int


@dataclass(frozen=True, slots=True)
class Desk:
    """An event as its organiser sees it. waiting: the numbers that come next, at most two.
    submitted, member: of those who came by its code, as text.
    """

    code: str
    name: str
    given: int
    called: int
    last_called: int
    waiting: tuple[int, ...]
    submitted: str
    member: str


@dataclass(frozen=True, slots=True)
class WaitingNews:
    """News that this person gets with an answer; text: as it is to be said."""

    number: int
    text: str


class OutreachTools(Protocol):
    """Reads, and two things that are done by asking for them (`check_in`, `take_up`): the answer
    depends on who came first, so it can't wait for the transaction that writes the talk. Asked
    again, both say the same.
    """

    def campaign(self, code: str) -> str | None:
        """The name of the campaign behind a poster's code; None if there is none."""
        ...

    def check_in(self, code: str) -> int | None:
        """This person's number at the event behind the code, given now unless they have one; None:
        the code is not an event's.
        """
        ...

    def event_numbers(self) -> tuple[EventNumber, ...]:
        """The numbers this person has at events of today."""
        ...

    def invitation(self, code: str) -> Invitation | None:
        """What a one-time text invites this person to, while it is good and nobody else's."""
        ...

    def take_up(self, code: str) -> Invitation | None:
        """Take up an invitation for this person; None: somebody was faster, or it has run out."""
        ...

    def volunteer(self) -> Kit | None:
        """What this person has as a volunteer; None: they are none, or their time is over."""
        ...

    def desk(self) -> Desk | None:
        """The event that this person organises; None: none that runs."""
        ...

    def helper(self, code: str = "") -> str:
        """The volunteer by whose code this person first came, while they are one; empty: nobody.
        code: what they come by just now.
        """
        ...

    def waiting_news(self) -> WaitingNews | None:
        """News that is to be said below this person's next answer."""
        ...
