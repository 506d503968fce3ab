"""What people type at each step: the table of odd answers, one row a test."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from handlers.registration import REGISTRATION
from handlers.steps.outcome import Heard, Invalid, More, Value

TODAY = date(2026, 11, 25)
TABLE = Path(__file__).parents[2] / "data" / "answers.tsv"


def rows() -> Iterator[tuple[str, str, str]]:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            step, text, expected = line.split("\t")
            yield step, text, expected


def written(step: str, value: Value) -> str:
    if isinstance(value, str):
        return value
    names = ("title", "first", "last") if step == "name" else ("tambon", "district", "province")
    return "|".join(value[name] for name in names)


def understood(step_id: str, text: str) -> str:
    """A value, ?code or !code as the table writes them."""
    step = REGISTRATION.step(step_id)
    assert step is not None
    try:
        return written(step_id, step.parser.read(text, Heard(TODAY)))
    except Invalid as refusal:
        return f"!{refusal.code}" if refusal.code in step.parser.invalid else "undeclared"
    except More as more:
        first = more.partial.get("date") if more.code == "confirm_year" else None
        return f"?{more.code}" + (f"={first}" if first else "")


@pytest.mark.parametrize(("step", "text", "expected"), list(rows()))
def test_an_answer_is_understood_as_the_table_says(step: str, text: str, expected: str) -> None:
    assert understood(step, text) == expected


def test_the_table_is_long_enough() -> None:
    assert len(list(rows())) >= 400
