"""What must happen besides talking: bot.effects turns these into rows, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """The consent a person gave: which text, when, who read it out (empty: they themselves)."""

    version: str
    at: datetime
    read_by: str = ""
    relationship: str = ""
    guardian: bool = False


@dataclass(frozen=True, slots=True)
class SubmitRegistration:
    """A finished form becomes a lead. Values are checked; `reference` is the key (once only)."""

    reference: str
    callback_words: str
    consent: Consent
    title: str
    first_name: str
    last_name: str
    birth_on: date
    id_number: str | None
    card_kind: str
    phone: str
    province: str
    district: str
    tambon: str
    address: str
    occupation: str
    option: int | None
    contact_time: str
    for_other: bool = False
    notify_only: bool = False
    """Not eligible today; wishes to be told when that changes."""
    campaign: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CorrectRegistration:
    """The person corrects fields of a lead: keys of SubmitRegistration, values as text."""

    reference: str
    changes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WithdrawRegistration:
    reference: str


@dataclass(frozen=True, slots=True)
class ReopenRegistration:
    """«ยังไม่ได้รับการติดต่อ»: a lead closed or overdue goes back to the queue."""

    reference: str


@dataclass(frozen=True, slots=True)
class EraseMe:
    """Erase all that is held on this person; a keyed tombstone is kept."""


@dataclass(frozen=True, slots=True)
class AskStaff:
    """The person wants a human: a talk in the officers' list. `why` is an id, not their words."""

    why: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class NoteUnanswered:
    """A question the bot could not answer, masked, for the content editors."""

    text: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ForgetMessage:
    """The person unsent a message: drop what was stored of it."""

    message_id: str


@dataclass(frozen=True, slots=True)
class ForgetEvent:
    """This was not said to the bot: nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class SetReachable:
    """Followed (true) or blocked (false): pushes to a person who blocked are not tried."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class SetMenu:
    """Which rich menu the person sees: new, progress or registered."""

    menu: str


@dataclass(frozen=True, slots=True)
class SetNews:
    """Whether the person wants news; answers and word of their own registration come anyway."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class LeaveGroup:
    pass


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """This group belongs to a campaign: its private links carry the code."""

    code: str


@dataclass(frozen=True, slots=True)
class SetWeeklyCard:
    """Whether this group wants a card each week with how far its place has come."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class ForgetGroup:
    """The bot is no longer in the group."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Wake this talk at `at` with a Reminder(kind); a later Remind of the same kind replaces it."""

    kind: str
    at: datetime | None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TouchCampaign:
    """The person came by a poster's code: first and last touch are kept."""

    code: str


@dataclass(frozen=True, slots=True)
class NameVolunteer:
    """The name that this volunteer wants on their thank-you."""

    name: str


@dataclass(frozen=True, slots=True)
class AllowHelp:
    """Whether the volunteer by whom this person came may see their first name, and help."""

    allowed: bool


@dataclass(frozen=True, slots=True)
class CallNumber:
    """The organiser of an event calls a number; its person is told."""

    code: str
    number: int


@dataclass(frozen=True, slots=True)
class RideAlong:
    """This answer carries the news of that number: nobody else may send it to this person."""

    number: int


@dataclass(frozen=True, slots=True)
class OfferHandOver:
    """A one-time code: the person a helper registered claims the lead on their own LINE."""

    reference: str
    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ClaimLead:
    """The person behind a hand-over code takes the lead; the helper sees nothing more."""

    code: str


@dataclass(frozen=True, slots=True)
class ShareMyData:
    """A short-lived link (random `token`) under which the person downloads what is held."""

    token: str
    until: datetime


Effect = (
    SubmitRegistration
    | CorrectRegistration
    | WithdrawRegistration
    | ReopenRegistration
    | EraseMe
    | AskStaff
    | NoteUnanswered
    | ForgetMessage
    | ForgetEvent
    | SetReachable
    | SetMenu
    | SetNews
    | LeaveGroup
    | LinkGroup
    | SetWeeklyCard
    | ForgetGroup
    | Remind
    | TouchCampaign
    | NameVolunteer
    | AllowHelp
    | CallNumber
    | RideAlong
    | OfferHandOver
    | ClaimLead
    | ShareMyData
)
