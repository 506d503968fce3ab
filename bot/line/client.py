"""The only caller of LINE. Reply, push and loading go through one urllib3 pool with our own JSON
(a tenth of the SDK client's time); everything else is line-bot-sdk's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
import urllib3
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    MessagingApiBlob,
    RichMenuRequest,
)
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NewConnectionError,
)

from bot.line.errors import LineError, Verdict

T = TypeVar("T")

CONNECT_S = 3.0
READ_S = 10.0
"""LINE answers in well under a second; after this the answer is lost and the outcome unsure."""
AUTH_RETRY_S = 60.0
"""A refused access token is the operator's to mend; messages wait meanwhile."""
POOL_SIZE = 128


@dataclass(frozen=True, slots=True)
class Sent:
    """LINE's word that it took the messages. `again`: it had taken them before (409)."""

    request_id: str
    again: bool = False


class LineClient:
    """Calls to LINE for one channel; safe to share between threads."""

    def __init__(self, access_token: str, api_url: str, data_api_url: str) -> None:
        self._api = api_url.rstrip("/")
        self._headers = {
            "authorization": f"Bearer {access_token}",
            "content-type": "application/json",
            "user-agent": "nong-sisip",
        }
        self._http = urllib3.PoolManager(
            maxsize=POOL_SIZE,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S),
        )
        # The SDK's host moves every call of a client, so the data host needs a client of its own.
        self._sdk = MessagingApi(_sdk_client(access_token, self._api))
        self._blob = MessagingApiBlob(_sdk_client(access_token, data_api_url.rstrip("/")))

    # The live path

    def reply(self, token: str, messages: Sequence[dict[str, Any]]) -> Sent:
        """Answer an event; free, once a token, within about a minute. Raises LineError."""
        return self._send("/v2/bot/message/reply", {"replyToken": token, "messages": messages})

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
        """Send to a user or group; costs quota. The same key is safe again. Raises LineError."""
        return self._send("/v2/bot/message/push", {"to": to, "messages": messages}, retry_key)

    def multicast(
        self, to: Sequence[str], messages: Sequence[dict[str, Any]], retry_key: str
    ) -> Sent:
        """Send to at most 500 users at once. Raises LineError."""
        body = {"to": to, "messages": messages}
        return self._send("/v2/bot/message/multicast", body, retry_key)

    def loading(self, user: str, seconds: int = 20) -> None:
        """Show the dots of somebody writing; 5 to 60 in steps of 5, 1:1 only. Raises LineError."""
        self._send("/v2/bot/chat/loading/start", {"chatId": user, "loadingSeconds": seconds})

    def _send(self, path: str, body: dict[str, Any], retry_key: str = "") -> Sent:
        headers = self._headers | ({"x-line-retry-key": retry_key} if retry_key else {})
        try:
            answer = self._http.request(
                "POST", self._api + path, body=orjson.dumps(body), headers=headers
            )
        except (NewConnectionError, ConnectTimeoutError, LocationParseError) as error:
            # No connection was made, so LINE has seen nothing.
            raise LineError(Verdict.AGAIN, reason=type(error).__name__) from None
        except HTTPError as error:
            raise LineError(Verdict.UNSURE, reason=type(error).__name__) from None
        request_id = answer.headers.get("x-line-request-id", "")
        if 200 <= answer.status < 300:
            return Sent(request_id)
        if answer.status == 409 and retry_key:
            return Sent(answer.headers.get("x-line-accepted-request-id", request_id), again=True)
        raise judge(answer.status, answer.data, dict(answer.headers.items()))

    # Everything else, by the SDK

    def leave(self, chat_kind: str, chat: str) -> None:
        """Leave a group or room. Raises LineError."""
        leave = self._sdk.leave_room if chat_kind == "room" else self._sdk.leave_group
        self._call(lambda: leave(chat, _request_timeout=READ_S))

    def webhook_endpoint(self) -> str:
        """The public address LINE posts to, as set in its console. Raises LineError."""
        return str(
            self._call(lambda: self._sdk.get_webhook_endpoint(_request_timeout=READ_S)).endpoint
        )

    def bot_info(self) -> tuple[str, str]:
        """(user id, basic id such as @abc) of the account. Raises LineError."""
        info = self._call(lambda: self._sdk.get_bot_info(_request_timeout=READ_S))
        return str(info.user_id), str(info.basic_id)

    def quota(self) -> tuple[int | None, int]:
        """(messages a month or None for no limit, used so far). Raises LineError."""
        limit = self._call(lambda: self._sdk.get_message_quota(_request_timeout=READ_S))
        used = self._call(lambda: self._sdk.get_message_quota_consumption(_request_timeout=READ_S))
        return (None if limit.type == "none" else int(limit.value)), int(used.total_usage)

    def link_menu(self, user: str, menu_id: str) -> None:
        """Give one person another rich menu. Raises LineError."""
        self._call(
            lambda: self._sdk.link_rich_menu_id_to_user(user, menu_id, _request_timeout=READ_S)
        )

    def menus(self) -> dict[str, str]:
        """Rich menus of the account, name → id. Raises LineError."""
        found = self._call(lambda: self._sdk.get_rich_menu_list(_request_timeout=READ_S))
        return {menu.name: menu.rich_menu_id for menu in found.richmenus}

    def create_menu(self, menu: dict[str, Any], image_png: bytes) -> str:
        """Create a rich menu with its image; its id. Raises LineError."""
        request = RichMenuRequest.from_dict(menu)
        made = self._call(lambda: self._sdk.create_rich_menu(request, _request_timeout=READ_S))
        menu_id = str(made.rich_menu_id)
        self._call(
            lambda: self._blob.set_rich_menu_image(
                menu_id,
                body=image_png,
                _headers={"Content-Type": "image/png"},
                _request_timeout=READ_S,
            )
        )
        return menu_id

    def set_default_menu(self, menu_id: str) -> None:
        """Show this rich menu to everybody without one of their own. Raises LineError."""
        self._call(lambda: self._sdk.set_default_rich_menu(menu_id, _request_timeout=READ_S))

    def delete_menu(self, menu_id: str) -> None:
        """Remove a rich menu. Raises LineError."""
        self._call(lambda: self._sdk.delete_rich_menu(menu_id, _request_timeout=READ_S))

    def _call(self, request: Callable[[], T]) -> T:
        try:
            return request()
        except ApiException as error:
            body = error.body.encode() if isinstance(error.body, str) else (error.body or b"")
            raise judge(error.status, body, dict(error.headers or {})) from None
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise LineError(Verdict.AGAIN, reason=type(error).__name__) from None
        except (HTTPError, ValueError) as error:
            # ValueError: the SDK's word for an answer that is not what LINE describes.
            raise LineError(Verdict.UNSURE, reason=type(error).__name__) from None


def _sdk_client(access_token: str, url: str) -> ApiClient:
    configuration = Configuration(access_token=access_token, host=url)
    configuration.retries = False  # ours to decide, by the verdict
    return ApiClient(configuration)


def judge(status: int, body: bytes, headers: dict[str, str]) -> LineError:
    """The error for a refusal. LINE's texts may change: only two of them are looked at."""
    lowered = {name.lower(): value for name, value in headers.items()}
    request_id = lowered.get("x-line-request-id", "")
    text = _message(body)
    retry_after_s = 0.0
    if status == 429 and "monthly limit" in text:
        verdict = Verdict.QUOTA
    elif status == 429:
        verdict, retry_after_s = Verdict.AGAIN, _seconds(lowered.get("retry-after"), default=1.0)
    elif status in (401, 403):
        verdict, retry_after_s = Verdict.AGAIN, AUTH_RETRY_S
    elif status == 400 and "reply token" in text:
        verdict = Verdict.BAD_TOKEN
    elif 400 <= status < 500:
        verdict = Verdict.REFUSED
    else:
        verdict, retry_after_s = Verdict.UNSURE, _seconds(lowered.get("retry-after"), default=0.0)
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
