"""What the documents on security and personal data say is there: tests, files, tables, periods."""

import re
from collections import Counter
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from db.models import metadata

ROOT = Path(__file__).parents[2]
ASVS = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROPA = (ROOT / "docs" / "ropa.md").read_text(encoding="utf-8")
REQUIREMENT = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\w+)[^|]*\|(.*)\|(.*)\|$", re.MULTILINE)
CITED = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|md|txt|toml|html|js))(?:::(\w+))?`")
PERIOD = re.compile(
    r"^\|[^|]+\|[^|]+\| (?:\D*)(\d+) (days|hours)[^|]*\| `([\w.]+)` \|$", re.MULTILINE
)
BY_CHAPTER = {1: 28, 2: 11, 3: 19, 4: 10, 5: 9, 6: 36, 7: 19, 8: 7, 9: 7}
BY_CHAPTER |= {11: 15, 12: 9, 13: 14, 14: 11, 15: 13, 16: 17}
"""Rows of each chapter: the 217 of levels 1 and 2 outside V10 and V17, and 8 of level 3."""
STATES = {"met": "met", "open": "open", "not": "not applicable"}


@pytest.mark.parametrize("text", [ASVS, ROPA], ids=["asvs", "ropa"])
def test_what_is_cited_is_there(text: str) -> None:
    cited = CITED.findall(text)
    assert cited
    for path, test in cited:
        assert (ROOT / path).is_file(), path
        if test:
            code = (ROOT / path).read_text(encoding="utf-8")
            assert re.search(rf"^(?:async )?def {test}\(", code, re.MULTILINE), f"{path}::{test}"


def test_each_requirement_has_one_row_that_says_how() -> None:
    rows = REQUIREMENT.findall(ASVS)
    assert len({row[0] for row in rows}) == len(rows)
    assert Counter(int(row[0].partition(".")[0]) for row in rows) == BY_CHAPTER
    for number, state, how, shown in rows:
        assert state in STATES, number
        assert how.strip(), number
        assert state == "not" or CITED.search(shown), f"{number} cites nothing"
    counted = Counter(row[1] for row in rows)
    told = f"{counted['met']} met, {counted['open']} open, {counted['not']} not applicable"
    assert told in ASVS


def test_each_line_of_the_consoles_bar_was_seen_to_fail() -> None:
    bar = ASVS.partition("## The console's bar")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:4] for line in bar.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 40
    for what, shown, seen in rows:
        assert "::" in shown, what
        assert seen.strip(), what


def test_every_table_is_in_the_record() -> None:
    named = set(re.findall(r"`(\w+)`", ROPA))
    assert set(metadata.tables) - named == set()


def test_the_periods_are_those_of_the_code() -> None:
    rows = PERIOD.findall(ROPA)
    assert len(rows) >= 9
    for number, unit, constant in rows:
        module, _, name = constant.rpartition(".")
        assert getattr(import_module(module), name) == timedelta(**{unit: int(number)}), constant
