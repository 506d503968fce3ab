"""LINE's endpoints: which call goes where, the checks that all share, and the record of them."""

import re
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.simulator import account_api, menu_api, sending
from bot.simulator.http import MAX_BODY_BYTES, Refusal, Request, Response, request_id
from bot.simulator.world import World

Endpoint = Callable[..., Response]

_ID = r"([A-Za-z0-9_-]+)"
_GROUP = rf"(group|room)/{_ID}"
ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("POST", "message/reply", sending.reply),
    ("POST", "message/push", sending.push),
    ("POST", "message/multicast", sending.multicast),
    ("POST", "message/broadcast", sending.broadcast),
    ("POST", "message/validate/(?:reply|push|multicast|narrowcast|broadcast)", sending.validate),
    ("POST", "chat/loading/start", sending.loading),
    ("POST", "chat/markAsRead", account_api.read),
    ("GET", "message/quota", account_api.quota),
    ("GET", "message/quota/consumption", account_api.consumption),
    ("GET", rf"message/{_ID}/content(?:/preview)?", account_api.content),
    ("GET", rf"profile/{_ID}", account_api.profile),
    ("GET", "followers/ids", account_api.followers),
    ("GET", "info", account_api.info),
    ("GET", "channel/webhook/endpoint", account_api.endpoint),
    ("PUT", "channel/webhook/endpoint", account_api.set_endpoint),
    ("GET", rf"{_GROUP}/member/{_ID}", account_api.member),
    ("GET", rf"{_GROUP}/members/count", account_api.members),
    ("GET", rf"group/{_ID}/summary", account_api.summary),
    ("POST", rf"{_GROUP}/leave", account_api.leave),
    ("POST", rf"user/{_ID}/linkToken", account_api.link_token),
    ("POST", "richmenu", menu_api.create),
    ("POST", "richmenu/validate", menu_api.validate),
    ("GET", "richmenu/list", menu_api.listed),
    ("POST", "richmenu/bulk/link", menu_api.bulk_link),
    ("POST", "richmenu/bulk/unlink", menu_api.bulk_unlink),
    ("POST", "richmenu/alias", menu_api.create_alias),
    ("GET", "richmenu/alias/list", menu_api.aliases),
    ("GET", rf"richmenu/alias/{_ID}", menu_api.get_alias),
    ("POST", rf"richmenu/alias/{_ID}", menu_api.update_alias),
    ("DELETE", rf"richmenu/alias/{_ID}", menu_api.delete_alias),
    ("GET", rf"richmenu/{_ID}", menu_api.get),
    ("DELETE", rf"richmenu/{_ID}", menu_api.delete),
    ("GET", rf"richmenu/{_ID}/content", menu_api.image),
    ("POST", rf"richmenu/{_ID}/content", menu_api.set_image),
    ("GET", "user/all/richmenu", menu_api.default),
    ("DELETE", "user/all/richmenu", menu_api.no_default),
    ("POST", rf"user/all/richmenu/{_ID}", menu_api.set_default),
    ("GET", rf"user/{_ID}/richmenu", menu_api.linked),
    ("DELETE", rf"user/{_ID}/richmenu", menu_api.unlink),
    ("POST", rf"user/{_ID}/richmenu/{_ID}", menu_api.link),
)
_COMPILED = [(method, re.compile(f"/v2/bot/{path}"), to) for method, path, to in ROUTES]
_RATES = {
    "/v2/bot/chat/loading/start": (100, 1.0),
    "/v2/bot/message/multicast": (200, 1.0),
    "/v2/bot/message/broadcast": (60, 3600.0),
    "/v2/bot/richmenu": (100, 3600.0),
    "/v2/bot/richmenu/list": (10, 1.0),
}
_DEFAULT_RATE = (2000, 1.0)


class LineApi:
    """Answers the bot's calls as LINE would."""

    def __init__(self, world: World, *, rated: bool = True, recorded: bool = True) -> None:
        """`rated`: with LINE's limits of calls a second. `recorded`: kept for the panel."""
        self._world = world
        self._rated = rated
        self._recorded = recorded
        self._seen: defaultdict[str, deque[float]] = defaultdict(deque)

    def answer(self, request: Request) -> Response:
        """The answer to any call; what LINE does not know is 404."""
        with self._world.open() as world:
            request = _over_https(world, request)
            try:
                response = self._dispatch(world, request)
            except Refusal as refusal:
                response = refusal.response
            response = response.with_id(request_id())
            if self._recorded:
                self._record(world, request, response)
        return response

    def _dispatch(self, world: World, request: Request) -> Response:
        if request.path == "/oauth2/v2.1/verify" and request.method == "POST":
            return account_api.verify(world, request)
        if request.headers.get("authorization") != f"Bearer {world.access_token}":
            raise Refusal(401, "Authentication failed. Confirm that the access token is valid.")
        if len(request.body) > MAX_BODY_BYTES:
            raise Refusal(413, "Request Entity Too Large")
        if self._rated:
            self._count(world, request.path)
        for method, path, endpoint in _COMPILED:
            found = path.fullmatch(request.path)
            if found and method == request.method:
                return endpoint(world, request, *found.groups())
        raise Refusal(404, "Not found")

    def _count(self, world: World, path: str) -> None:
        most, window_s = _RATES.get(path, _DEFAULT_RATE)
        seen, now = self._seen[path], world.clock()
        while seen and seen[0] <= now - window_s:
            seen.popleft()
        if len(seen) >= most:
            raise Refusal(429, "The API rate limit has been exceeded. Try again later.")
        seen.append(now)

    def _record(self, world: World, request: Request, response: Response) -> None:
        if request.method == "GET":
            return
        asked: Any = f"{len(request.body)} bytes"
        if "json" in request.headers.get("content-type", ""):
            asked = _readable(request)
        answered = response.body if not isinstance(response.body, bytes) else "bytes"
        title = request.path.removeprefix("/v2/bot/")
        world.note_call("out", title, response.status, asked, answered)


def _over_https(world: World, request: Request) -> Request:
    """LINE takes https addresses only, and a bot on loopback has none: its own is taken for one."""
    if not world.own_url.startswith("http://"):
        return request
    plain = world.own_url.encode()
    return replace(request, body=request.body.replace(plain, world.own_https().encode()))


def _readable(request: Request) -> Any:
    try:
        return request.json()
    except Refusal:
        return request.body.decode("utf-8", "replace")
