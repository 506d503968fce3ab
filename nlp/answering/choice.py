"""Which words of a content file fit what a person named."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from nlp.answering.content import Content
from nlp.answering.fill import Values
from nlp.facts import Reading
from nlp.intents import Intent
from nlp.understanding import Entities


@dataclass(frozen=True, slots=True)
class Question:
    """What a choice is made on. `day` is the day whose law applies."""

    entities: Entities
    facts: Reading
    day: date
    today: date
    lang: str

    @property
    def age(self) -> int | None:
        """Full years: as said, or reckoned from the birth date."""
        born = self.entities.birth_date
        if self.entities.age is not None or born is None:
            return self.entities.age
        had_birthday = (self.today.month, self.today.day) >= (born.month, born.day)
        return max(0, self.today.year - born.year - (not had_birthday))

    @property
    def option(self) -> int | None:
        """1, 2 or 3 when one is named."""
        return self.entities.option if self.entities.option in (1, 2, 3) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """Variants to show one after the other, and the values their words need.

    page: the question whose content is used instead, where another page answers better.
    cards: which of the cards to show, by place; None: all.
    """

    keys: tuple[str, ...] = ()
    values: Values = field(default_factory=dict)
    page: Intent | None = None
    cards: tuple[int, ...] | None = None


Chooser = Callable[[Question], Choice]


def asked_small(question: Question, page: Content) -> Choice | None:
    """The one sentence for a small question, where the page has it. Until which day one may join
    goes below what is said of the age, where that is known.
    """
    small = question.entities.particular
    if small == "until_day" and question.age is not None:
        return None
    key = f"particular.{small}"
    return Choice((key,)) if key in page.variants else None


def by_name(question: Question) -> Choice:
    """The plain choice: the schemes named, else the option, else the base."""
    return Choice(named_keys(question))


def named_keys(question: Question) -> tuple[str, ...]:
    """The variants for what was named, best first; those a page lacks are passed over."""
    entities = question.entities
    keys = [f"scheme.{scheme}" for scheme in entities.schemes[:2]]
    if question.option:
        keys.append(f"option.{question.option}")
    return tuple(keys)
