"""Putting the rich menus into the account without doing it twice, by LINE's own SDK.

No process that serves imports this: the SDK's models take 40 MiB of memory.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    MessagingApiBlob,
    RichMenuRequest,
)
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from bot.line.client import LineClient, judge
from bot.line.errors import LineError, Verdict
from bot.line.menu import DEFAULT, NAMES, rich_menu
from bot.line.menu_names import PREFIX
from bot.line.wire import READ_S

T = TypeVar("T")


class MenuMaker:
    """The rich menus of one channel."""

    def __init__(self, access_token: str, api_url: str, data_api_url: str) -> None:
        # The SDK's host moves every call of a client, so the data host needs a client of its own.
        self._sdk = MessagingApi(_sdk_client(access_token, api_url.rstrip("/")))
        self._client = LineClient(access_token, api_url)
        self._blob = MessagingApiBlob(_sdk_client(access_token, data_api_url.rstrip("/")))

    def menus(self) -> dict[str, str]:
        """Rich menus of the account, name → id. Raises LineError."""
        return self._client.menus()

    def create_menu(self, menu: dict[str, Any], image_png: bytes) -> str:
        """Create a rich menu with its image; its id. Raises LineError."""
        request = RichMenuRequest.from_dict(menu)
        made = _call(lambda: self._sdk.create_rich_menu(request, _request_timeout=READ_S))
        menu_id = str(made.rich_menu_id)
        _call(
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
        _call(lambda: self._sdk.set_default_rich_menu(menu_id, _request_timeout=READ_S))

    def delete_menu(self, menu_id: str) -> None:
        """Remove a rich menu. Raises LineError."""
        _call(lambda: self._sdk.delete_rich_menu(menu_id, _request_timeout=READ_S))


def install(maker: MenuMaker) -> dict[str, str]:
    """Get or make the three menus and show the first to newcomers; name → id. Raises LineError.

    Old versions of our menus are removed after that; menus of others are left alone.
    """
    there = maker.menus()
    ids = {}
    for name in NAMES:
        menu = rich_menu(name)
        ids[name] = there.get(menu.name) or maker.create_menu(menu.request, menu.picture())
    maker.set_default_menu(ids[DEFAULT])
    for old_name, old_id in there.items():
        if old_name.startswith(f"{PREFIX}:") and old_id not in ids.values():
            maker.delete_menu(old_id)
    return ids


def _call(request: Callable[[], T]) -> T:
    try:
        return request()
    except ApiException as error:
        body = error.body.encode() if isinstance(error.body, str) else (error.body or b"")
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        raise judge(error.status, body, headers) from None
    except (NewConnectionError, ConnectTimeoutError) as error:
        raise LineError(Verdict.AGAIN, reason=type(error).__name__) from None
    except (HTTPError, ValueError) as error:
        # ValueError: the SDK's word for an answer that is not what LINE describes.
        raise LineError(Verdict.UNSURE, reason=type(error).__name__) from None


def _sdk_client(access_token: str, url: str) -> ApiClient:
    configuration = Configuration(access_token=access_token, host=url)
    configuration.retries = False  # ours to decide, by the verdict
    return ApiClient(configuration)
