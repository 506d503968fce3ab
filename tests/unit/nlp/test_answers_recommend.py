"""«Which option for me»: few questions, honest recommendations, and the savings picture."""

import io
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from PIL import Image

from nlp.chart import HEIGHT, WIDTH, Fonts, chart_png
from nlp.facts import facts_on
from nlp.intents import Intent
from nlp.recommend import QUESTIONS, child_age_limit, next_question, recommend

TODAY = date(2026, 11, 25)
FONTS = Path(__file__).parents[3] / "bot" / "line" / "fonts"
SARABUN = Fonts(FONTS / "Sarabun-Regular.ttf", FONTS / "Sarabun-Bold.ttf")
MAX_PNG = 200_000


def test_at_most_four_questions_each_with_buttons() -> None:
    assert [q.id for q in QUESTIONS] == ["age", "budget", "children", "worry"]
    for question in QUESTIONS:
        for lang in ("th", "en"):
            assert "{" not in question.text(TODAY, lang)
            made = question.buttons(TODAY, lang)
            assert 2 <= len(made) <= 4
            assert all(len(b.label) <= 20 and "{" not in b.label for b in made)
            assert all(b.data.startswith(f"rec:{question.id}=") for b in made)


@pytest.mark.parametrize(
    ("answers", "case"),
    [
        ({"budget": "low"}, "ทางเลือก 1 เหมาะที่สุด"),
        ({"budget": "middle", "worry": "sickness"}, "ทางเลือก 1 พอแล้ว"),
        ({"budget": "middle", "worry": "family"}, "ทางเลือก 1 พอแล้ว"),
        ({"budget": "middle", "worry": "old_age"}, "ทางเลือก 2 เหมาะ"),
        ({"budget": "middle", "worry": "all"}, "ทางเลือก 2 เหมาะ"),
        ({"budget": "high", "children": "yes"}, "ทางเลือก 3 เหมาะ"),
        ({"budget": "high", "children": "no", "worry": "family"}, "ทางเลือก 3 เหมาะ"),
        ({"budget": "high", "children": "no", "worry": "sickness"}, "ทางเลือก 3 เหมาะ"),
        ({"budget": "high", "children": "no", "worry": "old_age"}, "ทางเลือก 3 เหมาะ"),
        ({"age": "62", "budget": "high", "children": "no", "worry": "old_age"}, "ทางเลือก 1 น่าจะ"),
        ({"age": "senior", "budget": "middle", "worry": "old_age"}, "ทางเลือก 1 น่าจะพอ"),
        ({}, "ทางเลือก 1 พอแล้ว"),
    ],
)
def test_the_recommendation_follows_the_answers(answers: dict[str, str], case: str) -> None:
    made = recommend(answers, TODAY)
    assert made.bubbles[0].startswith(case)
    assert len(made.cards) == 3


def test_a_budget_in_baht_counts_like_its_button() -> None:
    price = facts_on(TODAY)["contribution.option3"]
    both = {"children": "no", "worry": "family"}
    typed = recommend({"budget": str(price), **both}, TODAY)
    assert typed == recommend({"budget": "high", **both}, TODAY)
    assert recommend({"budget": str(price - 1)}, TODAY) != typed


@pytest.mark.parametrize("age", ["14", "66"])
def test_who_may_not_join_is_told_so_instead(age: str) -> None:
    made = recommend({"age": age}, TODAY)
    assert made.intent is Intent.ELIGIBILITY_AGE
    assert "ไม่ได้" in made.bubbles[0]
    assert next_question({"age": age}, TODAY) is None


def test_old_age_is_never_promised_under_the_new_rules() -> None:
    for budget, worry in product(("middle", "high"), ("old_age", "all")):
        assert recommend({"budget": budget, "children": "no", "worry": worry}, TODAY).hedged


def test_no_question_is_asked_that_changes_nothing() -> None:
    asked = []
    answers: dict[str, str] = {}
    while (question := next_question(answers, TODAY)) is not None:
        asked.append(question.id)
        answers[question.id] = {"age": "younger", "budget": "middle", "worry": "all"}[question.id]
    assert asked == ["age", "budget", "worry"]
    assert next_question({"age": "40", "budget": "low"}, TODAY) is None
    high = next_question({"age": "40", "budget": "high"}, TODAY)
    assert high is not None
    assert high.id == "children"


def test_every_combination_fits_and_says_why_in_baht() -> None:
    values = [[pick.value for pick in question.picks] for question in QUESTIONS]
    for chosen in product(*values):
        answers = dict(zip([q.id for q in QUESTIONS], chosen, strict=True))
        for lang in ("th", "en"):
            made = recommend(answers, TODAY, lang=lang)
            assert all(len(bubble) <= 350 for bubble in made.bubbles)
            assert 2 <= len(made.next) <= 4
            assert len({b.label for b in made.next}) == len(made.next)
            assert ("บาท" if lang == "th" else "baht") in made.text


def test_typed_answers_are_read() -> None:
    by_id = {question.id: question for question in QUESTIONS}
    assert by_id["age"].read("อายุ 52 ปี", TODAY) == "52"
    assert by_id["age"].read("๕๒", TODAY) == "52"
    assert by_id["children"].read("ไม่มี", TODAY) == "no"
    assert by_id["children"].read("2", TODAY) is None
    assert by_id["worry"].read("ทุกเรื่อง", TODAY) == "all"
    assert by_id["worry"].read("สวัสดี", TODAY) is None


@pytest.mark.parametrize(
    ("question", "said", "value"),
    [
        ("age", "หกสิบสองแล้วจ้า", "62"),
        ("age", "แก่แล้ว", "senior"),
        ("age", "ทางเลือก 1", None),
        ("age", "เดือนละ 70", None),
        ("budget", "ทางเลือก 1", "70"),
        ("budget", "ราวๆ ร้อย", "100"),
        ("budget", "สามร้อยก็ไหว", "300"),
        ("budget", "น้อยๆ", "low"),
        ("children", "8 ขวบ", "no"),
        ("children", "มีคนนึง 3 ขวบ", "yes"),
        ("children", "มีลูก 2 คน", None),
        ("children", "ลูกโตหมดแล้ว", "no"),
        ("worry", "กลัวป่วย", "sickness"),
        ("worry", "ป่วยกับแก่", "all"),
        ("worry", "ไม่รู้เหมือนกัน", "unknown"),
    ],
)
def test_an_answer_in_ones_own_words_is_read(question: str, said: str, value: str | None) -> None:
    asked = next(q for q in QUESTIONS if q.id == question)
    assert asked.read(said, TODAY) == value


def test_a_child_that_is_too_old_before_the_months_are_paid_does_not_count() -> None:
    facts = facts_on(TODAY)
    limit = child_age_limit(facts)
    assert limit * 12 + facts["child.paid"] <= facts["child.until_age"] * 12


@pytest.mark.parametrize(("option", "years", "extra"), [(2, 1, 0), (3, 20, 500), (3, 99, 10**6)])
def test_the_chart_is_a_small_picture(option: int, years: int, extra: int) -> None:
    png = chart_png(option, years, extra, today=TODAY, fonts=SARABUN)
    assert len(png) <= MAX_PNG
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
        assert len(image.convert("RGB").getcolors(1 << 20) or ()) > 3


def test_the_chart_shows_the_extra_savings() -> None:
    without = chart_png(3, 10, 0, today=TODAY, fonts=SARABUN)
    assert without != chart_png(3, 10, 500, today=TODAY, fonts=SARABUN)
