"""The contact sheet shows every variant of every answer, none that LINE would refuse."""

from datetime import date

import pytest

from bot.contact_sheet import variants
from nlp.answering.content import content
from nlp.intents import Intent

SHOWN = list(variants(date(2026, 11, 25)))
NAMES = [one.name.split() for one in SHOWN]


@pytest.mark.parametrize("intent", Intent)
def test_every_variant_is_on_the_sheet(intent: Intent) -> None:
    missing = [
        key
        for key in content(intent).variants
        if not any(name[0] == intent.value and key in name for name in NAMES)
    ]
    assert missing == []


def test_line_takes_every_variant() -> None:
    assert [(one.name, one.made.problems) for one in SHOWN if one.made.problems] == []


def test_older_law_is_on_the_sheet() -> None:
    dated = [name for name in NAMES if name[-1].startswith("20")]
    assert {name[0] for name in dated} >= {
        "benefit_sickness",
        "benefit_disability",
        "benefit_death",
    }
