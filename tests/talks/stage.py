"""Plays a transcript: people, groups, staff, a clock.

A line begins with who speaks: ``คน>`` (``คน2>`` is a second person on a LINE of their own),
``กลุ่ม>`` (a text in a group), ``เจ้าหน้าที่>`` and ``เตือน>`` (our own events: kind, then
name=value), ``บอท>`` what was answered (further lines are indented), ``ผล>`` what must happen.
``[ปุ่ม]`` is tapped, ``(สติกเกอร์)`` and its like are sent. ``@ +3d`` moves the clock. An answer
that is nlp's is shown as ``«คำตอบ: intent»``: its wording is tested there.
"""

import itertools
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handlers import events
from handlers.memory import MemoryTools, World
from handlers.transcript import Chat
from handlers.turn import Decision

START = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
GROUP = "C" + "9" * 32
LINE = re.compile(r"^(คน\d?|กลุ่ม|เจ้าหน้าที่|เตือน)> ?(.*)$")
CLOCK = re.compile(r"^@ \+(\d+)([dhm])$")
_SENT: dict[str, dict[str, Any]] = {
    "(สติกเกอร์)": {"type": "sticker", "packageId": "1", "stickerId": "2"},
    "(รูป)": {"type": "image"},
    "(วิดีโอ)": {"type": "video"},
    "(เสียง)": {"type": "audio"},
    "(ไฟล์)": {"type": "file"},
}
_EVENTS: dict[str, dict[str, Any]] = {
    "(เพิ่มเพื่อน)": {"type": "follow", "follow": {"isUnblocked": False}},
    "(ปลดบล็อก)": {"type": "follow", "follow": {"isUnblocked": True}},
    "(บล็อก)": {"type": "unfollow"},
    "(ยกเลิกข้อความ)": {"type": "unsend", "unsend": {"messageId": "m1"}},
    "(บีคอน)": {"type": "beacon", "beacon": {"hwid": "x", "type": "enter"}},
    "(บอทเข้ากลุ่ม)": {"type": "join"},
    "(สมาชิกใหม่)": {"type": "memberJoined", "joined": {"members": [{"type": "user"}]}},
}


class Stage:
    """The people of one transcript, sharing a world and a clock."""

    def __init__(self) -> None:
        self.world = World(
            campaigns={"K7M29QXT": "ตำบลบ้านเป็ด", "E2V4NTZZ": "ตลาดนัดเช้า", "V7W8X9YZ": "อสม. ทองดี"},
            events={"E2V4NTZZ": []},
            invitations={
                "23456789ABCDEFGHJKMN": "V7W8X9YZ",
                "22223333444455556666": "E2V4NTZZ",
            },
        )
        self.now = START
        self.chats: dict[str, Chat] = {}
        self.drawn = itertools.count()

    def chat(self, name: str) -> Chat:
        if name not in self.chats:
            tools = MemoryTools(self.now, name, self.world, draw=self._draw)
            self.chats[name] = Chat(tools)
        self.chats[name].tools.now = self.now
        return self.chats[name]

    def _draw(self, count: int) -> str:
        """Letters that are the same in every run."""
        letter = "ABCDEFGHJKMNPQRST"[next(self.drawn) % 17]
        return letter * count

    def play(self, who: str, said: str) -> Decision:
        if who == "กลุ่ม":
            return self._in_group(said)
        chat = self.chat(who if who.startswith("คน") else "คน")
        if who == "เจ้าหน้าที่" or who == "เตือน":
            kind, *pairs = said.split(" ")
            values = dict(pair.split("=", 1) for pair in pairs)
            raw = {
                "type": "staff" if who == "เจ้าหน้าที่" else "reminder",
                "kind": kind,
                "values": values,
            }
            return chat.send(events.parse(self._raw(chat, raw)))
        if place := re.match(r"^\(ตำแหน่ง ([\d.]+),([\d.]+)(?: (.*))?\)$", said):
            message = {
                "type": "location",
                "latitude": float(place[1]),
                "longitude": float(place[2]),
                "address": place[3] or "",
            }
            return chat.send(events.parse(self._raw(chat, {"type": "message", "message": message})))
        if picked := re.match(r"^\[(.*)\] → (\S+)$", said):
            return chat.tap(picked[1], picked[2])
        if said in _SENT:
            raw = {"type": "message", "message": {"id": "m1", **_SENT[said]}}
            return chat.send(events.parse(self._raw(chat, raw)))
        if said in _EVENTS:
            return chat.send(events.parse(self._raw(chat, _EVENTS[said])))
        if said.startswith("(ปุ่มเก่า "):
            raw = {"type": "postback", "postback": {"data": said[len("(ปุ่มเก่า ") : -1]}}
            return chat.send(events.parse(self._raw(chat, raw)))
        return chat.say(said)

    def _raw(self, chat: Chat, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        chat.count += 1
        source = {"type": "user", "userId": chat.tools.user}
        at = int(self.now.timestamp() * 1000)
        return {"webhookEventId": f"e{chat.count}", "timestamp": at, "source": source, **raw}

    def _in_group(self, said: str) -> Decision:
        chat = self.chat("กลุ่ม")
        source = {"type": "group", "groupId": GROUP, "userId": "คน"}
        raw: Mapping[str, Any] = {
            "type": "message",
            "message": {"type": "text", "id": "g1", "text": said},
        }
        if said.startswith("@บอท "):
            mention = {"mentionees": [{"type": "user", "isSelf": True}]}
            raw = {
                "type": "message",
                "message": {"type": "text", "id": "g1", "text": said[5:], "mention": mention},
            }
        raw = _EVENTS.get(said, raw)
        return chat.send(events.parse({**self._raw(chat, raw), "source": source}))
