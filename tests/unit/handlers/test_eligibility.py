"""Who may join on a day: ages from the facts, the other rules from eligibility.toml."""

from datetime import date

import pytest

from handlers.eligibility import needs_guardian, options_allowed, verdict
from nlp.facts import facts_on
from tests.unit.handlers.fakes import TODAY

LEAST, MOST = facts_on(TODAY)["age.min"], facts_on(TODAY)["age.max"]


def born(years: int, day_before: bool = False) -> dict[str, str]:
    """Someone whose birthday of that many years is today, or tomorrow."""
    day = TODAY.day + (1 if day_before else 0)
    return {"birth_date": date(TODAY.year - years, TODAY.month, day).isoformat()}


def code(answers: dict[str, str]) -> str:
    no = verdict(answers, TODAY)
    return no.code if no else ""


def test_the_youngest_joins_on_the_birthday_and_not_the_day_before() -> None:
    assert code(born(LEAST)) == ""
    assert code(born(LEAST, day_before=True)) == "too_young"


def test_the_oldest_may_join_until_the_next_birthday() -> None:
    assert code(born(MOST)) == ""
    assert code(born(MOST + 1, day_before=True)) == ""
    assert code(born(MOST + 1)) == "too_old"


def test_the_too_young_are_told_the_day() -> None:
    no = verdict(born(LEAST, day_before=True), TODAY)
    assert no is not None
    assert no.possible_on == date(TODAY.year, TODAY.month, TODAY.day + 1)


def test_a_leap_day_child_is_old_enough_on_the_first_of_march() -> None:
    no = verdict({"birth_date": "2012-02-29"}, TODAY)
    assert no is not None
    assert no.possible_on == date(2012 + LEAST, 3, 1)


def test_the_limit_is_that_of_the_day() -> None:
    past = facts_on(date(2020, 1, 1))["age.max"]
    assert past < MOST
    sixty_two = {"birth_date": date(2020 - past - 2, 1, 1).isoformat()}
    no = verdict(sixty_two, date(2020, 1, 2))
    assert no is not None
    assert no.code == "too_old"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"schemes": "none"}, ""),
        ({"schemes": "s33"}, "s33"),
        ({"schemes": "s39"}, "s39"),
        ({"schemes": "civil"}, "civil"),
        ({"schemes": "nsf"}, ""),
        ({"schemes": "unsure"}, ""),
        ({"card": "thai"}, ""),
        ({"card": "minority"}, ""),
        ({"card": "pending"}, ""),
        ({"card": "other"}, "card"),
        ({}, ""),
    ],
)
def test_other_schemes_and_cards(answers: dict[str, str], expected: str) -> None:
    assert code(answers) == expected


def test_the_savings_fund_leaves_the_first_option_only() -> None:
    assert options_allowed({"schemes": "nsf"}, TODAY) == ("1", "unsure")
    assert options_allowed({"schemes": "none"}, TODAY) is None


def test_a_guardian_is_asked_below_full_age() -> None:
    assert needs_guardian(born(20, day_before=True), TODAY)
    assert not needs_guardian(born(20), TODAY)
