"""A person talks, registers and is erased: nothing of thirty telling values stays anywhere.

Sealed cells are opened for the search, so that the test does not pass by encryption.
"""

import logging
import time
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, select

from bot.clock import now_ms
from bot.deciding import HandlersDecider
from bot.effects import apply
from bot.wake import Waker
from bot.worker import Limits, Worker
from db import inbox
from db.inbox import NewEvent
from db.models import metadata
from db.session import keys, reading, transaction
from nlp.engine import engine as language
from tests.path.running import kept

USER = "U" + "c" * 32
QUESTIONS = (
    "ผมชื่อเล่นกบจำศีล ป่วยได้เงินไหม",
    "เป็นโรคเบาหวานกับไตเสื่อมมาตั้งแต่ปีที่แล้ว สมัครได้ไหม",
    "ทำงานโรงสีแสงทองเจริญ จ่ายเดือนละเท่าไหร่",
    "เมียชื่อกาญจนาภรณ์ ท้องแปดเดือน คลอดได้เงินไหม",
)
TALK = (
    "สมัคร",
    "ยินยอม",
    "5 มค 2525",
    "ไม่มีเลย",
    "บัตรประชาชนไทย",
    "นายสมปองพิเศษ ใจกล้าหาญยิ่ง",
    "1101700207030",
    QUESTIONS[0],
    "0876543219",
    "99/123 ซอยลับแลสุขใจ ต.ในเมือง อ.เมืองขอนแก่น จ.ขอนแก่น",
    "สานกระติ๊บบ้านดอน",
    "ทางเลือก 2",
    "เช้า",
    "ส่งเลย",
    *QUESTIONS[1:],
    "เบอร์ผิด เอา 0899876543",
    "สถานะ",
)
CANARIES = (
    *("กบจำศีล", "เบาหวาน", "ไตเสื่อม", "แสงทองเจริญ", "กาญจนาภรณ์", "ท้องแปดเดือน", "โรงสี"),
    *("สมปองพิเศษ", "ใจกล้าหาญยิ่ง", "1101700207030", "1-1017-00207-03-0", "0207030"),
    *("0876543219", "087-654-3219", "76543219", "+66876543219", "66876543219"),
    *("0899876543", "089-987-6543", "99876543", "+66899876543", "66899876543"),
    *("99/123", "ลับแลสุขใจ", "กระติ๊บ", "บ้านดอน", "1982-01-05", "5 มค 2525", "5 มกราคม 2525"),
    "สานกระติ๊บบ้านดอน",
)


class Line:
    """Takes everything."""

    def __init__(self) -> None:
        self.said: list[list[dict[str, Any]]] = []

    async def reply(self, _token: str, messages: list[dict[str, Any]]) -> None:
        self.said.append(messages)

    async def push(self, _to: str, messages: list[dict[str, Any]], _retry_key: str) -> None:
        self.said.append(messages)

    async def loading(self, user: str, seconds: int = 20) -> None: ...
    async def leave(self, chat_kind: str, chat: str) -> None: ...
    async def link_menu(self, user: str, menu_id: str) -> None: ...
    async def menus(self) -> dict[str, str]:
        return {"new": "m", "progress": "m", "registered": "m"}


def talk(engine: Engine, line: Line, worker: Worker, *texts: str) -> None:
    """Say these things one after the other, each after the answer to the one before."""
    for number, text in enumerate(texts):
        now = now_ms()
        key = f"{now}-{number}"
        event = {
            "type": "message",
            "webhookEventId": key,
            "timestamp": now,
            "mode": "active",
            "source": {"type": "user", "userId": USER},
            "replyToken": key,
            "message": {"type": "text", "id": key.replace("-", ""), "text": text},
        }
        before = len(line.said)
        with transaction(engine) as session:
            inbox.store(session, [NewEvent(key, USER, now, orjson.dumps(event))], now)
        until = time.monotonic() + 20
        while len(line.said) == before and time.monotonic() < until:
            worker._try_round()
            time.sleep(0.01)
        assert len(line.said) > before, f"no answer to {text}"
        while worker._try_round() or worker._hand.flying:
            time.sleep(0.01)


def everything(engine: Engine) -> str:
    """Every cell of every table as text, the sealed ones opened."""
    found: list[str] = []
    with reading(engine) as session:
        ring = keys(session)
        for table in metadata.sorted_tables:
            names = list(table.columns.keys())
            for row in session.execute(select(table)):
                cells = dict(zip(names, row, strict=True))
                for column in table.columns:
                    cell = cells[column.key]
                    if cell is not None and "sealed_by" in column.info:
                        place = f"{table.name}|{column.name}|{cells[column.info['sealed_by']]}"
                        cell = ring.open_bytes(cell, place)
                    if isinstance(cell, bytes | memoryview):
                        found.append(bytes(cell).decode("utf-8", "ignore"))
                    else:
                        found.append(str(cell))
    return "\n".join(found)


def test_nothing_telling_stays_of_a_person_who_was_erased(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    line = Line()
    decider = HandlersDecider(engine, language().understand, lambda: "https://bot.example", "")
    worker = kept(Worker(engine, line, decider, apply, Waker(), Limits()))
    talk(engine, line, worker, *TALK)
    held = everything(engine)
    there = [canary for canary in CANARIES if canary in held]
    assert {"สมปองพิเศษ", "1101700207030", "0899876543", "ลับแลสุขใจ", "1982-01-05"} <= set(there)

    talk(engine, line, worker, "ลบข้อมูล", "ใช่")
    left = everything(engine)
    assert [canary for canary in CANARIES if canary in left] == []
    said = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert [canary for canary in (*CANARIES, USER) if canary in said] == []
