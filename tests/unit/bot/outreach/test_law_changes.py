"""Amounts that will change, told ahead: from the dated facts, the unsure ones hedged."""

import tomllib
from datetime import date

import pytest

from bot.outreach.law_changes import ahead
from nlp.facts import Book, facts_on, parse

BEFORE = date(2025, 12, 20)
TOMORROW = """
checked_on = 2026-11-23
history_from = 2018-06-01
[sources]
a = {{ title = "A", url = "https://a.example" }}
[contribution.option1]
unit = "baht_per_month"
rows = [
  {{ to = 2026-12-31, value = 70, confidence = "A", sources = ["a"] }},
  {{ from = 2027-01-01, value = {value}, confidence = "{confidence}", sources = ["a"] }},
]
"""


def law(value: int, confidence: str) -> Book:
    return parse(tomllib.loads(TOMORROW.format(value=value, confidence=confidence)))


def test_what_changed_with_the_year_2569_is_told_before_it() -> None:
    (day,) = ahead(BEFORE)
    assert day.on == date(2026, 1, 1)
    assert day.options == (1, 2, 3)
    for key in ("child.amount", "sickness.visit_amount"):
        old, new = (facts_on(on).fact(key).text() for on in (BEFORE, day.on))
        assert f"จาก {old} เป็น {new} บาท" in day.message
    assert "ค่าทำศพ" not in day.message  # its amount stays
    assert "โทรถาม 1506 ให้แน่ใจ" in day.message  # the new amounts of disability have one source


def test_nothing_is_told_of_what_is_past_far_off_or_known_to_nobody() -> None:
    assert ahead(date(2026, 1, 1)) == []
    assert ahead(date(2025, 9, 30)) == []


@pytest.mark.parametrize(
    ("value", "confidence", "days"), [(90, "A", 1), (90, "B", 1), (90, "C", 0), (70, "A", 0)]
)
def test_what_is_not_confirmed_or_does_not_change_is_not_told(
    value: int, confidence: str, days: int
) -> None:
    found = ahead(date(2026, 11, 25), law(value, confidence))
    assert len(found) == days
    for day in found:
        assert day.options == (1,)
        assert ("ให้แน่ใจ" in day.message) is (confidence == "B")
        assert "1 มกราคม 2570" in day.message
        assert len(day.message) < 500


def test_every_amount_that_may_be_told_is_one_of_the_facts() -> None:
    for day in ahead(BEFORE):
        for change in day.changes:
            assert change.after.unit.startswith("baht")
