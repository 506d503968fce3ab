"""Joins the worker to the conversation: stored bytes in, LINE's JSON out. Holds no state."""

from collections.abc import Callable
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Engine

from bot import metrics
from bot.clock import utc
from bot.line.render import render
from bot.outreach.riding import Riding
from bot.pictures import ChartLinks
from bot.receipts import ReceiptLinks
from bot.tools import BANGKOK, DatabaseTools, Understand
from bot.turns import Decided, Read
from db.inbox import PendingEvent
from handlers import dispatch, events
from handlers.conversation import Conversation
from nlp.answering.content import Pages, content
from nlp.understanding import Topic, Understanding

METERED = frozenset({"message", "postback", "messageEdited"})


class HandlersDecider:
    """bot.turns.Decider in earnest."""

    def __init__(
        self,
        engine: Engine,
        understand: Understand,
        public_url: Callable[[], str],
        form_page: str = "",
        receipts: ReceiptLinks | None = None,
        charts: ChartLinks | None = None,
        pages: Pages = content,
    ) -> None:
        self._engine = engine
        self._understand = understand
        self._public_url = public_url
        self._form_page = form_page
        self._receipts = receipts
        self._charts = charts
        self._pages = pages
        self._riding = Riding(engine)

    def read(self, event: PendingEvent) -> Read:
        """Its reply token, unless another module answers; and whether a person caused it."""
        raw = _object(event.payload)
        token = raw.get("replyToken")
        live = isinstance(token, str) and raw.get("mode") != "standby"
        return Read(str(token) if live else "", metered=raw.get("type") in METERED)

    def decide(self, talk: str, state: str, event: PendingEvent, now_ms: int) -> Decided:
        """One event: what is said, what must happen, where the talk stands then."""
        inbound = events.parse(_object(event.payload))
        heard: list[Understanding] = []

        def hear(text: str, topic: Topic | None, today: date) -> Understanding:
            heard.append(self._understand(text, topic, today))
            return heard[-1]

        tools = DatabaseTools(
            self._engine,
            hear,
            talk,
            utc(now_ms),
            form_page=self._form_page,
            receipts=self._receipts,
            happened=utc(event.happened_ms),
            riding=self._riding,
            pages=self._pages,
        )
        before = Conversation.from_json(_object(state.encode()) if state else {})
        decision = dispatch.decide(before, inbound, tools)
        # In a form «not understood» may well be a name or a place, which is no refusal.
        if heard and before.form is None and before.side is None:
            metrics.count_understood(heard[-1])
        replies = decision.replies
        if self._charts is not None:
            replies = self._charts.signed(replies, tools.now.astimezone(BANGKOK).date())
        return Decided(
            state=orjson.dumps(decision.talk.to_json()).decode(),
            messages=render(replies, self._public_url()),
            effects=decision.effects,
            kind=type(inbound).__name__,
        )


def _object(raw: bytes) -> dict[str, Any]:
    parsed = orjson.loads(raw)
    if not isinstance(parsed, dict):
        raise TypeError("a stored event is a JSON object")
    return parsed
