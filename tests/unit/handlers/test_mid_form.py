"""While the form asks: a question is never taken for an answer, nor an answer for a question."""

from pathlib import Path

import pytest

from handlers.memory import MemoryTools, World
from handlers.transcript import Chat
from nlp.engine import understand
from tests.unit.handlers.fakes import NOW, STRAIGHT

TABLE = Path(__file__).parents[2] / "data" / "mid_form.tsv"


def _rows(kind: str) -> list[tuple[str, str]]:
    lines = (li.split("\t") for li in TABLE.read_text("utf-8").splitlines() if li[0] != "#")
    return [(step, text) for step, is_a, text in lines if is_a == kind]


def _chat_at(step: str) -> Chat:
    """As in earnest: the real reading of words, all steps before this one answered."""
    chat = Chat(MemoryTools(NOW, "me", World(), hear=understand))
    chat.say("สมัคร")
    for name, text in STRAIGHT:
        if name == step:
            break
        chat.say(text)
    return chat


@pytest.mark.parametrize(("step", "text"), _rows("question"))
def test_a_question_is_never_taken_for_an_answer(step: str, text: str) -> None:
    chat = _chat_at(step)
    chat.say(text)
    assert chat.talk.form is not None
    assert step not in chat.talk.form.answers


def test_answers_are_hardly_ever_taken_for_questions() -> None:
    """«วันเสาร์» as a time to be called is the one known."""
    taken = []
    for step, text in _rows("answer"):
        chat = _chat_at(step)
        before = chat.talk.topic
        chat.say(text)
        if chat.talk.topic != before:
            taken.append(text)
    assert set(taken) <= {"วันเสาร์"}
