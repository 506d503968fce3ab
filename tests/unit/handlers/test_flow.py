"""The flow engine: the path follows the answers, and a flow may change while people pause."""

from dataclasses import replace

import pytest

from handlers.conversation import Form
from handlers.flow import REVIEW, Flow, Step, answered, back, moved, path, progress, repaired
from handlers.registration import REGISTRATION
from handlers.steps.outcome import Heard, Parser
from tests.unit.handlers.fakes import STRAIGHT, TODAY, at_step, new_chat


def _any(text: str, heard: Heard) -> str:
    return text


WORDS = Parser(_any, ())
FLOW = Flow(
    "small",
    (
        Step("job", WORDS),
        Step("job_other", WORDS, when=lambda answers, today: answers.get("job") == "other"),
        Step("phone", WORDS, usual="1"),
    ),
)
EMPTY = Form("small", 1, "job")


def test_the_next_step_is_the_first_open_one_on_the_path() -> None:
    form = answered(FLOW, EMPTY, "job", "farmer", TODAY)
    assert form.at == "phone"
    assert answered(FLOW, EMPTY, "job", "other", TODAY).at == "job_other"


def test_all_answered_leads_to_the_review() -> None:
    form = answered(FLOW, EMPTY, "job", "farmer", TODAY)
    assert answered(FLOW, form, "phone", "1", TODAY).at == REVIEW


def test_an_edit_at_the_review_leads_through_newly_opened_steps() -> None:
    form = Form("small", 1, REVIEW, {"job": "farmer", "phone": "1"})
    edited = answered(FLOW, moved(form, "job"), "job", "other", TODAY)
    assert edited.at == "job_other"
    assert answered(FLOW, edited, "job_other", "singer", TODAY).at == REVIEW


def test_answers_off_the_path_do_not_count() -> None:
    form = Form("small", 1, REVIEW, {"job": "farmer", "job_other": "singer", "phone": "1"})
    assert dict(path(FLOW, form.answers, TODAY).answers) == {"job": "farmer", "phone": "1"}


def test_back_goes_to_the_step_before_and_stops_at_the_first() -> None:
    form = Form("small", 1, "phone", {"job": "other", "job_other": "singer"})
    before = back(FLOW, form, TODAY)
    assert before is not None
    assert before.at == "job_other"
    assert back(FLOW, EMPTY, TODAY) is None


def test_another_answer_keeps_the_open_step_and_its_half_answer() -> None:
    form = replace(EMPTY, at="job", partial={"a": "b"}, tries=2)
    kept = answered(FLOW, form, "phone", "1", TODAY)
    assert (kept.at, dict(kept.partial), kept.tries) == ("job", {"a": "b"}, 2)


def test_a_step_gone_from_the_flow_sends_the_person_to_the_first_open_one() -> None:
    form = Form("small", 1, "village", {"job": "farmer"})
    assert repaired(FLOW, form, TODAY).at == "phone"


def test_a_step_new_in_the_flow_is_asked_before_the_review() -> None:
    longer = replace(FLOW, steps=(*FLOW.steps, Step("village", WORDS)))
    form = Form("small", 1, REVIEW, {"job": "farmer", "phone": "1"})
    assert repaired(longer, form, TODAY).at == "village"


@pytest.mark.parametrize("step", [name for name, _ in STRAIGHT])
def test_progress_counts_up_to_the_same_end_on_the_straight_path(step: str) -> None:
    form = at_step(step).talk.form
    assert form is not None
    place = [name for name, _ in STRAIGHT].index(step) + 1
    assert progress(REGISTRATION, form, TODAY) == (place, len(STRAIGHT))


@pytest.mark.parametrize(
    "answers",
    [
        ("ยินยอม", "5 ม.ค. 2556", "ฝาก", "ด.ช.สมชาย ใจดี", "0812345678", "ขอนแก่น"),
        ("ยินยอม", "5 ม.ค. 2530", "ม.33", "ฝาก", "สมชาย ใจดี", "0812345678", "ขอนแก่น"),
        ("ยินยอม", "5 ม.ค. 2552", "ผู้ปกครองยินยอม", "ไม่มี", "ไทย", "สมชาย ใจดี"),
    ],
)
def test_progress_never_runs_past_its_end_nor_backwards(answers: tuple[str, ...]) -> None:
    chat = new_chat()
    chat.say("สมัคร")
    places = []
    for text in answers:
        form = chat.talk.form
        assert form is not None
        place, length = progress(REGISTRATION, form, TODAY)
        assert place <= length
        places.append(place)
        chat.say(text)
    assert places == list(range(1, len(answers) + 1))
