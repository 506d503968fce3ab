"""The calls about people, groups, content, the account itself, and LINE Login's token check."""

import re
from urllib.parse import parse_qs

from bot.simulator import ids
from bot.simulator.events import BOT_NAME
from bot.simulator.http import Refusal, Request, Response
from bot.simulator.login import verified
from bot.simulator.schema import Json
from bot.simulator.world import Chat, Person, World

_DOT_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63a8a9a90100027e013e5c1f7b020000000049454e44ae426082"
)
"""A picture of one grey dot, for whatever the bot should not have fetched."""


def profile(world: World, request: Request, user_id: str) -> Response:
    """GET /v2/bot/profile/{userId}: 404 for who blocked, or is no friend and never wrote."""
    person = world.people.get(user_id)
    if person is None or person.blocked or not (person.friend or person.wrote_at):
        raise Refusal(404, "Not found")
    return Response(200, _profile(person) | {"language": "th"})


def followers(world: World, request: Request) -> Response:
    """GET /v2/bot/followers/ids."""
    return Response(200, {"userIds": [p.id for p in world.people.values() if p.friend]})


def info(world: World, request: Request) -> Response:
    """GET /v2/bot/info."""
    return Response(
        200,
        {
            "userId": world.bot_id,
            "basicId": "@sisip40",
            "displayName": BOT_NAME,
            "chatMode": "bot",
            "markAsReadMode": "auto",
        },
    )


def quota(world: World, request: Request) -> Response:
    """GET /v2/bot/message/quota."""
    if world.quota is None:
        return Response(200, {"type": "none"})
    return Response(200, {"type": "limited", "value": world.quota})


def consumption(world: World, request: Request) -> Response:
    """GET /v2/bot/message/quota/consumption."""
    return Response(200, {"totalUsage": world.pushed})


def endpoint(world: World, request: Request) -> Response:
    """GET /v2/bot/channel/webhook/endpoint."""
    if not world.endpoint:
        raise Refusal(404, "Webhook endpoint not found")
    return Response(200, {"endpoint": world.endpoint, "active": True})


def set_endpoint(world: World, request: Request) -> Response:
    """PUT /v2/bot/channel/webhook/endpoint."""
    address = str(request.json().get("endpoint", ""))
    if not address.startswith("https://") or len(address) > 500:
        raise Refusal(400, "Invalid webhook endpoint URL")
    world.endpoint = address
    return Response()


def content(world: World, request: Request, message_id: str) -> Response:
    """GET /v2/bot/message/{messageId}/content: 404, or 410 after unsend."""
    found = world.entry(message_id)
    if found and found[1].unsent:
        raise Refusal(410, "Gone")
    if found is None or found[1].message["type"] not in {"image", "video", "audio", "file"}:
        raise Refusal(404, "Not found")
    return Response(200, _DOT_PNG, content_type="image/png")


def member(world: World, request: Request, kind: str, chat_id: str, user_id: str) -> Response:
    """GET /v2/bot/{group,room}/{id}/member/{userId}."""
    if user_id not in _group(world, kind, chat_id).members:
        raise Refusal(404, "Not found")
    return Response(200, _profile(world.people[user_id]))


def members(world: World, request: Request, kind: str, chat_id: str) -> Response:
    """GET /v2/bot/{group,room}/{id}/members/count."""
    return Response(200, {"count": len(_group(world, kind, chat_id).members)})


def summary(world: World, request: Request, chat_id: str) -> Response:
    """GET /v2/bot/group/{groupId}/summary."""
    return Response(200, {"groupId": chat_id, "groupName": _group(world, "group", chat_id).name})


def leave(world: World, request: Request, kind: str, chat_id: str) -> Response:
    """POST /v2/bot/{group,room}/{id}/leave."""
    chat = _group(world, kind, chat_id)
    chat.bot_in = False
    world.touch(chat)
    world.say(chat, "system", {"type": "note", "text": f"{BOT_NAME} ออกจากกลุ่มแล้ว"})
    return Response()


def link_token(world: World, request: Request, user_id: str) -> Response:
    """POST /v2/bot/user/{userId}/linkToken."""
    if not re.fullmatch(r"U[0-9a-f]{32}", user_id):
        raise Refusal(400, "Invalid user id")
    return Response(200, {"linkToken": ids.token()})


def read(world: World, request: Request) -> Response:
    """POST /v2/bot/chat/markAsRead."""
    if not request.json().get("markAsReadToken"):
        raise Refusal(400, "The request body has 1 error(s)")
    return Response()


def verify(world: World, request: Request) -> Response:
    """POST /oauth2/v2.1/verify: the claims of an ID token, for the form page."""
    form = {name: values[0] for name, values in parse_qs(request.body.decode("latin-1")).items()}
    claims, wrong = verified(world, form)
    if claims is None:
        return Response(400, {"error": "invalid_request", "error_description": wrong})
    return Response(200, claims)


def _profile(person: Person) -> Json:
    return {"userId": person.id, "displayName": person.name}


def _group(world: World, kind: str, chat_id: str) -> Chat:
    chat = world.chats.get(chat_id)
    if chat is None or chat.kind != kind or not chat.bot_in:
        raise Refusal(404, "Not found")
    return chat
