"""Where a person's form stands: what the worker wrote, and what it has not got round to yet.

Pending answers are shown as the worker will read them, so that in a rush nobody types them twice.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import orjson
from sqlalchemy import Engine

from bot.clock import ms_of
from bot.tools import DatabaseTools
from db import conversations, inbox
from db.session import reading, transaction
from handlers import events
from handlers.conversation import Conversation, Form
from handlers.events import FormSaved
from handlers.flow import path, repaired
from handlers.form_page import enter, is_stale, opened
from handlers.registration import REGISTRATION
from handlers.turn import Turn
from nlp.understanding import Topic, Understanding

MOST_WAITING = 20
"""Changes of one person that may wait for the worker; more is no person."""
Answers = Sequence[tuple[str, str]]


def _never(text: str, topic: Topic | None, today: date) -> Understanding:
    raise LookupError("the form page asks nothing of the language")


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's form. `turn` holds the talk as the worker left it, with the form in it."""

    turn: Turn
    form: Form
    is_open: bool
    """The form exists; else it is only what the page would begin."""
    waiting: int
    """Changes that the worker has not handled yet."""
    deciding: bool
    """Among them one that sends or ends the form."""

    @property
    def talk(self) -> Conversation:
        return self.turn.talk

    def with_form(self, form: Form) -> "Standing":
        return replace(self, form=form)


class Forms:
    """Reads where forms stand; asks the worker for changes."""

    def __init__(self, engine: Engine, secret_key: str) -> None:
        self._engine = engine
        self._secret = secret_key.encode()

    def standing(self, user: str, now: datetime) -> Standing:
        """Pending changes first, then the state: what is handled meanwhile is in both."""
        with reading(self._engine) as session:
            pending = inbox.pending(session, [user], MOST_WAITING + 1)
            state = conversations.load(session, [user]).get(user)
        raw = orjson.loads(state.state) if state is not None and state.state else {}
        talk = Conversation.from_json(raw)
        parsed = (events.parse(orjson.loads(one.payload)) for one in pending if one.payload)
        saved = [event for event in parsed if isinstance(event, FormSaved)]
        tools = DatabaseTools(self._engine, _never, user, now)
        turn, form = opened(Turn(talk, tools))
        is_open = talk.form is not None
        for event in saved:
            if not is_stale(talk, event.serial) and not event.confirmed:
                form, is_open = enter(turn, form, event.answers).form, True
        form = repaired(REGISTRATION, form, turn.today)
        deciding = any(event.submit or event.confirmed for event in saved)
        return Standing(turn, form, is_open, len(saved), deciding)

    def ask(self, user: str, key: str, now: datetime, **wish: object) -> bool:
        """Put a change into the queue, behind those that wait; False: too many do.

        Asked twice with the same key it happens once.
        """
        with transaction(self._engine) as session:
            pending = inbox.pending(session, [user], MOST_WAITING)
            if len(pending) >= MOST_WAITING:
                return False
            # Two changes of the same millisecond would have no order.
            at_ms = max([ms_of(now), *(one.happened_ms + 1 for one in pending)])
            inbox.store_own(session, "form", user, wish, key, at_ms)
        return True

    def key(self, user: str, *parts: str) -> str:
        """What makes a change one and the same. Keyed: it may stand in logs, answers may not."""
        message = "\0".join((user, *parts)).encode()
        return hmac.new(self._secret, b"form page\0" + message, hashlib.sha256).hexdigest()[:40]

    def sending_key(self, user: str, standing: Standing) -> str:
        """One form with these answers is sent once, however often the button is pressed."""
        live = path(REGISTRATION, standing.form.answers, standing.turn.today).answers
        said = orjson.dumps(dict(live), option=orjson.OPT_SORT_KEYS).decode()
        return self.key(user, "submit", str(standing.form.serial), said)

    def sent(self, user: str, standing: Standing) -> int | None:
        """What became of sending it as it is: inbox.PENDING, DONE, DEAD, or None: not tried."""
        event_id = f"form-{self.sending_key(user, standing)}"
        with reading(self._engine) as session:
            return inbox.status_of(session, user, event_id)
