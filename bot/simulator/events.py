"""Builds webhook events as LINE sends them, and shows in the chat what caused them."""

from collections.abc import Callable
from typing import Any

from bot.simulator import ids
from bot.simulator.counting import utf16
from bot.simulator.schema import Json
from bot.simulator.world import Chat, Person, World

BOT_NAME = "น้องสี่สิบ"
REPLYABLE = frozenset(
    {"message", "messageEdited", "follow", "join", "memberJoined", "postback"}
    | {"videoPlayComplete", "beacon", "accountLink", "membership"}
)
Builder = Callable[[World, Chat, Person, Json], Json]
"""What somebody did → the members of the event that are its own."""


def build(world: World, chat: Chat, person: Person, action: Json) -> Json:
    """The event of what `person` did in `chat`; the chat shows it already.

    `action` has `kind` and the members of that kind. Raises KeyError for a kind unknown here.
    """
    own = KINDS[action["kind"]](world, chat, person, action)
    at_ms = int(world.clock() * 1000) - int(action.get("late_s", 0)) * 1000
    event: Json = {
        "webhookEventId": ids.event(at_ms),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": at_ms,
        "mode": "standby" if action.get("standby") else "active",
        "source": source(chat, person, known=own["type"] != "join"),
        **own,
    }
    failed_link = own["type"] == "accountLink" and own["link"]["result"] == "failed"
    if failed_link:
        del event["source"]
    if own["type"] in REPLYABLE and event["mode"] == "active" and not failed_link:
        event["replyToken"] = world.give_token(chat.id)
    return event


def source(chat: Chat, person: Person, *, known: bool = True) -> Json:
    """Where an event comes from."""
    if chat.kind == "user":
        return {"type": "user", "userId": chat.id}
    where = {"type": chat.kind, f"{chat.kind}Id": chat.id}
    return where | ({"userId": person.id} if known else {})


def _message(world: World, chat: Chat, person: Person, shown: Json, **hidden: Any) -> Json:
    entry = world.say(chat, person.id, shown)
    person.wrote_at = world.clock()
    return {"type": "message", "message": {"id": entry.id, **shown, **hidden}}


def _text(world: World, chat: Chat, person: Person, action: Json) -> Json:
    text = str(action["text"])[:10_000]
    tokens = {"quoteToken": ids.token(), "markAsReadToken": ids.token()}
    more: Json = dict(tokens)
    if chat.kind != "user" and (mentionees := _mentionees(world, text)):
        more["mention"] = {"mentionees": mentionees}
    return _message(world, chat, person, {"type": "text", "text": text}, **more)


def _mentionees(world: World, text: str) -> list[Json]:
    found = []
    for name, who in (
        (f"@{BOT_NAME}", {"type": "user", "userId": world.bot_id, "isSelf": True}),
        ("@ทุกคน", {"type": "all"}),
    ):
        if (at := text.find(name)) >= 0:
            found.append({"index": utf16(text[:at]), "length": utf16(name), **who})
    return found


def _sticker(world: World, chat: Chat, person: Person, action: Json) -> Json:
    shown = {
        "type": "sticker",
        "packageId": "11537",
        "stickerId": str(action.get("sticker_id", "52002734")),
        "stickerResourceType": "STATIC",
        "keywords": list(action.get("keywords", ())),
    }
    entry_face = {**shown, "face": str(action.get("face", "😀"))}
    event = _message(world, chat, person, entry_face, quoteToken=ids.token())
    del event["message"]["face"]
    return event


def _media(kind: str) -> Builder:
    def build_media(world: World, chat: Chat, person: Person, action: Json) -> Json:
        provider = {"contentProvider": {"type": "line"}}
        more: dict[str, Json] = {
            "image": provider | {"quoteToken": ids.token()},
            "video": provider | {"duration": 12_000, "quoteToken": ids.token()},
            "audio": provider | {"duration": 4_000},
            "file": {"fileName": str(action.get("name", "เอกสาร.pdf")), "fileSize": 52_428},
        }
        return _message(world, chat, person, {"type": kind, **more[kind]})

    return build_media


def _location(world: World, chat: Chat, person: Person, action: Json) -> Json:
    shown = {
        "type": "location",
        "title": str(action.get("title") or "ตำแหน่งของฉัน"),
        "address": str(action.get("address", "")),
        "latitude": float(action["latitude"]),
        "longitude": float(action["longitude"]),
    }
    return _message(world, chat, person, {k: v for k, v in shown.items() if v != ""})


def _postback(world: World, chat: Chat, person: Person, action: Json) -> Json:
    if said := action.get("said"):
        world.say(chat, person.id, {"type": "text", "text": said})
    params = action.get("params")
    postback = {"data": action["data"], **({"params": params} if params else {})}
    return {"type": "postback", "postback": postback}


def _follow(world: World, chat: Chat, person: Person, action: Json) -> Json:
    again = person.blocked
    person.friend, person.blocked = True, False
    world.touch(person)
    _note(world, chat, f"{person.name} ปลดบล็อกแล้ว" if again else f"{person.name} เพิ่มเพื่อนแล้ว")
    return {"type": "follow", "follow": {"isUnblocked": again}}


def _unfollow(world: World, chat: Chat, person: Person, action: Json) -> Json:
    person.blocked = True
    world.touch(person)
    _note(world, chat, f"{person.name} บล็อกบัญชีนี้")
    return {"type": "unfollow"}


def _join(world: World, chat: Chat, person: Person, action: Json) -> Json:
    chat.bot_in = True
    world.touch(chat)
    _note(world, chat, f"{person.name} เชิญ {BOT_NAME} เข้ากลุ่ม")
    return {"type": "join"}


def _leave(world: World, chat: Chat, person: Person, action: Json) -> Json:
    chat.bot_in = False
    world.touch(chat)
    _note(world, chat, f"{person.name} นำ {BOT_NAME} ออกจากกลุ่ม")
    return {"type": "leave"}


def _member_joined(world: World, chat: Chat, person: Person, action: Json) -> Json:
    _note(world, chat, "มีสมาชิกใหม่เข้ากลุ่ม")
    member = {"type": "user", "userId": str(action.get("member") or ids.user())}
    return {"type": "memberJoined", "joined": {"members": [member]}}


def _member_left(world: World, chat: Chat, person: Person, action: Json) -> Json:
    _note(world, chat, "มีสมาชิกออกจากกลุ่ม")
    member = {"type": "user", "userId": str(action.get("member") or ids.user())}
    return {"type": "memberLeft", "left": {"members": [member]}}


def _unsend(world: World, chat: Chat, person: Person, action: Json) -> Json:
    message_id = str(action.get("message_id") or _last_of(chat, person))
    if found := world.entry(message_id):
        entry = found[1]
        entry.unsent, entry.message = True, {"type": "unsent"}
        world.touch(entry)
    return {"type": "unsend", "unsend": {"messageId": message_id}}


def _edited(world: World, chat: Chat, person: Person, action: Json) -> Json:
    message_id = str(action.get("message_id") or _last_of(chat, person))
    text = str(action.get("text", "แก้ไขแล้ว"))
    if found := world.entry(message_id):
        found[1].message = {"type": "text", "text": text}
        world.touch(found[1])
    message: Json = {"id": message_id, "type": "text", "text": text, "quoteToken": ids.token()}
    if mentionees := _mentionees(world, text):
        message["mention"] = {"mentionees": mentionees}
    return {"type": "messageEdited", "message": message}


def _last_of(chat: Chat, person: Person) -> str:
    own = [e for e in chat.entries if e.sender == person.id and not e.unsent]
    return own[-1].id if own else "0"


def _note(world: World, chat: Chat, text: str) -> None:
    world.say(chat, "system", {"type": "note", "text": text})


def _bare(kind: str, **members: Any) -> Builder:
    return lambda world, chat, person, action: {"type": kind, **members}


KINDS: dict[str, Builder] = {
    "text": _text,
    "sticker": _sticker,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "file": _media("file"),
    "location": _location,
    "postback": _postback,
    "follow": _follow,
    "unfollow": _unfollow,
    "join": _join,
    "leave": _leave,
    "memberJoined": _member_joined,
    "memberLeft": _member_left,
    "unsend": _unsend,
    "messageEdited": _edited,
    "videoPlayComplete": _bare("videoPlayComplete", videoPlayComplete={"trackingId": "track-1"}),
    "beacon": _bare("beacon", beacon={"hwid": "374591320", "type": "enter"}),
    "accountLinkOk": _bare("accountLink", link={"result": "ok", "nonce": "bm9uY2UtMTIzNDU2"}),
    "accountLinkFailed": _bare("accountLink", link={"result": "failed", "nonce": "bm9uY2UtOTk5"}),
    "membership": _bare("membership", membership={"type": "joined", "membershipId": 3189}),
    "module": _bare("module", module={"type": "attached", "botId": "U" + "0" * 32, "scopes": []}),
    "activated": _bare("activated", chatControl={"expireAt": 1_900_000_000_000}),
    "deactivated": _bare("deactivated"),
    "botSuspended": _bare("botSuspended"),
    "botResumed": _bare("botResumed"),
    "delivery": _bare("delivery", delivery={"data": "notification-1"}),
    "unknown": _bare("somethingNew", somethingNew={"level": 3}),
}
