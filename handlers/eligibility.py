"""Whether a person may join on a day: the ages of nlp's facts, the rules of eligibility.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from handlers.steps.dates import full_years, thai_date
from handlers.steps.outcome import Value
from nlp.facts import facts_on

Answers = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class No:
    """Why a person can't join today: `code` picks the words, `hints` fill them.

    possible_on: the day on which this reason falls away by itself.
    """

    code: str
    hints: Mapping[str, str] = field(default_factory=dict)
    possible_on: date | None = None


def verdict(answers: Answers, today: date) -> No | None:
    """The first reason against joining among the answers given so far; None: none is known."""
    return _age(answers, today) or _rule(answers, today)


def _age(answers: Answers, today: date) -> No | None:
    born = birth_date(answers)
    if born is None:
        return None
    facts = facts_on(today)
    age, least, most = full_years(born, today), facts["age.min"], facts["age.max"]
    hints = {"age": str(age), "min": str(least), "max": str(most)}
    if age < least:
        from_day = _birthday(born, least)
        return No("too_young", hints | {"date": thai_date(from_day)}, from_day)
    return No("too_old", hints) if age > most else None


def _rule(answers: Answers, today: date) -> No | None:
    for rule in _file()["rule"]:
        if _holds(rule, today) and answers.get(rule["step"]) in rule["answers"]:
            return No(rule["id"])
    return None


def options_allowed(answers: Answers, today: date) -> tuple[str, ...] | None:
    """The options open to this person where a rule narrows them; None: all."""
    for rule in _file()["option_rule"]:
        if _holds(rule, today) and answers.get(rule["step"]) in rule["answers"]:
            return tuple(rule["options"])
    return None


def needs_guardian(answers: Answers, today: date) -> bool:
    """Old enough to join, but not of age."""
    born = birth_date(answers)
    return born is not None and full_years(born, today) < majority()


def majority() -> int:
    """The age from which a person consents alone."""
    years: int = _file()["majority"]["years"]
    return years


def birth_date(answers: Answers) -> date | None:
    """The birth date answered, if any."""
    value = answers.get("birth_date")
    return date.fromisoformat(value) if isinstance(value, str) else None


def _birthday(born: date, years: int) -> date:
    """The day on which `years` full years are reached; born on 29 February: 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def _holds(rule: Mapping[str, Any], today: date) -> bool:
    starts: date = rule["from"]
    ends: date | None = rule.get("to")
    return starts <= today and (ends is None or today <= ends)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "eligibility.toml").read_text(encoding="utf-8"))
