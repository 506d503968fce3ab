"""What is counted: of messages and of LINE's quota, without a word of anybody."""

from datetime import UTC, datetime

import orjson
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine

from bot.clock import now_ms
from bot.deciding import HandlersDecider
from bot.health import measure
from db import budget
from db.inbox import PendingEvent
from db.rollups import thai_day
from db.session import transaction
from handlers.conversation import Conversation, Form
from nlp.intents import Intent
from nlp.understanding import Outcome, Understanding

pytestmark = pytest.mark.db
ANONG = "U" + "a" * 32


@pytest.fixture(scope="module")
def engine(module_engine: Engine) -> Engine:
    """One database for these tests."""
    return module_engine


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def say(engine: Engine, understood: Understanding, state: str = "") -> None:
    raw = {
        "type": "message",
        "mode": "active",
        "webhookEventId": "m1",
        "timestamp": now_ms(),
        "replyToken": "token",
        "source": {"type": "user", "userId": ANONG},
        "message": {"id": "1", "type": "text", "text": "ขอถามหน่อยนะคะ"},
    }
    event = PendingEvent("m1", ANONG, now_ms(), now_ms(), 0, orjson.dumps(raw))
    decider = HandlersDecider(engine, lambda *_: understood, lambda: "https://bot.example")
    decider.decide(ANONG, state, event, now_ms())


@pytest.mark.parametrize(
    ("intent", "confidence", "outcome", "refused"),
    [
        (Intent.CONTRIBUTION_RATE, 0.9, Outcome.ANSWER, None),
        (Intent.BENEFIT_SICKNESS, 0.5, Outcome.ASK, "ask"),
        (Intent.OUT_OF_SCOPE, 0.1, Outcome.UNKNOWN, "unknown"),
        (Intent.OUT_OF_SCOPE, 1.0, Outcome.UNKNOWN, "out_of_scope"),
    ],
)
def test_messages_are_counted_by_intent_and_refusals_by_outcome(
    engine: Engine, intent: Intent, confidence: float, outcome: Outcome, refused: str | None
) -> None:
    known = {one: value("bot_refusals_total", outcome=one) for one in REFUSALS}
    before = value("bot_intents_total", intent=intent.value)
    say(engine, Understanding("", intent, confidence, outcome, suggestions=(intent,)))
    assert value("bot_intents_total", intent=intent.value) == before + 1
    grown = {one for one in REFUSALS if value("bot_refusals_total", outcome=one) > known[one]}
    assert grown == ({refused} if refused else set())


REFUSALS = ("ask", "unknown", "out_of_scope")


def test_an_answer_within_a_form_is_no_refusal(engine: Engine) -> None:
    state = orjson.dumps(Conversation(form=Form("registration", 1, "name")).to_json()).decode()
    known = [value("bot_refusals_total", outcome=one) for one in REFUSALS]
    say(engine, Understanding("", Intent.OUT_OF_SCOPE, 0.1, Outcome.UNKNOWN), state)
    assert [value("bot_refusals_total", outcome=one) for one in REFUSALS] == known


def test_the_quota_is_what_line_last_said(engine: Engine) -> None:
    with transaction(engine) as session:
        budget.note_quota(session, thai_day(datetime.now(UTC)), used=41, limit=300)
    measure(engine)
    assert value("bot_line_quota_month") == 300
    assert value("bot_line_quota_used_month") == 41
