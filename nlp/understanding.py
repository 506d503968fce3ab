"""What a message was understood to mean: the shapes shared by the whole of nlp and by handlers."""

from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

from nlp.intents import Intent

SURE = 0.8
"""The confidence from which a message is called out of scope to the person's face."""


class Outcome(StrEnum):
    """What to do with a prediction: answer it, ask «หมายถึง…», or say that one doesn't know."""

    ANSWER = "answer"
    ASK = "ask"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entities:
    """What a message names besides the intent. None and () mean not named."""

    option: int | None = None
    """1, 2 or 3, when exactly one is named."""
    options: tuple[int, ...] = ()
    """All options named, in order ("ทางเลือก 2 กับ 3")."""
    age: int | None = None
    """Full years."""
    birth_date: date | None = None
    months: int | None = None
    """Months paid, or asked about."""
    missed: int | None = None
    """Months missed after the `months` paid; missed months alone are `months`."""
    amount: int | None = None
    """Baht."""
    days: int | None = None
    """Days ill or in hospital."""
    in_hospital: bool | None = None
    rest_days: int | None = None
    """Days of rest ordered besides the `days` in hospital."""
    visits: int | None = None
    """Visits to a doctor without a stay."""
    children: int | None = None
    child_ages: tuple[int, ...] = ()
    """The ages of the children, when several are told."""
    on: date | None = None
    """The day the question is about: its law applies."""
    on_words: str | None = None
    """The words of the message that named `on`."""
    province: str | None = None
    """Thai name without the word จังหวัด, e.g. ขอนแก่น."""
    district: str | None = None
    tambon: str | None = None
    occupation: str | None = None
    """An id: farmer, vendor, rider, driver, homeworker, fisher, builder, maid, freelancer,
    online_seller, artisan, barber, labourer, other."""
    benefit: str | None = None
    """The benefit a claim is about: sickness, disability, death, old_age, child."""
    particular: str | None = None
    """The small question asked of the page: fee, deadline, future… (nlp.particulars)."""
    schemes: tuple[str, ...] = ()
    """Other schemes named: s33, s39, gold_card, welfare_card, nsf, civil_service, private,
    old_age_allowance."""

    def to_json(self) -> dict[str, Any]:
        """Only what is named; dates in ISO form, Common Era."""
        out: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if value is None or value == ():
                continue
            if isinstance(value, date):
                value = value.isoformat()
            out[f.name] = list(value) if isinstance(value, tuple) else value
        return out


@dataclass(frozen=True, slots=True)
class Topic:
    """What the talk is about, to resolve «แล้วทางเลือก 3 ล่ะ». The caller lets it lapse."""

    intent: Intent
    entities: Entities = field(default_factory=Entities)


@dataclass(frozen=True, slots=True)
class Understanding:
    """A message understood.

    text: normalised; ID and phone numbers masked.
    intent: the best reading, `out_of_scope` when it won't guess.
    confidence: calibrated, 0 to 1.
    suggestions: up to 3 intents worth offering, best first (the choices of ASK).
    others: further questions of the same message, in order, each an Understanding of its own part.
    """

    text: str
    intent: Intent
    confidence: float
    outcome: Outcome
    entities: Entities = field(default_factory=Entities)
    suggestions: tuple[Intent, ...] = ()
    others: tuple["Understanding", ...] = ()

    @property
    def elsewhere(self) -> bool:
        """Surely about something else: told so kindly, not that it wasn't understood."""
        sure = self.confidence >= SURE
        return self.outcome is Outcome.UNKNOWN and self.intent is Intent.OUT_OF_SCOPE and sure
