"""Any JSON becomes an event; what LINE documents becomes the right one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import events
from handlers.conversation import Conversation
from handlers.dispatch import decide
from tests.unit.handlers.fakes import NOW, new_chat

USER = {"type": "user", "userId": "U" + "1" * 32}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [
        "type",
        "mode",
        "timestamp",
        "source",
        "webhookEventId",
        "replyToken",
        "deliveryContext",
        "message",
        "postback",
        "follow",
        "unsend",
        "joined",
        "left",
        "link",
        "beacon",
        "values",
        "kind",
        "answers",
        "submit",
        "id",
        "text",
        "mention",
        "mentionees",
        "isSelf",
        "imageSet",
        "index",
        "latitude",
        "params",
        "date",
    ]
)
KINDS = st.sampled_from(
    [
        "message",
        "messageEdited",
        "unsend",
        "follow",
        "unfollow",
        "join",
        "leave",
        "memberJoined",
        "memberLeft",
        "postback",
        "beacon",
        "accountLink",
        "videoPlayComplete",
        "staff",
        "reminder",
        "form",
        "membership",
        "module",
        "text",
        "image",
        "location",
        "sticker",
        "user",
        "group",
        "room",
    ]
)
ODD = st.recursive(
    JSON | KINDS,
    lambda inner: st.dictionaries(NAMES, inner, max_size=6) | st.lists(inner, max_size=3),
    max_leaves=20,
)


@given(st.dictionaries(NAMES, ODD, max_size=8))
def test_any_object_becomes_an_event(raw: dict[str, Any]) -> None:
    assert isinstance(events.parse(raw), events.Inbound)


@given(st.dictionaries(NAMES, ODD, max_size=8), KINDS)
def test_any_event_is_decided_without_an_error(raw: dict[str, Any], kind: str) -> None:
    chat = new_chat()
    decision = decide(Conversation(), events.parse({**raw, "type": kind}), chat.tools)
    assert len(decision.replies.messages) <= 5


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (
            {"type": "message", "message": {"type": "text", "id": "1", "text": "ก"}},
            events.TextMessage,
        ),
        ({"type": "message", "message": {"type": "sticker", "id": "1"}}, events.StickerMessage),
        ({"type": "message", "message": {"type": "image", "id": "1"}}, events.MediaMessage),
        ({"type": "message", "message": {"type": "location", "id": "1"}}, events.LocationMessage),
        ({"type": "message", "message": {"type": "hologram", "id": "1"}}, events.Unknown),
        ({"type": "messageEdited", "message": {"type": "text", "id": "1"}}, events.Edited),
        ({"type": "postback", "postback": {"data": "x"}}, events.Postback),
        ({"type": "unsend", "unsend": {"messageId": "1"}}, events.Unsend),
        ({"type": "follow", "follow": {"isUnblocked": True}}, events.Follow),
        ({"type": "unfollow"}, events.Unfollow),
        ({"type": "join"}, events.Joined),
        ({"type": "leave"}, events.Left),
        ({"type": "memberJoined"}, events.MembersJoined),
        ({"type": "memberLeft"}, events.MembersLeft),
        ({"type": "beacon"}, events.Beacon),
        ({"type": "accountLink"}, events.AccountLinked),
        ({"type": "videoPlayComplete"}, events.VideoWatched),
        ({"type": "staff", "kind": "member"}, events.StaffMessage),
        ({"type": "reminder", "kind": "expire"}, events.Reminder),
        ({"type": "form", "answers": [["name", "ก"]]}, events.FormSaved),
        ({"type": "membership"}, events.Unknown),
        ({}, events.Unknown),
    ],
)
def test_each_kind_is_told(raw: dict[str, Any], kind: type) -> None:
    assert type(events.parse({"source": USER, **raw})) is kind


def test_a_standby_event_is_met_with_silence() -> None:
    raw = {"type": "message", "mode": "standby", "source": USER}
    raw["message"] = {"type": "text", "id": "1", "text": "สมัคร"}
    decision = decide(Conversation(), events.parse(raw), new_chat().tools)
    assert decision.replies.messages == ()
    assert decision.talk == Conversation()


def test_the_second_picture_of_a_set_is_not_answered_again() -> None:
    message = {"type": "image", "id": "2", "imageSet": {"id": "s", "index": 2, "total": 2}}
    raw = {"type": "message", "source": USER, "message": message}
    assert decide(Conversation(), events.parse(raw), new_chat().tools).replies.messages == ()


@pytest.mark.parametrize("chat_kind", ["group", "room"])
@pytest.mark.parametrize("text", ["น้องสี่สิบ สมัคร", "น้องสี่สิบ ข้อมูลของฉัน", "น้องสี่สิบ 0812345678"])
def test_nothing_personal_happens_in_a_group(chat_kind: str, text: str) -> None:
    raw = {
        "type": "message",
        "source": {"type": chat_kind, f"{chat_kind}Id": "C1", "userId": "U1"},
        "message": {"type": "text", "id": "1", "text": text},
    }
    decision = decide(Conversation(), events.parse(raw), new_chat().tools)
    assert decision.talk.form is None
    assert "0812345678" not in repr(decision.replies)
    assert {type(e).__name__ for e in decision.effects} <= {"ForgetMessage"}


def test_a_moment_that_is_none_is_no_error() -> None:
    assert events.parse({"timestamp": 10**40}).envelope.at < NOW
