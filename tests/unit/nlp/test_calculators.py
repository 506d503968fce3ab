"""The sums and the N-of-M rules, on a law made up here: no number of the real one is typed."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.calculators import (
    MONTHS_A_YEAR,
    Rule,
    after_miss,
    child,
    cost,
    death,
    disability_step,
    old_age,
    option_for,
    rules,
    sickness,
)

LAW = {
    "contribution.option1": 7,
    "contribution.option2": 11,
    "contribution.option3": 31,
    "sickness.inpatient_per_day": 13,
    "sickness.rest_per_day": 9,
    "sickness.rest_from_days": 2,
    "sickness.days_option1": 4,
    "sickness.days_option3": 8,
    "sickness.paid": 3,
    "sickness.window": 4,
    "death.paid": 6,
    "death.window": 12,
    "death.funeral_option1": 101,
    "death.funeral_option3": 203,
    "death.extra_amount": 17,
    "death.extra_paid": 5,
    "child.paid": 24,
    "child.window": 36,
    "child.amount": 19,
    "child.max_children": 2,
    "old_age.per_month_option2": 5,
    "old_age.per_month_option3": 15,
    "old_age.bonus_amount": 1000,
    "old_age.bonus_paid": 20,
    "extra_savings.max": 100,
    "disability.step1_paid": 2,
    "disability.step2_paid": 4,
    "disability.step3_paid": 6,
    "disability.step4_paid": 8,
    "disability.step1_amount": 21,
    "disability.step2_amount": 22,
    "disability.step3_amount": 23,
    "disability.step4_amount": 24,
}


def test_a_year_costs_twelve_contributions() -> None:
    assert cost(LAW, 2) == 11 * MONTHS_A_YEAR
    assert cost(LAW, 3, 5) == 155


@pytest.mark.parametrize(
    ("amount", "option"),
    [(0, None), (6, None), (7, 1), (10, 1), (11, 2), (30, 2), (31, 3), (99, 3)],
)
def test_an_amount_affords_the_dearest_option_below_it(amount: int, option: int | None) -> None:
    assert option_for(LAW, amount) == option


def test_sick_days_are_paid_up_to_the_limit_of_the_option() -> None:
    assert sickness(LAW, 1, 3, in_hospital=True).amount == 39
    capped = sickness(LAW, 1, 9, in_hospital=True)
    assert (capped.amount, capped.paid_days) == (52, 4)
    assert sickness(LAW, 3, 9, in_hospital=True).amount == 104


def test_rest_shorter_than_the_law_counts_gives_nothing() -> None:
    assert sickness(LAW, 1, 1, in_hospital=False).amount == 0
    assert sickness(LAW, 1, 2, in_hospital=False).amount == 18


def test_the_bonus_is_for_option_3_from_its_month_on() -> None:
    assert old_age(LAW, 3, 19).bonus == 0
    assert old_age(LAW, 3, 20).bonus == 1000
    assert old_age(LAW, 2, 20).bonus == 0


def test_extra_savings_are_cut_at_the_limit() -> None:
    total = old_age(LAW, 2, 10, 500)
    assert (total.contributions, total.extra, total.total) == (50, 1000, 1050)


def test_the_extra_death_grant_is_for_options_1_and_2_after_enough_months() -> None:
    assert death(LAW, 1, 5).total == 118
    assert death(LAW, 1, 4).extra == 0
    assert death(LAW, 1).extra == 0
    assert death(LAW, 3, 99).total == 203


def test_no_more_children_than_the_limit_are_paid_for() -> None:
    assert [child(LAW, n) for n in (0, 1, 2, 3)] == [0, 19, 38, 38]


def test_the_disability_ladder_rises_with_the_months() -> None:
    assert [disability_step(LAW, m) for m in (1, 2, 3, 4, 6, 8, 99)] == [
        None,
        21,
        21,
        22,
        23,
        24,
        24,
    ]


def test_only_option_3_has_the_rule_for_children() -> None:
    assert [r.name for r in rules(LAW, 1)] == ["sickness", "death"]
    assert [r.name for r in rules(LAW)] == ["sickness", "death", "child"]


@pytest.mark.parametrize(
    ("missed", "sickness_to_go", "death_to_go"),
    [(0, 0, 0), (1, 0, 0), (2, 3, 0), (3, 3, 0), (6, 3, 0), (7, 3, 6), (8, 3, 6), (40, 3, 6)],
)
def test_missed_months_lose_rights_until_enough_are_paid_again(
    missed: int, sickness_to_go: int, death_to_go: int
) -> None:
    by_name = {right.rule.name: right for right in after_miss(LAW, missed)}
    assert by_name["sickness"].months_to_go == sickness_to_go
    assert by_name["death"].months_to_go == death_to_go
    assert by_name["death"].held is (death_to_go == 0)


def test_a_new_member_has_fewer_months_to_lose() -> None:
    newcomer = after_miss(LAW, 1, paid_before=3)[0]
    assert newcomer.held
    assert not after_miss(LAW, 1, paid_before=2)[0].held


def test_every_short_history_agrees_with_counting() -> None:
    rule = Rule("any", 2, 3)
    for history in product([True, False], repeat=5):
        assert rule.holds(history) is (sum(history[2:]) >= 2)


@given(
    st.lists(st.booleans(), max_size=60),
    st.integers(1, 30).flatmap(lambda paid: st.tuples(st.just(paid), st.integers(paid, 60))),
)
def test_paying_the_months_named_brings_the_right_back_and_one_less_does_not(
    history: list[bool], rule_numbers: tuple[int, int]
) -> None:
    rule = Rule("any", *rule_numbers)
    to_go = rule.months_to_go(history)
    assert rule.holds([*history, *[True] * to_go])
    assert to_go == 0 or not rule.holds([*history, *[True] * (to_go - 1)])
