"""Content files: refused when wrong; each variant fits LINE, hedges, and reads easily."""

import itertools
import string
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import regex

from nlp.answer import Answer
from nlp.answering.buttons import button
from nlp.answering.choosers import CHOOSERS
from nlp.answering.compose import MAX_BUBBLE, MAX_BUBBLES, MAX_SOURCES
from nlp.answering.content import ContentError, Variant, content, load, parse
from nlp.answering.fill import filled
from nlp.answering.words import words
from nlp.answers import answer, special, special_kinds
from nlp.cards import Button
from nlp.facts import Confidence, book, facts_on
from nlp.intents import Intent
from nlp.particulars import particulars
from nlp.readability import measure, readability_report
from nlp.rewording import DOUBTS
from nlp.understanding import Entities

TODAY = date(2026, 11, 25)
EXTRA_GRANT_FROM = book().rows["death.extra_paid"][0].effective_from or date.max
ERAS = (*book().starts, TODAY)
HOTLINE = facts_on(TODAY).fact("contact.hotline").text()
OTHER_AID = facts_on(TODAY).fact("contact.government").text()
MAX_LABEL = 20
MAX_POSTBACK = 300
SCHEMES = [
    "s33",
    "s39",
    "gold_card",
    "welfare_card",
    "nsf",
    "civil_service",
    "private",
    "old_age_allowance",
    "unheard_of",
]
BENEFITS = ["sickness", "disability", "death", "old_age", "child"]
MIN_WORDS = {
    "label": "ป้าย",
    "say": "พูด",
    "text": ["ตอบ"],
    "next": ["help_menu"],
}


def asked() -> Iterator[Entities]:
    """Entities one by one, and the combinations that answers turn on."""
    yield Entities()
    yield from (Entities(option=o, options=(o,)) for o in (0, 1, 2, 3, 4))
    yield from (Entities(options=pair) for pair in ((1, 2), (1, 3), (2, 3), (1, 2, 3)))
    yield from (Entities(age=a) for a in (0, 5, 7, 14, 15, 19, 20, 45, 60, 62, 65, 66, 110))
    yield Entities(birth_date=date(1970, 2, 28))
    yield from (Entities(schemes=pair) for pair in itertools.combinations(SCHEMES, 2))
    yield from (Entities(schemes=(s,), age=a) for s in SCHEMES for a in (30, 70))
    yield from (Entities(occupation=o) for o in words()["occupation"])
    yield from (Entities(benefit=b) for b in BENEFITS)
    yield from (Entities(benefit=b, option=o) for b in BENEFITS for o in (1, 2, 3))
    yield from (Entities(benefit=b, months=m) for b in BENEFITS for m in (0, 2, 8, 70))
    yield from (Entities(province=p) for p in ("ขอนแก่น", "กรุงเทพมหานคร", "นนทบุรี", "ไม่มี"))
    yield from (Entities(children=c) for c in (0, 1, 2, 5))
    for age, paid in itertools.product((3, 7, 9), (None, 8, 30)):
        yield Entities(children=2, age=age, months=paid)
    yield from (Entities(amount=a) for a in (0, 50, 70, 99, 100, 300, 500, 5000, 10**9))
    for option in (None, 1, 2, 3):
        for months in (0, 1, 3, 5, 6, 8, 12, 13, 60, 180, 1200):
            yield Entities(option=option, months=months)
            yield Entities(option=option, months=months, amount=500)
            yield Entities(option=option, months=months, amount=5000)
    yield from (Entities(benefit="death", on=day) for day in (date(2020, 2, 29), date(2026, 5, 1)))
    yield from (Entities(months=m, missed=3, option=o) for m in (2, 8, 70) for o in (None, 1, 2))
    yield Entities(amount=facts_on(date(2022, 1, 1))["contribution.option3"])
    for option, days, in_hospital, paid in itertools.product(
        (None, 1, 3), (None, 0, 1, 2, 5, 31, 120), (None, True, False), (None, 0, 2, 8)
    ):
        yield Entities(option=option, days=days, in_hospital=in_hospital, months=paid)
    for option, days, rest, seen in itertools.product((None, 3), (None, 3), (None, 20, 50), (2, 9)):
        yield Entities(option=option, days=days, in_hospital=True, rest_days=rest, visits=seen)
        yield Entities(option=option, days=days, in_hospital=True, rest_days=rest)
    yield from (Entities(particular=small) for small in particulars())
    yield Entities(particular="until_day", age=64)
    yield from (Entities(child_ages=ages) for ages in ((2, 4, 9), (7, 3), (8, 10)))


EVERY_ENTITIES = tuple(asked())


@cache
def told(intent: Intent, entities: Entities, day: date, style: str) -> Answer:
    """An answer, made once for all tests."""
    lang = "en" if style == "en" else "th"
    return answer(intent, entities, today=day, lang=lang, easy=style == "easy")


def days_of(intent: Intent) -> tuple[date, ...]:
    """The days to try: every law where the answer is reckoned, else old, older and today."""
    return ERAS if intent in CHOOSERS else (ERAS[0], ERAS[-3], TODAY)


def graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


def applies(intent: Intent, key: str, day: date, variant: Variant) -> bool:
    """Whether these are the words for a case under the law of a day."""
    if (intent, key) == (Intent.BENEFIT_DEATH, "case.extra") and day < EXTRA_GRANT_FROM:
        # What held before is not known; the chooser leaves these words out then.
        return False
    return content(intent).variant(key, day) is variant


def check_button(made: Button) -> None:
    assert 0 < graphemes(made.label) <= MAX_LABEL, made.label
    assert len(made.data) <= MAX_POSTBACK
    assert bool(made.data) + bool(made.uri) + bool(made.pick) == 1


def check(made: Answer) -> None:
    """What LINE and a reader need of an answer."""
    assert 1 <= len(made.bubbles) <= MAX_BUBBLES
    for bubble in made.bubbles:
        assert 0 < len(bubble) <= MAX_BUBBLE, bubble
        assert bubble == bubble.strip(), bubble
        assert "{" not in bubble, bubble
        assert "  " not in bubble, bubble
        assert "None" not in bubble, bubble
    assert 2 <= len(made.next) <= 4
    assert len({b.label for b in made.next}) == len(made.next), [b.label for b in made.next]
    for one in made.next:
        check_button(one)
    for drawn in made.cards:
        assert drawn.title
        assert len(drawn.rows) <= 10
        assert len(drawn.buttons) <= 4
        for one in drawn.buttons:
            check_button(one)
    assert len(made.sources) <= MAX_SOURCES
    if made.hedged:
        assert HOTLINE in made.text or OTHER_AID in made.text, made.text


@pytest.mark.parametrize("intent", Intent)
@pytest.mark.parametrize("style", ["th", "easy", "en"])
def test_every_answer_fits_for_every_entities_and_law(intent: Intent, style: str) -> None:
    for entities in EVERY_ENTITIES:
        for day in days_of(intent):
            check(told(intent, entities, day, style))


@pytest.mark.parametrize("intent", Intent)
def test_every_variant_is_filled_under_every_law_it_is_for(intent: Intent) -> None:
    for key, _, variant in content(intent).every():
        for day in ERAS:
            if not applies(intent, key, day, variant):
                continue
            for template in (*variant.text, *variant.easy, *variant.en):
                filled(template, facts_on(day), "th")
                names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
                assert all(name.startswith("facts.") or name.isidentifier() for name in names)


@pytest.mark.parametrize("intent", Intent)
def test_every_variant_can_be_reached(intent: Intent) -> None:
    """Words nobody is ever told are dead."""
    page = content(intent)
    everything = "\n".join(
        bubble
        for source in (intent, *_LEADS_TO.get(intent, ()))
        for entities in EVERY_ENTITIES
        for day in days_of(source)
        for bubble in told(source, entities, day, "th").bubbles
    )
    for key, _, variant in page.every():
        longest = max(
            (literal for literal, *_ in string.Formatter().parse(variant.text[0])), key=len
        )
        assert longest in everything, f"{page.name} {key}"


_LEADS_TO = {
    Intent.ELIGIBILITY_AGE: (Intent.ELIGIBILITY,),
    Intent.ELIGIBILITY_OTHER_SCHEME: (Intent.ELIGIBILITY,),
}


@pytest.mark.parametrize("intent", Intent)
def test_every_question_has_words_for_slow_readers_and_in_english(intent: Intent) -> None:
    page = content(intent)
    base = page.variants["base"]
    assert base.easy
    assert base.en
    assert graphemes(page.label) <= MAX_LABEL
    assert graphemes(page.label_en) <= MAX_LABEL
    assert len("".join(base.easy)) <= len("".join(base.text))
    check_button(button(intent.value))


@pytest.mark.parametrize("intent", [i for i in Intent if i is not Intent.OFFICE_LOCATION])
def test_an_english_answer_is_english(intent: Intent) -> None:
    """But for the name of the form; offices have Thai names only."""
    for entities in EVERY_ENTITIES:
        made = told(intent, entities, TODAY, "en")
        said = made.text.replace("ม.40", "") + "".join(b.label for b in made.next)
        assert not regex.search(r"\p{Thai}", said), said


@pytest.mark.parametrize("intent", Intent)
def test_a_fact_that_is_not_confirmed_is_never_told_as_one(intent: Intent) -> None:
    """Confidence C needs a word of doubt in the same text, for each law."""
    for key, _, variant in content(intent).every():
        for day in ERAS:
            if not applies(intent, key, day, variant):
                continue
            for texts in (variant.text, variant.easy, variant.en):
                unsure = [
                    fact.key
                    for template in texts
                    for fact in filled(template, facts_on(day), "th").used
                    if fact.confidence is Confidence.C
                ]
                together = "\n".join(texts)
                assert not unsure or any(doubt in together for doubt in DOUBTS), (key, unsure)


@pytest.mark.parametrize("kind", special_kinds())
@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_special_reply_fits(kind: str, lang: str) -> None:
    check(special(kind, today=TODAY, lang=lang))


def test_despair_gets_the_number_of_people_who_listen() -> None:
    number = facts_on(TODAY).fact("contact.mental_health").text()
    made = special("despair", today=TODAY)
    assert number in made.text
    assert made.next[0].uri == f"tel:{number}"


def test_women_say_kha_and_nobody_says_khrap() -> None:
    for intent in Intent:
        for key, _, variant in content(intent).every():
            for texts in (variant.text, variant.easy):
                assert not texts or "ค่ะ" in "".join(texts) or "คะ" in "".join(texts), (intent, key)
                assert "ครับ" not in "".join(texts)


def test_answers_read_easily() -> None:
    """The bounds are what plain answers reach; a text above them is rewritten."""
    rows = readability_report(TODAY)
    assert len(rows) > len(Intent)
    too_long = [row.name for row in rows if row.words_a_sentence > 22]
    official = [row.name for row in rows if row.officialese > 0.1]
    assert too_long == []
    assert official == []


def test_readability_tells_plain_from_official() -> None:
    plain = measure("plain", ["ป่วยได้เงินค่ะ โทรมาได้เลย"])
    stiff = measure("stiff", ["ผู้ประกันตนประสงค์ขอรับประโยชน์ทดแทนกรณีทุพพลภาพให้ดำเนินการตามหลักเกณฑ์"])
    assert plain.officialese == 0 < stiff.officialese
    assert plain.words_a_sentence < stiff.words_a_sentence


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"colour": "red"}, r"unknown keys \['colour'\]"),
        ({"text": []}, "text is missing"),
        ({"label": ""}, "label is missing"),
        ({"text": "ตอบ"}, "must be a list"),
        ({"sources": ["nobody"]}, "sources not in facts.toml"),
        ({"option": {"1": {"txt": ["ตอบ"]}}}, r"\[option.1\]: unknown keys"),
        ({"option": {"1": {}}}, r"\[option.1\]: text is missing"),
        ({"card": [{"title": "t", "shape": "o"}]}, "card: unknown keys"),
    ],
)
def test_a_wrong_content_file_is_refused_and_the_place_named(
    change: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ContentError, match=complaint):
        parse("made_up.toml", MIN_WORDS | change)


def test_a_broken_or_missing_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("label = ", encoding="utf-8")
    for path in (broken, tmp_path / "missing.toml"):
        with pytest.raises(ContentError, match=path.name):
            load(path)


def test_an_unknown_fact_is_named() -> None:
    with pytest.raises(ContentError, match=r"no fact no\.such"):
        filled("{facts.no.such}", facts_on(TODAY), "th")


@pytest.mark.parametrize("reference", ["no_such_question", "jump:high"])
def test_a_button_to_nowhere_is_refused(reference: str) -> None:
    with pytest.raises(ContentError):
        button(reference)
