"""OutreachTools kept in memory, and the effects that change them."""

from dataclasses import dataclass, field

from handlers.effects import (
    AllowHelp,
    CallNumber,
    Effect,
    LinkGroup,
    NameVolunteer,
    RideAlong,
    TouchCampaign,
)
from handlers.outreach_tools import Desk, EventNumber, Invitation, Kit, WaitingNews

_FIGURES = ("reached", "started", "submitted", "contacted", "member")


@dataclass(slots=True)
class OutreachWorld:
    """Codes, events, volunteers and groups that several people's talks share."""

    campaigns: dict[str, str] = field(default_factory=dict)
    invitations: dict[str, str] = field(default_factory=dict)
    """Invitations → the code they are for."""
    volunteers: dict[str, str] = field(default_factory=dict)
    """Code → the person who has it."""
    events: dict[str, list[str]] = field(default_factory=dict)
    """Codes that are an event's, and who came, in order."""
    called: dict[str, list[int]] = field(default_factory=dict)
    first_codes: dict[str, str] = field(default_factory=dict)
    """Person → the code they first came by."""
    helped: dict[str, str] = field(default_factory=dict)
    """Person → the code whose volunteer they agreed to."""
    thanks: dict[str, str] = field(default_factory=dict)
    news: dict[str, WaitingNews] = field(default_factory=dict)
    """Person → the news that rides on their next answer."""
    groups: dict[str, str] = field(default_factory=dict)
    """The codes of groups, by chat."""


class OutreachMemory:
    """handlers.outreach_tools.OutreachTools for one person."""

    __slots__ = ()
    user: str
    world: OutreachWorld

    def campaign(self, code: str) -> str | None:
        return self.world.campaigns.get(code)

    def check_in(self, code: str) -> int | None:
        guests = self.world.events.get(code)
        if guests is None:
            return None
        if self.user not in guests:
            guests.append(self.user)
        return guests.index(self.user) + 1

    def event_numbers(self) -> tuple[EventNumber, ...]:
        return tuple(
            EventNumber(
                self.world.campaigns[code],
                guests.index(self.user) + 1,
                max(self.world.called.get(code, ()), default=0),
            )
            for code, guests in self.world.events.items()
            if self.user in guests
        )

    def invitation(self, code: str) -> Invitation | None:
        wanted = self.world.invitations.get(code, "")
        if self.world.volunteers.get(wanted, self.user) != self.user:
            return None
        name = self.world.campaigns.get(wanted)
        return Invitation(name, wanted in self.world.events) if name else None

    def take_up(self, code: str) -> Invitation | None:
        found = self.invitation(code)
        if found is not None:
            self.world.volunteers[self.world.invitations[code]] = self.user
        return found

    def volunteer(self) -> Kit | None:
        code = self._code(event=False)
        if not code:
            return None
        figures = dict.fromkeys(_FIGURES, "–")
        helped = tuple(user for user, to in self.world.helped.items() if to == code)
        return Kit(code, self.world.campaigns[code], figures, {}, helped)

    def desk(self) -> Desk | None:
        code = self._code(event=True)
        if not code:
            return None
        guests, called = self.world.events[code], self.world.called.get(code, [])
        numbers = [n for n in range(1, len(guests) + 1) if n not in called]
        return Desk(
            code,
            self.world.campaigns[code],
            len(guests),
            len(called),
            max(called, default=0),
            tuple(numbers[:2]),
            "–",
            "–",
        )

    def helper(self, code: str = "") -> str:
        wanted = self.world.first_codes.get(self.user) or code
        has = self.world.volunteers.get(wanted, self.user) != self.user
        return self.world.campaigns[wanted] if has else ""

    def waiting_news(self) -> WaitingNews | None:
        return self.world.news.get(self.user)

    def reach_out(self, effect: Effect) -> None:
        """Make an effect of outreach true in this World."""
        match effect:
            case TouchCampaign(code):
                self.world.first_codes.setdefault(self.user, code)
            case AllowHelp(True):
                self.world.helped[self.user] = self.world.first_codes[self.user]
            case AllowHelp():
                self.world.helped.pop(self.user, None)
            case NameVolunteer(name):
                self.world.thanks[self.user] = name
            case CallNumber(code, number):
                self.world.called.setdefault(code, []).append(number)
            case RideAlong():
                del self.world.news[self.user]
            case LinkGroup(code):
                self.world.groups[self.user] = code

    def _code(self, *, event: bool) -> str:
        mine = (code for code, user in self.world.volunteers.items() if user == self.user)
        return next((code for code in mine if (code in self.world.events) is event), "")
