"""The state of a talk survives JSON, and any JSON makes a state."""

import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation import Conversation, Form
from nlp.intents import Intent
from nlp.understanding import Entities, Topic
from tests.unit.handlers.fakes import STRAIGHT, new_chat
from tests.unit.handlers.test_events import JSON

FULL = Conversation(
    lang="en",
    easy=True,
    form=Form("registration", 3, "phone", {"name": {"first": "ก"}, "consent": "self"}, {"a": "b"}),
    side=Form("recommend", 3, "", {"age": "45"}),
    forms=3,
    pending="erase",
    topic=Topic(
        Intent.BENEFIT_DEATH,
        Entities(option=2, options=(2,), on=date(2026, 1, 1), schemes=("nsf",)),
    ),
    topic_at=datetime(2026, 11, 25, tzinfo=UTC),
    misses=1,
    campaign="K7M2",
    wrong_codes=2,
    wrong_at=datetime(2026, 11, 25, tzinfo=UTC),
    nudge=True,
)


def through_json(talk: Conversation) -> Conversation:
    return Conversation.from_json(json.loads(json.dumps(talk.to_json())))


def test_a_full_state_survives_json() -> None:
    assert through_json(FULL) == FULL


def test_an_empty_state_is_small() -> None:
    assert Conversation().to_json() == {"version": 1}


def test_every_state_of_a_registration_survives_json() -> None:
    chat = new_chat()
    chat.say("สมัคร")
    for _, text in STRAIGHT:
        chat.say(text)
        assert through_json(chat.talk) == chat.talk


@given(JSON)
def test_any_json_makes_a_state(raw: Any) -> None:
    assert isinstance(Conversation.from_json(raw), Conversation)


@given(st.dictionaries(st.sampled_from(list(FULL.to_json())), JSON, max_size=8))
def test_a_broken_member_costs_only_itself(raw: dict[str, Any]) -> None:
    talk = Conversation.from_json({**raw, "easy": True})
    assert talk.easy is True
