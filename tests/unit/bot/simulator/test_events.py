"""Webhooks have LINE's form, by LINE's own SDK, and change what the page shows."""

from typing import Any

import pytest
from linebot.v3.models import UnknownEvent
from linebot.v3.webhooks import Event, MessageContent

from bot.simulator.events import BOT_NAME, KINDS, REPLYABLE, build
from bot.simulator.world import Chat, Person, World

Json = dict[str, Any]
MORE: dict[str, Json] = {
    "text": {"text": "สวัสดี"},
    "location": {"latitude": 13.7, "longitude": 100.5},
    "postback": {"data": "ask:greet"},
}
NEWER_THAN_THE_DESCRIPTION = {"unknown", "messageEdited"}


def place(kind: str) -> tuple[World, Chat, Person]:
    world = World("secret", "token")
    person = world.add_person("สมศรี", "🙂")
    in_group = kind in {"join", "leave", "memberJoined", "memberLeft", "messageEdited"}
    chat = world.add_group("กลุ่ม", [person.id]) if in_group else world.chats[person.id]
    return world, chat, person


def event(kind: str, **more: Any) -> Json:
    world, chat, person = place(kind)
    return build(world, chat, person, {"kind": kind, **MORE.get(kind, {}), **more})


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - NEWER_THAN_THE_DESCRIPTION))
def test_lines_sdk_reads_every_kind(kind: str) -> None:
    raw = event(kind)
    parsed = Event.from_dict(raw)
    assert not isinstance(parsed, UnknownEvent)
    assert parsed.type == raw["type"]
    if raw["type"] == "message":
        assert MessageContent.from_dict(raw["message"]).type == raw["message"]["type"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_reply_token_comes_with_what_can_be_answered(kind: str) -> None:
    raw = event(kind)
    answerable = raw["type"] in REPLYABLE and kind != "accountLinkFailed"
    assert ("replyToken" in raw) == answerable
    assert "replyToken" not in event(kind, standby=True)


def test_a_failed_account_link_has_no_source() -> None:
    assert "source" not in event("accountLinkFailed")


def test_a_join_names_no_user() -> None:
    assert set(event("join")["source"]) == {"type", "groupId"}


def test_a_mention_counts_utf16_units() -> None:
    world, chat, person = place("join")
    action = {"kind": "text", "text": f"🍎 @{BOT_NAME} ช่วยหน่อย"}
    mention = build(world, chat, person, action)["message"]["mention"]["mentionees"][0]
    assert (mention["index"], mention["length"]) == (3, len(BOT_NAME) + 1)
    assert mention["isSelf"]


def test_the_face_of_a_sticker_stays_on_the_page() -> None:
    world, chat, person = place("sticker")
    raw = build(world, chat, person, {"kind": "sticker", "face": "🙏", "keywords": ["thanks"]})
    assert "face" not in raw["message"]
    assert chat.entries[-1].message["face"] == "🙏"


def test_unsending_takes_the_message_from_the_chat() -> None:
    world, chat, person = place("text")
    sent = build(world, chat, person, {"kind": "text", "text": "เบอร์ฉัน"})
    gone = build(world, chat, person, {"kind": "unsend"})
    assert gone["unsend"]["messageId"] == sent["message"]["id"]
    assert "เบอร์ฉัน" not in str(chat.entries)


def test_blocking_and_coming_back_is_an_unblocking() -> None:
    world, chat, person = place("follow")
    first = build(world, chat, person, {"kind": "follow"})
    build(world, chat, person, {"kind": "unfollow"})
    again = build(world, chat, person, {"kind": "follow"})
    assert (first["follow"]["isUnblocked"], again["follow"]["isUnblocked"]) == (False, True)
