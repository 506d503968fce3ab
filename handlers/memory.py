"""Tools and effects kept in memory: the bot without a database (`python -m handlers`, tests)."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from handlers.effects import (
    ClaimLead,
    CorrectRegistration,
    Effect,
    EraseMe,
    OfferHandOver,
    ReopenRegistration,
    SubmitRegistration,
    WithdrawRegistration,
)
from handlers.outreach_memory import OutreachMemory, OutreachWorld
from handlers.tools import Access, LeadSummary
from handlers.turn import BANGKOK
from nlp import understand
from nlp.answering.content import Content, content
from nlp.intents import Intent
from nlp.understanding import Topic, Understanding

CALL_WITHIN = timedelta(days=3)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_WORDS = ("มะม่วง", "ส้มโอ", "ขนมครก", "ใบบัว", "ดาวเหนือ", "ข้าวหอม", "ปลาทู", "ลำไย")


@dataclass(slots=True)
class Kept:
    """A registration in memory: whose it is, and the form as it was sent."""

    owner: str
    form: SubmitRegistration
    status: str
    since: datetime
    due_on: date | None


@dataclass(slots=True)
class World(OutreachWorld):
    """What several people's talks share: registrations, hand-over codes, posters."""

    leads: list[Kept] = field(default_factory=list)
    codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    form_page: str = ""
    looks: list[Access] = field(default_factory=list)


def letters(count: int) -> str:
    """Unguessable letters that are hard to misread."""
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


@dataclass(slots=True)
class MemoryTools(OutreachMemory):
    """handlers.tools.Tools for one person, over a World."""

    now: datetime
    user: str = "me"
    world: World = field(default_factory=World)
    draw: Callable[[int], str] = letters
    hear: Callable[[str, Topic | None, date], Understanding] = understand

    def understand(self, text: str, topic: Topic | None) -> Understanding:
        return self.hear(text, topic, self._today())

    def page(self, intent: Intent) -> Content:
        return content(intent)

    def leads(self) -> tuple[LeadSummary, ...]:
        own = [lead for lead in self.world.leads if lead.owner == self.user]
        return tuple(_summary(lead) for lead in reversed(own))

    def accesses(self) -> tuple[Access, ...]:
        return tuple(self.world.looks)

    def known(self, *, id_number: str | None, name: str, birth_on: date, tambon: str) -> str:
        open_ = [k.form for k in self.world.leads if k.status not in ("withdrawn", "ineligible")]
        if id_number and any(f.id_number == id_number for f in open_):
            return "same"
        like = (name, birth_on, tambon)
        same = (f"{f.first_name} {f.last_name}" for f in open_)
        found = zip(same, open_, strict=True)
        return "likely" if any((n, f.birth_on, f.tambon) == like for n, f in found) else ""

    def new_reference(self) -> str:
        return f"S40-{self.draw(4)}-{self.draw(4)}"

    def new_code(self) -> str:
        return self.draw(20)

    def callback_words(self) -> str:
        first = len(self.world.leads) % len(_WORDS)
        return f"{_WORDS[first]} {_WORDS[first - 3]}"

    def call_due(self) -> date:
        return self._today() + CALL_WITHIN

    def receipt_picture(self, reference: str) -> str:
        return f"/pictures/qr/{reference}-key.png"

    def receipt_calendar(self, reference: str, due: date) -> str:
        return f"/calendar/{reference}-{due:%Y%m%d}-key.ics"

    def handover_open(self, code: str) -> LeadSummary | None:
        reference, until = self.world.codes.get(code, ("", self.now))
        if until <= self.now:
            return None
        return next((_summary(k) for k in self.world.leads if k.form.reference == reference), None)

    def private_link(self) -> str:
        code = self.world.groups.get(self.user, "")
        return f"https://line.me/R/oaMessage/%40test/?{code}"

    def form_page(self) -> str:
        return self.world.form_page

    def apply(self, effects: Iterable[Effect]) -> None:
        """Make effects true in this World; those that concern LINE or a database do nothing."""
        for effect in effects:
            self._apply(effect)

    def _apply(self, effect: Effect) -> None:
        match effect:
            case SubmitRegistration():
                status = "waiting" if effect.notify_only else "new"
                due = None if effect.notify_only else self.call_due()
                self.world.leads.append(Kept(self.user, effect, status, self.now, due))
            case CorrectRegistration(reference, changes):
                for lead in self._of(reference):
                    lead.form = corrected(lead.form, dict(changes))
            case WithdrawRegistration(reference):
                self._move(reference, "withdrawn")
            case ReopenRegistration(reference):
                self._move(reference, "new")
            case OfferHandOver(reference, code, until):
                self.world.codes[code] = (reference, until)
            case ClaimLead(code):
                reference, _ = self.world.codes.pop(code)
                for lead in self._of(reference):
                    lead.owner = self.user
                    lead.form = replace(lead.form, for_other=False)
            case EraseMe():
                self.world.leads = [k for k in self.world.leads if k.owner != self.user]
            case _:
                self.reach_out(effect)

    def _of(self, reference: str) -> list[Kept]:
        return [k for k in self.world.leads if k.form.reference == reference]

    def _move(self, reference: str, status: str) -> None:
        for lead in self._of(reference):
            lead.status, lead.since = status, self.now

    def _today(self) -> date:
        return self.now.astimezone(BANGKOK).date()


def corrected(form: SubmitRegistration, changes: dict[str, str]) -> SubmitRegistration:
    """The form with corrections, which come as text."""
    typed: dict[str, object] = dict(changes)
    if "birth_on" in changes:
        typed["birth_on"] = date.fromisoformat(changes["birth_on"])
    if "option" in changes:
        typed["option"] = int(changes["option"]) if changes["option"].isdigit() else None
    return replace(form, **typed)  # type: ignore[arg-type]  # the keys are fields of the form


def _summary(lead: Kept) -> LeadSummary:
    form = lead.form
    return LeadSummary(
        reference=form.reference,
        first_name=form.first_name,
        status=lead.status,
        since=lead.since,
        province=form.province,
        option=form.option,
        callback_words=form.callback_words,
        due_on=lead.due_on,
        for_other=form.for_other,
    )
