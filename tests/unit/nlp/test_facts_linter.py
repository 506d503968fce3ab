"""No number of the law is typed by hand: they live in facts.toml alone."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nlp.answering.typed_numbers import typed_numbers
from nlp.facts import facts_on
from tests.unit.nlp.law_numbers import ROOT, in_asserts, in_python, in_text

CONTENT = sorted(
    path
    for path in (ROOT / "nlp" / "content").glob("*.toml")
    if path.name not in ("facts.toml", "officialese.toml")
)
_WORDS_OF_PEOPLE = ("examples", "lexicon", "model")
"""Folders under nlp/ with what people say, wrong numbers included."""
CODE = sorted(
    path
    for folder in ("nlp", "handlers", "bot", "db")
    for path in (ROOT / folder).rglob("*.py")
    if not set(path.relative_to(ROOT).parts) & set(_WORDS_OF_PEOPLE)
)
WORDS = sorted(
    path
    for folder in ("handlers", "bot")
    for pattern in ("*.toml", "*.html", "*.js", "*.txt")
    for path in (ROOT / folder).rglob(pattern)
    if not {"static", "node_modules"} & set(path.parts)
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
_KEYS_OF_REFERENCES = {"sources", "next", "next_after", "buttons", "colour", "confidence", "value"}


def texts(table: dict[str, Any]) -> Iterator[str]:
    """Every text for people in a content table."""
    for key, value in table.items():
        if key in _KEYS_OF_REFERENCES:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from texts(item)
            elif isinstance(item, list):
                yield from (cell for cell in item if isinstance(cell, str))
            elif isinstance(item, str):
                yield item


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.stem)
def test_content_writes_its_numbers_as_facts(path: Path) -> None:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert [found for text in texts(table) for found in typed_numbers(text)] == []


def test_code_holds_no_number_of_the_law() -> None:
    found = {
        str(path.relative_to(ROOT)): hits
        for path in CODE
        if (hits := list(in_python(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


def test_words_and_templates_hold_no_number_of_the_law() -> None:
    found = {
        str(path.relative_to(ROOT)): hits
        for path in WORDS
        if (hits := in_text(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_tests_expect_no_number_of_the_law() -> None:
    found = {
        str(path.relative_to(ROOT)): hits
        for path in TESTS
        if (hits := list(in_asserts(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


def test_the_linter_sees_what_it_is_for() -> None:
    law = facts_on(date(2026, 1, 1))
    price = law["contribution.option3"]
    grant = f"{law['death.funeral_option1']:,}"
    oldest = law["age.max"]
    assert typed_numbers(f"จ่ายเดือนละ {price} บาท") != []
    assert typed_numbers("จ่ายครบสามเดือน") != []
    assert typed_numbers("อายุ ๑๒๓ ปี") != []
    assert typed_numbers("ทางเลือก 1 และ 2 ตามมาตรา 33 หรือ 39 แบบ สปส. 1-40/2 {facts.age.max}") == []
    for typed in ("ห้าล้านคน", "ครึ่งปี", "ร้อยละห้า", "๓ วัน", "for three months", "①", "２ ครั้ง"):
        assert typed_numbers(typed) != [], typed
    for free in ("{facts.project.members} ล้านคน", "คนที่สองอนุมัติ", "one of them", "ใบรับรองแพทย์ ๆ"):
        assert typed_numbers(free) == [], free
    assert in_text(f"ค่าทำศพ {grant} บาท") != []
    assert in_text("โทรกลับภายใน 3 วันทำการ") == []
    assert list(in_python(f"if age > {oldest}:\n    pass")) != []
    assert list(in_python(f"PRICE_BAHT = {price}")) != []
    assert list(in_python(f"page_size = {price}")) == []
    assert list(in_asserts(f"assert 'เดือนละ {price} บาท' in text")) != []
