"""Every reason and every question has its words, in limits that LINE and a small screen set."""

import string
import tomllib
from pathlib import Path

import pytest
import regex

from handlers import phrases
from handlers.form import DRAFT_DAYS, FLOWS
from handlers.registration import REGISTRATION
from handlers.rights import CODE_DAYS, MESSAGE_DAYS, NUMBER_DAYS
from handlers.wording import StepWords, steps
from tests.unit.handlers.fakes import STRAIGHT, at_step

HINTS = {
    "birth_date": {"date", "year", "age"},
    "name": {"first"},
    "id_number": {"count"},
    "address": {"province", "district", "name", "level", "levels"},
}
COMMON = {"who", "majority", "hotline"}
WORDS = tomllib.loads((Path(phrases.__file__).parent / "words.toml").read_text(encoding="utf-8"))


def graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


def named(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("step", REGISTRATION.steps, ids=lambda step: step.id)
def test_every_code_of_a_parser_has_two_wordings(step: object) -> None:
    found = REGISTRATION.step(getattr(step, "id", ""))
    assert found is not None
    words = steps()[found.id]
    assert set(words.invalid) >= set(found.parser.invalid)
    assert set(words.more) >= set(found.parser.more)
    assert set(words.more_en) == set(words.more)
    for wordings in (*words.invalid.values(), *words.more.values()):
        assert len(set(wordings)) >= 2


@pytest.mark.parametrize("words", steps().values(), ids=lambda words: words.id)
def test_the_words_of_a_step_name_only_what_is_known(words: StepWords) -> None:
    texts = [words.ask, words.easy, words.en, words.why, words.why_en]
    texts += words.more_en.values()
    texts += [t for wordings in (*words.invalid.values(), *words.more.values()) for t in wordings]
    for text in texts:
        assert named(text) <= COMMON | HINTS.get(words.id, set())
        assert len(text) <= 350


@pytest.mark.parametrize("words", steps().values(), ids=lambda words: words.id)
def test_labels_fit_a_quick_reply(words: StepWords) -> None:
    for option in words.options:
        assert graphemes(option.label) <= 20
        assert graphemes(option.en) <= 20
    for lang in ("th", "en"):
        assert graphemes(phrases.word("button", "edit", lang, label=words.title(lang))) <= 20


@pytest.mark.parametrize("group", sorted(WORDS))
def test_all_words_come_in_thai_and_english(group: str) -> None:
    for key, told in WORDS[group].items():
        assert set(told) == {"th", "en"}, key
        assert named(told["en"]) <= named(told["th"]) | {"hotline"}, key
        assert len(told["th"]) <= (600 if key == "notice" else 350), key
        if group == "button" and key != "edit":
            assert graphemes(told["th"]) <= 20
            assert graphemes(told["en"]) <= 20


@pytest.mark.parametrize("step", [name for name, _ in STRAIGHT])
def test_a_question_has_few_enough_buttons_and_they_carry_its_form(step: str) -> None:
    chat = at_step(step)
    decision = chat.say("สมัครต่อ")
    assert 1 <= len(decision.replies.quick) <= 13
    for button in decision.replies.quick:
        assert graphemes(button.label) <= 20
        assert len(button.data) <= 300
        if button.data.startswith("reg:"):
            assert button.data.endswith(";f=1")
            assert button.data.startswith(f"reg:{step}")


def test_every_step_of_every_flow_has_words() -> None:
    asked = {step.id for flow in FLOWS.values() for step in flow.steps} - {"which"}
    assert asked == set(steps())


def test_the_notice_names_the_periods_that_are_kept() -> None:
    notice = at_step("name").say("อ่านรายละเอียด").replies.messages[0]
    assert str(DRAFT_DAYS) in repr(notice)
    for days in (MESSAGE_DAYS, CODE_DAYS, NUMBER_DAYS):
        assert f"{days} วัน" in repr(notice)
