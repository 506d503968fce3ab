"""The weekly card: right to the last figure, once a week, only for groups that asked."""

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.effects import apply
from bot.outreach import group_cards
from db import budget, campaigns, groups, inbox, tallies, touches
from db.session import transaction
from handlers import dispatch, events
from handlers.conversation import Conversation
from handlers.memory import MemoryTools
from handlers.replies import Show

pytestmark = pytest.mark.db
MONDAY = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
GROUP = "C" + "1" * 32


def prepare(session: Session, *, weekly: bool = True) -> str:
    code = campaigns.create(
        session,
        kind="group",
        name="กลุ่มสตรีทอผ้า",
        province="อุดรธานี",
        target=40,
        starts_on=date(2026, 1, 1),
        now=MONDAY,
    ).code
    for n in range(9):
        touches.touch(session, f"U{n}", code, MONDAY - timedelta(days=10))
    for days_back, number in ((3, 6), (20, 11)):
        day = (MONDAY - timedelta(days=days_back)).date()
        tallies.add_leads(session, {("submitted", "campaign", day, "อุดรธานี", code): number})
    tallies.add_leads(session, {("member", "campaign", MONDAY.date(), "อุดรธานี", code): 3})
    groups.link(session, GROUP, code, MONDAY)
    groups.ask_weekly(session, GROUP, weekly, MONDAY)
    budget.note_quota(session, MONDAY.date(), 0, 10_000)
    return code


def test_the_card_tells_the_figures_of_the_group(engine: Engine) -> None:
    with transaction(engine) as session:
        prepare(session)
        assert group_cards.send_due(session, MONDAY) == 1
        assert group_cards.send_due(session, MONDAY + timedelta(hours=1)) == 0
        (event,) = inbox.pending(session, [GROUP], 5)
    inbound = events.parse(orjson.loads(event.payload))
    decision = dispatch.decide(Conversation(), inbound, MemoryTools(MONDAY, GROUP))
    (shown,) = decision.replies.messages
    assert isinstance(shown, Show)
    values = [row.value for row in shown.cards[0].rows]
    assert values == ["5", "5", "<5", "15", "<5", "<5", "40"]
    assert shown.cards[0].subtitle == "กลุ่มสตรีทอผ้า"


@pytest.mark.parametrize(
    ("weekly", "at"),
    [(False, MONDAY), (True, MONDAY + timedelta(days=1)), (True, MONDAY + timedelta(hours=12))],
)
def test_no_card_unasked_on_other_days_or_at_night(
    engine: Engine, weekly: bool, at: datetime
) -> None:
    with transaction(engine) as session:
        prepare(session, weekly=weekly)
        assert group_cards.send_due(session, at) == 0


def test_no_card_when_messages_run_short_and_none_after_leaving(engine: Engine) -> None:
    with transaction(engine) as session:
        prepare(session)
        budget.note_quota(session, MONDAY.date(), 6_900, 10_000)
        assert group_cards.send_due(session, MONDAY) == 0
        budget.note_quota(session, MONDAY.date(), 6_900, 100_000)
        groups.forget(session, GROUP)
        assert group_cards.send_due(session, MONDAY) == 0


def test_nothing_is_kept_of_what_a_group_says_to_itself(engine: Engine) -> None:
    at_ms = int(MONDAY.timestamp() * 1000)
    raw = {
        "type": "message",
        "webhookEventId": "w1",
        "timestamp": at_ms,
        "source": {"type": "group", "groupId": GROUP, "userId": "U1"},
        "message": {"type": "text", "id": "1", "text": "เลขบัตรผม 1101700230705"},
    }
    with transaction(engine) as session:
        inbox.store(session, [inbox.NewEvent("w1", GROUP, at_ms, orjson.dumps(raw))], at_ms)
        (event,) = inbox.pending(session, [GROUP], 5)
    decision = dispatch.decide(Conversation(), events.parse(raw), MemoryTools(MONDAY, GROUP))
    assert decision.replies.messages == ()
    with transaction(engine) as session:
        apply(session, GROUP, event, decision.effects)
        inbox.finish(session, ["w1"], [], at_ms)
    with transaction(engine) as session:
        assert inbox.kept(session, GROUP) == []
        assert not inbox.pending(session, [GROUP], 5)
