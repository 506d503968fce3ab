"""The calls that send messages: reply, push, multicast, broadcast, and checking without sending."""

import re
import uuid
from typing import Any

from bot.simulator import ids
from bot.simulator.http import Refusal, Request, Response, request_id
from bot.simulator.rules import check, mentions
from bot.simulator.schema import Json, Problem
from bot.simulator.world import BOT, Accepted, Chat, World

SEVEN_DAYS_S = 7 * 24 * 3600.0
_USER = re.compile(r"U[0-9a-f]{32}")
_TARGET = re.compile(r"[UCR][0-9a-f]{32}")


def reply(world: World, request: Request) -> Response:
    """POST /v2/bot/message/reply."""
    body = request.json()
    held = world.tokens.get(str(body.get("replyToken")))
    chat = world.chats.get(held.chat) if held else None
    if "x-line-retry-key" in request.headers:
        raise _refused(world, chat, body, Refusal(400, "X-Line-Retry-Key is not supported"))
    _checked(world, chat, body, "ReplyMessageRequest")
    target = world.use_token(str(body["replyToken"]))
    if target is None or held is None:
        raise _refused(world, chat, body, Refusal(400, "Invalid reply token"))
    held.used = True
    return Response(200, {"sentMessages": _show(world, target, body["messages"])})


def push(world: World, request: Request) -> Response:
    """POST /v2/bot/message/push."""
    body = request.json()
    chat = _chat(world, str(body.get("to")))
    _again(world, request)
    _checked(world, chat, body, "PushMessageRequest")
    if chat is None or not chat.bot_in:
        raise Refusal(400, "Failed to send messages")
    _spend(world, chat, body, len(chat.members))
    sent = _show(world, chat, body["messages"]) if reachable(world, chat) else []
    return _accept(world, request, {"sentMessages": sent or _unseen(body["messages"])})


def multicast(world: World, request: Request) -> Response:
    """POST /v2/bot/message/multicast."""
    body = request.json()
    _again(world, request)
    _checked(world, None, body, "MulticastRequest")
    if any(not _USER.fullmatch(str(to)) for to in body["to"]):
        raise Refusal(400, "The property, 'to', in the request body is invalid")
    chats = [chat for to in body["to"] if (chat := _chat(world, to))]
    _spend(world, None, body, len(chats))
    for chat in chats:
        if reachable(world, chat):
            _show(world, chat, body["messages"])
    return _accept(world, request, {})


def broadcast(world: World, request: Request) -> Response:
    """POST /v2/bot/message/broadcast."""
    body = request.json()
    _again(world, request)
    _checked(world, None, body, "BroadcastRequest")
    friends = [p for p in world.people.values() if p.friend and not p.blocked]
    _spend(world, None, body, len(friends))
    for person in friends:
        _show(world, world.chats[person.id], body["messages"])
    return _accept(world, request, {})


def validate(world: World, request: Request) -> Response:
    """POST /v2/bot/message/validate/…: the check alone."""
    _checked(world, None, request.json(), "ValidateMessageRequest")
    return Response()


def loading(world: World, request: Request) -> Response:
    """POST /v2/bot/chat/loading/start: dots until the next message of the bot."""
    body = request.json()
    problems = check(body, "ShowLoadingAnimationRequest")
    if problems:
        raise _invalid(problems)
    chat = _chat(world, body["chatId"])
    if chat is not None:
        chat.loading_until = world.clock() + body.get("loadingSeconds", 20)
        world.touch(chat)
    return Response(202)


def reachable(world: World, chat: Chat) -> bool:
    """Whether a push shows: friends, joined groups, and who wrote in the last 7 days."""
    if chat.kind != "user":
        return chat.bot_in
    person = world.people[chat.id]
    recent = world.clock() - person.wrote_at < SEVEN_DAYS_S
    return not person.blocked and (person.friend or recent)


def _chat(world: World, target: str) -> Chat | None:
    chat = world.chats.get(target)
    if chat is None and world.strangers and _TARGET.fullmatch(target):
        if target.startswith("U"):
            world.add_person(target[:8], "🙂", person_id=target).friend = True
        else:
            kind = "group" if target.startswith("C") else "room"
            world.chats[target] = Chat(target, kind, target[:8], [])
        chat = world.chats[target]
    return chat


def _checked(world: World, chat: Chat | None, body: Json, shape: str) -> None:
    problems = check(body, shape)
    messages = body.get("messages")
    if not problems and chat and chat.kind == "user" and mentions(messages or []):
        problems = [Problem("mentions are for groups", "messages")]
    if problems:
        raise _refused(world, chat, body, _invalid(problems))


def _invalid(problems: list[Problem]) -> Refusal:
    return Refusal(400, f"The request body has {len(problems)} error(s)", problems)


def _refused(world: World, chat: Chat | None, body: Json, refusal: Refusal) -> Refusal:
    """Show the refusal in red where the messages would have been."""
    world.refusals += 1
    if chat is not None:
        answer = {"status": refusal.response.status, **refusal.response.body}
        world.say(chat, BOT, {"type": "refused", "request": body}, refusal=answer)
        chat.loading_until = 0.0
    return refusal


def _again(world: World, request: Request) -> None:
    key = request.headers.get("x-line-retry-key")
    if key is None:
        return
    try:
        uuid.UUID(key)
    except ValueError:
        raise Refusal(400, "Invalid X-Line-Retry-Key") from None
    if before := world.accepted(key):
        raise _Accepted(before)


class _Accepted(Refusal):
    """409: the retry key was accepted before."""

    def __init__(self, before: Accepted) -> None:
        super().__init__(
            409,
            "The retry key is already accepted",
            headers={"x-line-accepted-request-id": before.request_id},
        )
        self.response.body.update(before.answer)


def _accept(world: World, request: Request, answer: Json) -> Response:
    accepted_id = request_id()
    if key := request.headers.get("x-line-retry-key"):
        world.keys[key] = Accepted(world.clock(), accepted_id, answer)
    return Response(200, answer, {"x-line-request-id": accepted_id})


def _spend(world: World, chat: Chat | None, body: Json, people: int) -> None:
    if world.quota is not None and world.pushed + people > world.quota:
        raise _refused(world, chat, body, Refusal(429, "You have reached your monthly limit."))
    world.pushed += people


def _show(world: World, chat: Chat, messages: list[Json]) -> list[Json]:
    chat.loading_until = 0.0
    world.touch(chat)
    return [
        {"id": world.say(chat, BOT, message).id, "quoteToken": ids.token()} for message in messages
    ]


def _unseen(messages: list[Any]) -> list[Json]:
    return [{"id": ids.message(), "quoteToken": ids.token()} for _ in messages]
