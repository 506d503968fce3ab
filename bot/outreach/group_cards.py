"""The weekly card of a group that asked for it: its own figures, no small ones, no people.

A community's group has the code of a village or a group, and sees who came by it. A group of
officers has the code of their province, district or tambon, and sees the place as on the board.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import now_ms
from bot.outreach.ranks import Rank, left
from bot.outreach.suppress import cell
from db import budget, groups, inbox, tallies, targets
from db.campaigns import Campaign
from db.groups import GroupChat
from db.rollups import THAI_TIME, thai_day
from db.tallies import METRICS, Figures

MORNING, EVENING = 9, 18
"""Thai hours of Monday in which the card is sent."""
PLACES = ("province", "district", "tambon")
ROOM = 500
"""Messages that news must still have: LINE counts a push to a group once for each member."""


def send_due(session: Session, now: datetime) -> int:
    """Put this week's cards in the inbox of their groups; the number of cards."""
    local = now.astimezone(THAI_TIME)
    today = thai_day(now)
    if local.weekday() != 0 or not MORNING <= local.hour < EVENING:
        return 0
    if left(budget.month(session, today), Rank.NEWS) < ROOM:
        return 0
    due = groups.due_cards(session, today)
    for group in due:
        _send(session, group, now)
    return len(due)


def _send(session: Session, group: GroupChat, now: datetime) -> None:
    campaign = session.get_one(Campaign, group.code)
    today = thai_day(now)
    key = campaign.place_key if campaign.kind in PLACES else campaign.code
    total = tallies.of(session, [key]).get(key, Figures())
    last_week = today - timedelta(days=7)
    week = tallies.weeks_of(session, [key], last_week).get(last_week, Figures())
    aim = targets.of(session, [key]).get(key)
    target = aim.target if aim is not None else campaign.target
    values = {
        "name": campaign.name,
        "target": f"{target:,}" if target else "",
        "week": _shown(week.submitted),
        **{metric: _shown(getattr(total, metric)) for metric in METRICS},
    }
    inbox.store_own(
        session,
        "staff",
        group.chat,
        {
            "kind": "group_card",
            "values": values,
            "source": {"type": "group", "groupId": group.chat},
        },
        key=inbox.own_key(group.chat, "group_card", today.isoformat()),
        now_ms=now_ms(),
    )


def _shown(number: int) -> str:
    found = cell(number)
    return "<5" if found is None else f"{found:,}"
