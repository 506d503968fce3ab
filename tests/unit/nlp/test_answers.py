"""The front door: follow-ups, special replies, sources, offices, no surprise and no delay."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.answering.buttons import entities_of
from nlp.answering.compose import MAX_BUBBLE, MAX_BUBBLES
from nlp.answers import answer, labels, special, special_kinds
from nlp.facts import book, facts_on
from nlp.intents import Intent
from nlp.offices import BANGKOK, offices_in, provinces
from nlp.understanding import Entities

TODAY = date(2026, 11, 25)
HOTLINE = facts_on(TODAY).fact("contact.hotline").text()

small = st.none() | st.integers(-5, 2000)
anything = st.builds(
    Entities,
    option=st.none() | st.integers(-1, 5),
    options=st.lists(st.integers(-1, 5), max_size=4).map(tuple),
    age=small,
    birth_date=st.none() | st.dates(date(1850, 1, 1), date(2100, 1, 1)),
    months=small,
    amount=st.none() | st.integers(-5, 10**12),
    days=small,
    in_hospital=st.none() | st.booleans(),
    children=small,
    on=st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    province=st.none() | st.sampled_from(["ขอนแก่น", "กทม", " ", "จังหวัดเลย", "x" * 500]),
    occupation=st.none() | st.sampled_from(["farmer", "rider", "other", "no_such"]),
    benefit=st.none() | st.sampled_from(["sickness", "death", "no_such"]),
    schemes=st.lists(st.sampled_from(["s33", "s39", "nsf", "no_such"]), max_size=4).map(tuple),
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(Intent), anything, st.sampled_from(["th", "en"]), st.booleans())
def test_no_entities_of_any_kind_raise_or_overflow(
    intent: Intent, entities: Entities, lang: str, easy: bool
) -> None:
    made = answer(intent, entities, today=TODAY, lang=lang, easy=easy)
    assert made.intent is intent
    assert 1 <= len(made.bubbles) <= MAX_BUBBLES
    assert all(0 < len(bubble) <= MAX_BUBBLE for bubble in made.bubbles)


def test_an_answer_takes_well_under_a_millisecond() -> None:
    busy = Entities(option=3, months=8, days=5, in_hospital=True)
    for intent in Intent:
        answer(intent, busy, today=TODAY)
    started = time.process_time()
    rounds = 20
    for _ in range(rounds):
        for intent in Intent:
            answer(intent, busy, today=TODAY)
    assert (time.process_time() - started) / (rounds * len(Intent)) < 0.001


def test_a_date_in_the_question_is_named_and_its_law_used() -> None:
    made = answer(Intent.BENEFIT_SICKNESS, Entities(on=date(2025, 12, 15)), today=TODAY)
    assert made.on == date(2025, 12, 15)
    assert "ตามกติกาที่ใช้ ณ 15 ธ.ค. 2568" in made.text
    assert "ข้อมูล ณ" not in made.text


def test_a_date_before_all_known_law_says_so() -> None:
    made = answer(Intent.CONTRIBUTION_RATE, Entities(on=date(1999, 1, 1)), today=TODAY)
    assert made.on == book().history_from
    assert "เก่ากว่านี้ยังไม่มีข้อมูล" in made.text


def test_an_answer_with_facts_says_when_they_were_checked() -> None:
    assert "(ข้อมูล ณ 23 พ.ย. 2569)" in answer(Intent.BENEFIT_CHILD, today=TODAY).text
    early = answer(Intent.BENEFIT_CHILD, today=date(2026, 2, 1))
    assert "(ข้อมูล ณ 1 ก.พ. 2569)" in early.text
    assert "ข้อมูล ณ" not in answer(Intent.GREET, today=TODAY).text


def test_a_missing_option_is_offered_as_buttons() -> None:
    made = answer(Intent.BENEFIT_DEATH, today=TODAY)
    assert [b.data for b in made.next][:3] == [f"ask:benefit_death?option={n}" for n in (1, 2, 3)]
    named = answer(Intent.BENEFIT_DEATH, Entities(option=2), today=TODAY)
    assert not any("option=" in b.data for b in named.next)


def test_old_law_offers_the_same_buttons() -> None:
    for intent in (Intent.BENEFIT_SICKNESS, Intent.BENEFIT_DISABILITY, Intent.BENEFIT_DEATH):
        old = answer(intent, Entities(on=date(2019, 1, 1)), today=TODAY)
        assert old.next == answer(intent, today=TODAY).next


def test_two_options_named_show_two_cards() -> None:
    cards = answer(Intent.COMPARE_OPTIONS, Entities(options=(1, 3)), today=TODAY).cards
    assert [card.colour for card in cards] == ["option1", "option3"]
    assert len(answer(Intent.COMPARE_OPTIONS, today=TODAY).cards) == 3


def test_an_unsure_answer_sends_to_the_hotline_once() -> None:
    made = answer(Intent.BENEFIT_OLD_AGE, today=TODAY)
    assert made.hedged
    assert made.text.count(f"โทรถาม {HOTLINE} ให้แน่ใจ") == 1
    assert not answer(Intent.ELIGIBILITY, today=TODAY).hedged


def test_old_age_was_sure_until_the_new_decree() -> None:
    assert not answer(Intent.BENEFIT_OLD_AGE, today=date(2025, 12, 31)).hedged
    assert answer(Intent.BENEFIT_OLD_AGE, today=date(2026, 1, 1)).hedged


def test_sources_are_those_of_the_facts_told() -> None:
    titles = [s.title for s in answer(Intent.BENEFIT_CHILD, today=TODAY).sources]
    assert titles
    assert all(s.url.startswith("http") for s in answer(Intent.BENEFIT_CHILD, today=TODAY).sources)
    assert answer(Intent.GREET, today=TODAY).sources == ()


def test_age_is_reckoned_from_the_birth_date_on_the_day() -> None:
    last = facts_on(TODAY)["age.max"]
    turns = date(TODAY.year - last - 1, TODAY.month, TODAY.day)
    too_old = answer(Intent.ELIGIBILITY_AGE, Entities(birth_date=turns), today=TODAY)
    in_time = answer(
        Intent.ELIGIBILITY_AGE, Entities(birth_date=turns + timedelta(days=1)), today=TODAY
    )
    assert "ไม่ได้แล้ว" in too_old.text
    assert "ปีสุดท้าย" in in_time.text


def test_special_replies_are_known_by_kind() -> None:
    needed = {
        "despair", "insult", "abuse", "group_hint", "sticker", "image_refused", "media_refused",
        "audio_refused", "unknown", "unknown_again", "which_did_you_mean", "more_questions",
        "welcome", "welcome_back", "scam_warning", "personal_data_warning", "apology",
    }  # fmt: skip
    assert needed <= set(special_kinds())
    with pytest.raises(KeyError):
        special("no_such", today=TODAY)


def test_labels_ask_their_question() -> None:
    (made,) = labels((Intent.BENEFIT_CHILD,))
    assert made.data == "ask:benefit_child"


def test_every_province_has_an_office_and_bangkok_one_for_each_area() -> None:
    assert len(provinces()) == 77
    assert all(offices_in(province) for province in provinces())
    assert len(offices_in("กทม.")) == len(offices_in(BANGKOK)) > 1
    assert offices_in("จังหวัดเลย") == offices_in("เลย")
    assert offices_in("แอตแลนติส") == ()


def test_a_button_names_its_entities() -> None:
    assert entities_of("option=2&months=240") == Entities(option=2, months=240)
    assert entities_of("in_hospital=false") == Entities(in_hospital=False)
    assert entities_of("schemes=nsf&schemes=s33&benefit=death") == Entities(
        schemes=("nsf", "s33"), benefit="death"
    )
    assert entities_of("option=two&colour=red&") == Entities()


def test_every_button_with_an_entity_leads_to_another_answer() -> None:
    for intent in Intent:
        for made in answer(intent, today=TODAY).next:
            name, _, query = made.data.removeprefix("ask:").partition("?")
            if query:
                target = Intent(name)
                told = answer(target, entities_of(query), today=TODAY)
                assert told.bubbles != answer(target, today=TODAY).bubbles, made.data


def test_a_sum_too_small_for_an_option_pays_none_of_its_months_ahead() -> None:
    told = answer(Intent.PAYMENT_ADVANCE, Entities(amount=200), today=TODAY).text
    assert "ทางเลือก 2: 2 เดือน" in told
    assert "ทางเลือก 3" not in told


def test_few_months_paid_before_a_gap_do_not_pass_for_a_right() -> None:
    few = answer(Intent.PAYMENT_ARREARS, Entities(months=2, missed=3), today=TODAY).text
    many = answer(Intent.PAYMENT_ARREARS, Entities(months=8, missed=3), today=TODAY).text
    assert "ค่าทำศพ: จ่ายอีก" in few
    assert "ค่าทำศพ: ยังเบิกได้" in many
    beside = Entities(months=8, missed=3)
    assert answer(Intent.BENEFIT_DEATH, beside, today=TODAY) == answer(
        Intent.BENEFIT_DEATH, Entities(), today=TODAY
    )
