"""Rewording: only words, never numbers, links or facts; old rewordings never meet new facts."""

from dataclasses import replace
from datetime import date

import pytest

from nlp.answering.content import content
from nlp.answers import answer
from nlp.facts import facts_on
from nlp.intents import Intent
from nlp.rewording import (
    Place,
    Rewording,
    faults,
    fingerprint,
    fits,
    places,
    reworded,
    words_at,
)
from nlp.trial import cases, too_long
from nlp.understanding import Entities

TODAY = date(2026, 11, 25)
PAGE = content(Intent.BENEFIT_MATERNITY)
PLACE = Place(Intent.BENEFIT_MATERNITY, "base", None, "text")
OLD = words_at(PAGE, PLACE)
GOOD = ("ค่าคลอดไม่มีค่ะ ใช้บัตรทองได้ ทางเลือก 3 มีเงินลูกคนละ {facts.child.amount} บาทต่อเดือนค่ะ",)


def codes(*words: str, place: Place = PLACE) -> set[str]:
    return {fault.code for fault in faults(content(place.page), place, words)}


@pytest.mark.parametrize("intent", Intent)
def test_the_words_of_every_file_would_be_taken_and_can_be_tried(intent: Intent) -> None:
    page = content(intent)
    for place, _ in places(page, intent):
        assert faults(page, place, words_at(page, place)) == [], place
        assert cases(place, TODAY), place


def test_good_words_are_told_with_the_facts_in_place() -> None:
    assert codes(*GOOD) == set()
    page = reworded(PAGE, [Rewording(PLACE, fingerprint(OLD), GOOD)])
    told = answer(Intent.BENEFIT_MATERNITY, Entities(), today=TODAY, pages=lambda _: page)
    amount = facts_on(TODAY).fact("child.amount").text()
    assert f"คนละ {amount} บาทต่อเดือนค่ะ" in told.text
    assert told.hedged


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("  ", "empty"),
        ("มีเงินลูก 300 บาทค่ะ {facts.child.amount}", "number"),
        ("มีเงินลูกสามร้อยบาทค่ะ {facts.child.amount}", "number"),
        ("มีเงินลูก ๓๐๐ ค่ะ {facts.child.amount}", "number"),
        ("มีเงินลูกค่ะ", "slot_missing"),
        ("มีเงินลูก {facts.child.amount} {facts.age.max} ค่ะ", "slot_unknown"),
        ("มีเงินลูก {facts.child.amount} {name} ค่ะ", "slot_unknown"),
        ("มีเงินลูก {facts.child.amount!r} ค่ะ", "braces"),
        ("มีเงินลูก {facts.child.amount:>900} ค่ะ", "braces"),
        ("มีเงินลูก {facts.child.amount ค่ะ", "braces"),
        ("มีเงินลูก {{facts.child.amount}} ค่ะ", "braces"),
        ("มีเงินลูก {facts.child.amount} {} ค่ะ", "braces"),
        ("มีเงินลูก {facts.child.amount} ค่ะ ดูที่ https://sso-th.example", "link"),
        ("มีเงินลูก {facts.child.amount} ค่ะ ดูที่ sso-help.com", "link"),
        ("มีเงินลูก {facts.child.amount} ค่ะ เขียนถึง a@b", "link"),
        ("มีเงินลูก {facts.child.amount} ค่\u200bะ", "sign"),
        ("มีเงินลูก {facts.child.amount}\u202e ค่ะ", "sign"),
        ("มีเงินลูก {facts.child.amount}", "polite"),
        ("มีเงินลูก {facts.child.amount} ค่ะครับ", "he"),
    ],
)
def test_what_may_not_be_told_is_refused(words: str, code: str) -> None:
    assert code in codes(words)


def test_only_three_bubbles_and_english_in_english() -> None:
    assert "many" in codes(*GOOD, "ค่ะ", "ค่ะ", "ค่ะ")
    english = replace(PLACE, style="en")
    assert codes("Money {facts.child.amount} baht ค่ะ", place=english) == {"thai"}
    assert codes("Money {facts.child.amount} baht", place=english) == set()


def test_what_is_not_confirmed_must_sound_like_it() -> None:
    """A place whose facts are unsure under some law, found rather than named."""
    found = [
        (place, words)
        for intent in Intent
        for place, _ in places(content(intent), intent)
        if place.style == "text"
        for words in [words_at(content(intent), place)]
        if "doubt" in codes("".join(f"{{{slot}}}" for slot in _slots(words)) + "ค่ะ", place=place)
    ]
    assert found
    for place, words in found:
        assert "doubt" not in codes(*words, place=place)


def _slots(words: tuple[str, ...]) -> list[str]:
    return [part.partition("}")[0] for text in words for part in text.split("{")[1:]]


def test_a_bubble_that_gets_too_long_with_its_numbers_is_refused() -> None:
    longer = (GOOD[0] + "ก" * 350,)
    page = reworded(PAGE, [Rewording(PLACE, fingerprint(OLD), longer)])
    assert [fault.code for fault in too_long(page, PLACE, TODAY)] == ["long"]
    assert too_long(PAGE, PLACE, TODAY) == []


def test_a_rewording_of_other_words_is_left_out() -> None:
    """A release has changed the file since: its facts may be others."""
    stale = Rewording(PLACE, fingerprint(("อย่างอื่นค่ะ",)), GOOD)
    assert not fits(PAGE, stale)
    assert reworded(PAGE, [stale]) is PAGE


@pytest.mark.parametrize("words", [("ไม่มีช่องค่ะ",), ("{facts.child.amount!r} ค่ะ",), ("{",)])
def test_words_that_were_not_checked_are_never_told(words: tuple[str, ...]) -> None:
    assert reworded(PAGE, [Rewording(PLACE, fingerprint(OLD), words)]) is PAGE


def test_words_for_older_law_change_only_there() -> None:
    place = next(
        place
        for intent in Intent
        for place, _ in places(content(intent), intent)
        if place.until is not None and place.style == "text"
    )
    page = content(place.page)
    old = words_at(page, place)
    new = (old[0] + " ค่ะ", *old[1:])
    made = reworded(page, [Rewording(place, fingerprint(old), new)])
    assert words_at(made, place) == new
    assert made.variants == page.variants


@pytest.mark.parametrize(
    "place",
    [replace(PLACE, variant="case.nothing"), replace(PLACE, until=date(1999, 1, 1))],
)
def test_a_place_that_is_not_there_takes_nothing(place: Place) -> None:
    assert words_at(PAGE, place) == ()
    assert reworded(PAGE, [Rewording(place, fingerprint(()), GOOD)]) is PAGE
