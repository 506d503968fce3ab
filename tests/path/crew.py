"""A worker process that dies at a chosen point: `python -m tests.path.crew DATABASE LINE POINT
NTH`.

The points lie in what the worker is given (LINE, the conversation, the effects), so the product
holds no hooks for tests.
"""

import base64
import os
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy.orm import Session

from bot.line.client import LiveLine
from bot.turns import Decided, Read
from bot.wake import Listener, Waker
from bot.worker import Limits, Worker
from db.crypto import OuterKey
from db.inbox import PendingEvent
from db.keyring import unlock
from db.session import make_engine
from handlers.effects import Effect, SetReachable

OUTER = (OuterKey(bytes(range(32))),)
ENCODED = base64.b64encode(OUTER[0].key).decode()


class Counter:
    """The conversation of these tests: counts what it was told, and says so."""

    def read(self, event: PendingEvent) -> Read:
        return Read(token=orjson.loads(event.payload).get("replyToken", ""), metered=True)

    def decide(self, talk: str, state: str, event: PendingEvent, now_ms: int) -> Decided:
        heard = orjson.loads(state)["heard"] if state else []
        text = orjson.loads(event.payload)["message"]["text"]
        if text == "poison":
            raise ValueError("poison")
        heard = [*heard, text]
        said = {"type": "text", "text": f"{len(heard)}:{text}"}
        effects = (SetReachable(True),) if text == "effect" else ()
        return Decided(orjson.dumps({"heard": heard}).decode(), [said], effects, "text")


def no_effects(
    session: Session, talk: str, event: PendingEvent, effects: Sequence[Effect]
) -> list[tuple[str, dict[str, str]]]:
    return []


class Doomed:
    """Ends the process at the n-th passing of its point."""

    def __init__(self, point: str, nth: int) -> None:
        self.point = point
        self.left = nth

    def passes(self, point: str) -> None:
        if point == self.point:
            self.left -= 1
            if self.left <= 0:
                os._exit(9)


class DoomedLine(LiveLine):
    """LINE's client, with the points `before_send` and `after_send`."""

    doomed: Doomed

    async def ask(self, *call: Any) -> Any:
        self.doomed.passes("before_send")
        sent = await super().ask(*call)
        self.doomed.passes("after_send")
        return sent


class DoomedCounter(Counter):
    """The conversation, with the point `deciding`."""

    doomed: Doomed

    def decide(self, talk: str, state: str, event: PendingEvent, now_ms: int) -> Decided:
        self.doomed.passes("deciding")
        return super().decide(talk, state, event, now_ms)


def main(database: str, line_url: str, point: str, nth: int) -> None:
    """Work until killed, or until the parent goes."""
    doomed = Doomed(point, nth)
    line = DoomedLine("token", line_url)
    line.doomed = doomed
    decider = DoomedCounter()
    decider.doomed = doomed
    engine = unlock(make_engine(database), OUTER)
    waker = Waker()
    Listener(engine, waker).start()
    limits = Limits(flood_burst=0, lease_ms=1500)
    worker = Worker(engine, line, decider, no_effects, waker, limits)
    threading.Thread(target=_orphaned, daemon=True).start()
    worker.run()


def _orphaned() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
