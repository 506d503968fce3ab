"""Templates filled: facts are put in once a period and kept, values of the question each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

from nlp.answering.content import ContentError
from nlp.facts import Fact, Facts

Values = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with its facts in place: literal text and slots in turn, and the facts it used."""

    parts: tuple[tuple[str, str | None], ...]
    used: tuple[Fact, ...]

    def text(self, values: Values) -> str:
        """The text with the slots filled by the values of this question."""
        return "".join(
            literal + (_shown(values[slot]) if slot else "") for literal, slot in self.parts
        )


@cache
def filled(template: str, facts: Facts, lang: str) -> Filled:
    """A template with the facts of a period. Raises ContentError for a fact not in force."""
    parts: list[tuple[str, str | None]] = []
    used: list[Fact] = []
    for literal, name, _, _ in Formatter().parse(template):
        if name is None or not name.startswith("facts."):
            parts.append((literal, name))
            continue
        key = name.removeprefix("facts.")
        if key not in facts:
            raise ContentError(f"no fact {key} in force, in: {template[:60]}")
        fact = facts.fact(key)
        used.append(fact)
        parts.append((literal + fact.text(lang), None))
    return Filled(tuple(parts), tuple(used))


def _shown(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else value
