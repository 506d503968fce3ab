"""facts.toml: periods without gaps, sources, history, staleness."""

from datetime import date, timedelta
from typing import Any

import pytest

from nlp.answering.content import FOLDER
from nlp.facts import (
    STALE_AFTER,
    Confidence,
    FactsError,
    Reading,
    book,
    facts_on,
    facts_report,
    parse,
    short_date,
)

NEW_LAW = date(2026, 1, 1)
LAST_DAY_OF_OLD = date(2025, 12, 31)


def raw(**fact: Any) -> dict[str, Any]:
    """A file with one fact, rows as given."""
    return {
        "checked_on": date(2026, 11, 23),
        "history_from": date(2018, 6, 1),
        "sources": {"a": {"title": "A", "url": "https://a.example"}},
        "group": {"name": {"unit": "baht", **fact}},
    }


def row(**changes: Any) -> dict[str, Any]:
    return {"value": 1, "confidence": "A", "sources": ["a"], **changes}


def test_the_rise_of_2026_begins_on_its_first_day() -> None:
    changed = [
        f.key
        for f in facts_on(NEW_LAW)
        if f.key in facts_on(LAST_DAY_OF_OLD)
        and f.value != facts_on(LAST_DAY_OF_OLD).fact(f.key).value
    ]
    assert sorted(changed) == [
        "child.amount",
        "child.until_age",
        "disability.max_option1",
        "disability.max_option3",
        "disability.min_option1",
        "disability.min_option3",
        "sickness.rest_from_days",
        "sickness.visit_amount",
    ]


def test_contributions_are_the_same_before_and_after_the_cut_and_lower_within_it() -> None:
    before, within, after = date(2021, 7, 31), date(2021, 8, 1), date(2022, 8, 1)
    for option in (1, 2, 3):
        key = f"contribution.option{option}"
        assert facts_on(before)[key] == facts_on(after)[key] > facts_on(within)[key]
        assert facts_on(date(2022, 7, 31))[key] == facts_on(within)[key]


def test_a_day_before_the_history_gives_the_oldest_facts() -> None:
    assert facts_on(date(1999, 1, 1)) is facts_on(book().history_from)


def test_every_source_in_the_book_is_used_by_a_fact_or_by_content() -> None:
    from_facts = {key for rows in book().rows.values() for fact in rows for key in fact.sources}
    content_files = [path for path in FOLDER.glob("*.toml") if path.name != "facts.toml"]
    words = "".join(path.read_text(encoding="utf-8") for path in content_files)
    assert [
        key for key in book().sources if key not in from_facts and f'"{key}"' not in words
    ] == []
    assert all(source.url.startswith("http") for source in book().sources.values())
    assert all(
        source.url.isascii() and len(source.url) <= 1000 for source in book().sources.values()
    )


def test_unknown_since_2026_means_not_confirmed() -> None:
    facts = facts_on(NEW_LAW)
    assert all(f.confidence is Confidence.C for f in facts if f.key.startswith("old_age."))
    assert "disability.step2_amount" not in facts


def test_a_fact_is_stale_after_180_days() -> None:
    checked = book().checked_on
    fresh = facts_report(checked + STALE_AFTER)
    stale = facts_report(checked + STALE_AFTER + timedelta(days=1))
    assert " 0 stale" in fresh
    assert "stale\tsickness.inpatient_per_day" in stale


def test_the_report_names_the_facts_that_are_not_sure() -> None:
    report = facts_report(date(2026, 11, 25))
    assert "C\tcontribution.state_option1" in report
    assert "A\t" not in report


@pytest.mark.parametrize(
    ("fact", "complaint"),
    [
        ({"rows": [row()], "colour": "red"}, "unknown keys"),
        ({"rows": [row(colour="red")]}, "unknown keys"),
        ({"rows": [row(sources=["b"])]}, "unknown sources"),
        ({"rows": [row(sources=[])]}, "confidence A needs a source"),
        ({"rows": [row(), row()]}, "only the first row may be open"),
        (
            {"rows": [row(to=date(2020, 1, 1)), row(**{"from": date(2020, 1, 3)})]},
            "gap or overlap",
        ),
        (
            {"rows": [row(to=date(2020, 1, 1)), row(**{"from": date(2020, 1, 1)})]},
            "gap or overlap",
        ),
        ({"unit": "miles", "rows": [row()]}, "unknown unit"),
    ],
)
def test_a_wrong_file_is_refused_and_the_place_named(fact: dict[str, Any], complaint: str) -> None:
    with pytest.raises(FactsError, match=complaint) as caught:
        parse(raw(**fact))
    assert "group.name" in str(caught.value)


def test_a_right_file_is_read() -> None:
    made = parse(raw(rows=[row(to=date(2020, 1, 1)), row(**{"from": date(2020, 1, 2)})]))
    assert made.starts == (date(2018, 6, 1), date(2020, 1, 2))


def test_numbers_are_written_as_people_read_them() -> None:
    facts = facts_on(NEW_LAW)
    amount = facts["death.funeral_option3"]
    assert facts.fill("{facts.death.funeral_option3}") == f"{amount:,}"
    assert short_date(NEW_LAW) == "1 ม.ค. 2569"
    assert short_date(NEW_LAW, "en") == "1 Jan 2026"
    assert facts.fact("relief.year").text("en") == str(facts["relief.year"] - 543)


def test_what_is_no_number_cannot_be_reckoned_with() -> None:
    facts = facts_on(NEW_LAW)
    with pytest.raises(TypeError):
        facts["contact.hotline"]
    with pytest.raises(TypeError):
        Reading(facts).day("age.min")
    with pytest.raises(KeyError):
        facts["no.such"]


def test_a_reading_remembers_what_is_told_but_not_what_only_sorts_cases() -> None:
    reading = Reading(facts_on(NEW_LAW))
    assert reading["age.max"] > reading.peek("age.min")
    assert list(reading.used) == ["age.max"]
