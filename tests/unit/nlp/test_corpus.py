"""The written examples: their form, their splits and their labels."""

import pytest

from nlp.corpus import EXAMPLES, Example, parse, read, splits
from nlp.intents import Intent
from nlp.lines import conflicts, near_duplicates


def test_a_line_is_read() -> None:
    line = "elder|voice|ต้องจ่ายเท่าไหร่|also=payment_channel,option_detail"
    assert parse(line, Intent.CONTRIBUTION_RATE, "a") == Example(
        "ต้องจ่ายเท่าไหร่",
        Intent.CONTRIBUTION_RATE,
        (Intent.PAYMENT_CHANNEL, Intent.OPTION_DETAIL),
        "a",
        "elder",
        "voice",
    )


@pytest.mark.parametrize("line", ["elder|shouting|ดี", "elder|plain|ดี|also=no_such_intent"])
def test_a_wrong_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the message names file and line, added by the reader
        parse(line, Intent.GREET, "a")


def test_every_folder_belongs_to_exactly_one_split() -> None:
    named = [writer for writers in splits().values() for writer in writers]
    assert len(named) == len(set(named))
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} <= set(named)


def test_every_intent_has_enough_to_learn_from() -> None:
    counts = dict.fromkeys(Intent, 0)
    for example in read("train"):
        counts[example.intent] += 1
    assert {intent for intent, count in counts.items() if count < 100} == set()


def test_no_utterance_has_two_labels() -> None:
    assert list(conflicts([e for name in splits() for e in read(name)])) == []


def test_near_duplicates_and_conflicts_are_found() -> None:
    one = Example("จ่ายเงินสมทบได้ที่ไหนบ้างคะ", Intent.PAYMENT_CHANNEL, writer="a")
    copy = Example("จ่ายเงินสมทบ ได้ที่ไหนบ้างค่ะ", Intent.CONTRIBUTION_RATE, writer="b")
    other = Example("แม่เพิ่งเสีย มีเงินช่วยไหม", Intent.BENEFIT_DEATH, writer="b")
    assert [(x, y) for _, x, y in near_duplicates([one, copy, other])] == [(one, copy)]
    assert list(conflicts([one, copy, other])) == [(one, copy)]
