"""The worker of the chaos, real but for its conversation, which counts: `python -m
tests.chaos.work`.
"""

import os
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import orjson
from sqlalchemy import Engine

from bot.config import Config, read_config
from bot.effects import apply
from bot.line.client import LiveLine
from bot.turns import Decided
from bot.wake import Listener, Waker
from bot.worker import Limits, Worker
from db import schema
from db.inbox import PendingEvent
from db.keyring import unlock
from db.session import make_engine
from handlers.effects import Consent, SubmitRegistration
from tests.chaos.load import finishes_form
from tests.path.crew import Counter


class Desk(Counter):
    """Counts what it is told, reminders too; some messages finish a form."""

    def decide(self, talk: str, state: str, event: PendingEvent, now_ms: int) -> Decided:
        told = orjson.loads(event.payload)
        if told["type"] == "reminder":
            message = {"message": {"text": f"{talk[-4:]}/0"}}
            return super().decide(
                talk, state, replace(event, payload=orjson.dumps(message)), now_ms
            )
        decided = super().decide(talk, state, event, now_ms)
        if not finishes_form(told["message"]["text"]):
            return decided
        name, _, number = told["message"]["text"].partition("/")
        return replace(decided, effects=(lead(name, int(number)),))


def lead(name: str, number: int) -> SubmitRegistration:
    """A finished form; its reference and its ID number are this message's alone."""
    return SubmitRegistration(
        reference=f"{name}-{number}",
        callback_words="มะม่วง ริมน้ำ",
        consent=Consent("v1", datetime(2026, 11, 25, tzinfo=UTC)),
        title="นาง",
        first_name="สมศรี",
        last_name="ใจเย็น",
        birth_on=date(1979, 1, 5),
        id_number=f"{int(name, 16):05d}{number:08d}",
        card_kind="thai",
        phone="0812345678",
        province="อุดรธานี",
        district="เมืองอุดรธานี",
        tambon="หมากแข้ง",
        address="12 หมู่ 3",
        occupation="farmer",
        option=2,
        contact_time="morning",
    )


def make_worker(config: Config, engine: Engine, waker: Waker) -> Worker:
    """The worker, and its listener."""
    if not schema.is_current(engine):
        sys.exit("migrate first")
    line = LiveLine(config.access_token, config.line_api_url)
    Listener(engine, waker).start()
    limits = Limits(flood_burst=0, push_budget=10**9, lease_ms=int(os.environ["LEASE_MS"]))
    return Worker(engine, line, Desk(), apply, waker, limits)


if __name__ == "__main__":
    here = read_config()
    make_worker(here, unlock(make_engine(here.database_url), here.outer_keys), Waker()).run()
