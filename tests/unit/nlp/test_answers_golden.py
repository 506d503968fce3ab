"""Questions and what their answers must and must not say, by date.

Expected numbers are terms over facts, so that no number of the law is typed here:
``{sickness.paid}``, ``{5*sickness.rest_per_day}``, ``{child.paid-10}``, sums with ``+``,
and ``{2025-12-31:child.amount}`` under the law of another day.
"""

import json
import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nlp.answers import answer
from nlp.facts import Facts, facts_on
from nlp.intents import Intent
from nlp.understanding import Entities
from tests.unit.nlp.law_numbers import in_text

DATA = Path(__file__).parents[2] / "data"
SETS: dict[str, list[dict[str, Any]]] = {
    name: [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    for name in ("golden.jsonl", "golden_second.jsonl", "golden_third.jsonl")
}
"""The second was written from the fact sheet alone, by another hand than the answers; the third
holds the edges: ages, months, days and days of change."""
ROWS = [row for rows in SETS.values() for row in rows]
_TERM = re.compile(r"\{(?:(\d{4}-\d\d-\d\d):)?([^}]+)\}")
_DATES = ("on", "birth_date")
_TUPLES = ("options", "schemes")


def entities_of(row: dict[str, Any]) -> Entities:
    given = dict(row.get("entities", {}))
    for key in _DATES:
        if key in given:
            given[key] = date.fromisoformat(given[key])
    for key in _TUPLES:
        if key in given:
            given[key] = tuple(given[key])
    return Entities(**given)


def expected(template: str, day: date) -> str:
    """The template with its terms worked out under the law of a day."""

    def replace(match: re.Match[str]) -> str:
        facts = facts_on(date.fromisoformat(match[1]) if match[1] else day)
        if match[2] in facts:
            return facts.fact(match[2]).text()
        return f"{_sum(match[2], facts):,}"

    return _TERM.sub(replace, template)


def _sum(term: str, facts: Facts) -> int:
    return sum(
        (-1 if sign == "-" else 1)
        * math.prod(int(f) if f.isdecimal() else facts[f] for f in product.split("*"))
        for sign, product in re.findall(r"([+-]?)([^+-]+)", term)
    )


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['q']} {r['today']}" for r in ROWS])
def test_golden(row: dict[str, Any]) -> None:
    entities = entities_of(row)
    today = date.fromisoformat(row["today"])
    made = answer(
        Intent(row["intent"]),
        entities,
        today=today,
        lang=row.get("lang", "th"),
        easy=row.get("easy", False),
    )
    law_day = made.on
    for template in row["must_contain"]:
        assert expected(template, law_day) in made.text
    for template in row.get("must_not_contain", ()):
        assert expected(template, law_day) not in made.text


@pytest.mark.parametrize("name", ["golden.jsonl", "golden_second.jsonl"])
def test_a_golden_set_is_wide(name: str) -> None:
    rows = SETS[name]
    assert len(rows) >= 250
    assert {row["intent"] for row in rows} == set(Intent)
    assert {row["today"] for row in rows} == {"2025-12-31", "2026-01-01", "2026-11-25"}


def test_golden_rows_type_no_number_of_the_law() -> None:
    typed = [
        (row["q"], hits)
        for row in ROWS
        for template in (*row["must_contain"], *row.get("must_not_contain", ()))
        if (hits := in_text(template))
    ]
    assert typed == []


def test_the_same_question_differs_across_the_new_year() -> None:
    old, new = (
        answer(Intent.BENEFIT_CHILD, today=day).text
        for day in (date(2025, 12, 31), date(2026, 1, 1))
    )
    assert old != new
