"""LINE's Messaging API, as the bot calls it; every failure is a LineError with a verdict.

`LiveLine` is for the courier: its calls are awaited, many at a time. `LineClient` is for threads
that can wait. What is only done when menus are installed goes by the SDK (see bot.line.menu_maker),
whose models take 40 MiB of memory, more than a web process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from bot.line import wire
from bot.line.errors import LineError, Verdict
from bot.line.wire import Answer, Wire

AUTH_RETRY_S = 60.0
"""A refused access token is the operator's to mend; messages wait meanwhile."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """LINE's word that it took the messages. `again`: it had taken them before (409)."""

    request_id: str
    again: bool = False


class LiveLine:
    """The calls that answer people, on the wire's own thread."""

    def __init__(self, access_token: str, api_url: str) -> None:
        self._wire = Wire(
            api_url.rstrip("/"),
            {
                "authorization": f"Bearer {access_token}",
                "content-type": "application/json",
                "user-agent": "nong-sisip",
            },
        )

    async def reply(self, token: str, messages: Sequence[Json]) -> Sent:
        """Answer an event; free, once a token, within about a minute. Raises LineError."""
        return await self._send("reply", {"replyToken": token, "messages": messages})

    async def push(self, to: str, messages: Sequence[Json], retry_key: str) -> Sent:
        """Send to a user or group; costs quota. The same key is safe again. Raises LineError."""
        return await self._send("push", {"to": to, "messages": messages}, retry_key)

    async def multicast(self, to: Sequence[str], messages: Sequence[Json], retry_key: str) -> Sent:
        """Send to at most 500 users at once. Raises LineError."""
        return await self._send("multicast", {"to": to, "messages": messages}, retry_key)

    async def loading(self, user: str, seconds: int = 20) -> None:
        """Show the dots of somebody writing; 5 to 60 in steps of 5, 1:1 only. Raises LineError."""
        body = {"chatId": user, "loadingSeconds": seconds}
        await self.ask("POST", "/v2/bot/chat/loading/start", orjson.dumps(body))

    async def leave(self, chat_kind: str, chat: str) -> None:
        """Leave a group or room. Raises LineError."""
        kind = "room" if chat_kind == "room" else "group"
        await self.ask("POST", f"/v2/bot/{kind}/{quote(chat, safe='')}/leave")

    async def link_menu(self, user: str, menu_id: str) -> None:
        """Give one person another rich menu. Raises LineError."""
        path = f"/v2/bot/user/{quote(user, safe='')}/richmenu/{quote(menu_id, safe='')}"
        await self.ask("POST", path)

    async def menus(self) -> dict[str, str]:
        """Rich menus of the account, name → id. Raises LineError."""
        (found,) = await self.told("/v2/bot/richmenu/list", "richmenus")
        return {menu["name"]: menu["richMenuId"] for menu in found}

    async def quota(self) -> tuple[int | None, int]:
        """See LineClient.quota."""
        path = "/v2/bot/message/quota"
        (kind,) = await self.told(path, "type")
        (limit,) = (None,) if kind == "none" else await self.told(path, "value")
        (used,) = await self.told(f"{path}/consumption", "totalUsage")
        return limit, used

    async def told(self, path: str, *names: str) -> list[Any]:
        """These fields of what LINE tells. Raises LineError, also if they are not there."""
        answer = await self.ask("GET", path)
        try:
            told = orjson.loads(answer.body)
            return [told[name] for name in names]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise LineError(Verdict.UNSURE, status=answer.status, reason="not LINE's") from None

    async def ask(
        self, method: str, path: str, body: bytes | None = None, retry_key: str = ""
    ) -> Answer:
        """What LINE answers when all is well. Raises LineError."""
        answer = await self._wire.ask(method, path, body, retry_key)
        if 200 <= answer.status < 300 or (answer.status == 409 and retry_key):
            return answer
        raise judge(answer.status, answer.body, answer.headers)

    async def _send(self, way: str, body: Json, retry_key: str = "") -> Sent:
        answer = await self.ask("POST", f"/v2/bot/message/{way}", orjson.dumps(body), retry_key)
        request_id = answer.headers.get("x-line-request-id", "")
        if answer.status == 409:
            return Sent(answer.headers.get("x-line-accepted-request-id", request_id), again=True)
        return Sent(request_id)


class LineClient:
    """The same channel for threads that wait for the answer; safe to share between them."""

    def __init__(self, access_token: str, api_url: str) -> None:
        self.live = LiveLine(access_token, api_url)

    def reply(self, token: str, messages: Sequence[Json]) -> Sent:
        """See LiveLine."""
        return wire.wait(self.live.reply(token, messages))

    def push(self, to: str, messages: Sequence[Json], retry_key: str) -> Sent:
        """See LiveLine."""
        return wire.wait(self.live.push(to, messages, retry_key))

    def multicast(self, to: Sequence[str], messages: Sequence[Json], retry_key: str) -> Sent:
        """See LiveLine."""
        return wire.wait(self.live.multicast(to, messages, retry_key))

    def link_menu(self, user: str, menu_id: str) -> None:
        """See LiveLine."""
        wire.wait(self.live.link_menu(user, menu_id))

    def menus(self) -> dict[str, str]:
        """See LiveLine."""
        return wire.wait(self.live.menus())

    def webhook_endpoint(self) -> str:
        """The public address LINE posts to, as set in its console. Raises LineError."""
        (endpoint,) = wire.wait(self.live.told("/v2/bot/channel/webhook/endpoint", "endpoint"))
        return str(endpoint)

    def bot_info(self) -> tuple[str, str]:
        """(user id, basic id such as @abc) of the account. Raises LineError."""
        user, basic = wire.wait(self.live.told("/v2/bot/info", "userId", "basicId"))
        return str(user), str(basic)

    def quota(self) -> tuple[int | None, int]:
        """(messages a month or None for no limit, used so far). Raises LineError."""
        return wire.wait(self.live.quota())


def judge(status: int, body: bytes, headers: dict[str, str]) -> LineError:
    """The error for a refusal. LINE's texts may change: only two of them are looked at.

    The names of headers are lower case.
    """
    request_id = headers.get("x-line-request-id", "")
    text = _message(body)
    retry_after_s = 0.0
    if status == 429 and "monthly limit" in text:
        verdict = Verdict.QUOTA
    elif status == 429:
        verdict, retry_after_s = Verdict.AGAIN, _seconds(headers.get("retry-after"), default=1.0)
    elif status in (401, 403):
        verdict, retry_after_s = Verdict.AGAIN, AUTH_RETRY_S
    elif status == 400 and "reply token" in text:
        verdict = Verdict.BAD_TOKEN
    elif 400 <= status < 500:
        verdict = Verdict.REFUSED
    else:
        verdict, retry_after_s = Verdict.UNSURE, _seconds(headers.get("retry-after"), default=0.0)
    return LineError(
        verdict, status=status, request_id=request_id, reason=text, retry_after_s=retry_after_s
    )


def _message(body: bytes) -> str:
    """LINE's own words about a refusal (they quote no content), lower case, or nothing."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(parsed, dict):
        return ""
    details = parsed.get("details")
    first = details[0] if isinstance(details, list) and details else {}
    where = first.get("property", "") if isinstance(first, dict) else ""
    return f"{parsed.get('message', '')} {where}".strip().lower()[:200]


def _seconds(value: str | None, default: float) -> float:
    try:
        return min(max(float(value or default), 0.0), 3600.0)
    except ValueError:
        return default
