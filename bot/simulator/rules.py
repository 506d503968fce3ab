"""LINE's rules of messages and templates, and the one front door for checking a request."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.simulator import actions, flex, menus
from bot.simulator.actions import labelled, placed
from bot.simulator.counting import address, length, required
from bot.simulator.schema import Json, Problem, Rule, Schema

MAX_TEXT = 5000
MAX_ALT = 1500
MAX_EMOJIS = 20
MAX_SUBSTITUTIONS = 100
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def _text(message: Json, path: str) -> Iterator[Problem]:
    yield from length(message, "text", path, MAX_TEXT)
    yield from _sent(message, path)
    emojis = message.get("emojis")
    if not isinstance(emojis, list):
        return
    if len(emojis) > MAX_EMOJIS:
        yield Problem(f"Size must be between 0 and {MAX_EMOJIS}", f"{path}.emojis")
    units = str(message.get("text")).encode("utf-16-le", "surrogatepass")
    for index, emoji in enumerate(emojis):
        at = emoji.get("index") if isinstance(emoji, dict) else None
        if not isinstance(at, int) or units[2 * at : 2 * at + 2] != "$".encode("utf-16-le"):
            yield Problem("must point at a $", f"{path}.emojis[{index}].index")


def _text_v2(message: Json, path: str) -> Iterator[Problem]:
    yield from length(message, "text", path, MAX_TEXT)
    yield from _sent(message, path)
    given = message.get("substitution")
    substitution: Json = given if isinstance(given, dict) else {}
    if len(substitution) > MAX_SUBSTITUTIONS:
        yield Problem(f"at most {MAX_SUBSTITUTIONS} keys", f"{path}.substitution")
    kinds = [s.get("type") for s in substitution.values() if isinstance(s, dict)]
    for kind in ("emoji", "mention"):
        if kinds.count(kind) > MAX_EMOJIS:
            yield Problem(f"at most {MAX_EMOJIS} of {kind}", f"{path}.substitution")
    for found in _PLACEHOLDER.finditer(str(message.get("text", ""))):
        if found[0] in {"{", "}"} or (found[1] is not None and found[1] not in substitution):
            yield Problem(f"{found[0]} has no substitution", f"{path}.text")


def _sent(message: Json, path: str) -> Iterator[Problem]:
    sender = message.get("sender")
    if isinstance(sender, dict):
        yield from length(sender, "name", f"{path}.sender", 20)
        yield from address(sender, "iconUrl", f"{path}.sender")
        if "line" in str(sender.get("name", "")).lower():
            yield Problem("must not contain LINE", f"{path}.sender.name")


def _quick_item(item: Json, path: str) -> Iterator[Problem]:
    yield from required(item, path, "action")
    yield from labelled(item.get("action"), f"{path}.action", 20, needed=True)
    yield from placed(item.get("action"), f"{path}.action", quick=True)
    yield from address(item, "imageUrl", path)
    if item.get("type", "action") != "action":
        yield Problem("must be action", f"{path}.type")


def _quick(quick: Json, path: str) -> Iterator[Problem]:
    yield from required(quick, path, "items")
    if quick.get("items") == []:
        yield Problem("Size must be between 1 and 13", f"{path}.items")


def _alt(message: Json, path: str) -> Iterator[Problem]:
    yield from length(message, "altText", path, MAX_ALT)
    yield from _sent(message, path)


def _media(message: Json, path: str) -> Iterator[Problem]:
    yield from address(message, "originalContentUrl", path)
    yield from address(message, "previewImageUrl", path)
    yield from _sent(message, path)


def _location(message: Json, path: str) -> Iterator[Problem]:
    yield from length(message, "title", path, 100)
    yield from length(message, "address", path, 100)
    yield from _sent(message, path)


def _imagemap(message: Json, path: str) -> Iterator[Problem]:
    yield from _alt(message, path)
    yield from address(message, "baseUrl", path)
    size = message.get("baseSize")
    if isinstance(size, dict) and size.get("width") != 1040:
        yield Problem("must be 1040", f"{path}.baseSize.width")
    if isinstance(message.get("actions"), list) and len(message["actions"]) > 50:
        yield Problem("Size must be between 1 and 50", f"{path}.actions")


def _actions(
    holder: Json, path: str, least: int, most: int, *, label: int = 20
) -> Iterator[Problem]:
    given = holder.get("actions")
    if not isinstance(given, list):
        return
    if not least <= len(given) <= most:
        yield Problem(f"Size must be between {least} and {most}", f"{path}.actions")
    for index, action in enumerate(given):
        yield from labelled(action, f"{path}.actions[{index}]", label, needed=True)
        yield from placed(action, f"{path}.actions[{index}]")


def _pictured(holder: Json, path: str, long: int) -> Iterator[Problem]:
    short = 60 if holder.get("title") or holder.get("thumbnailImageUrl") else long
    yield from length(holder, "text", path, short, by_grapheme=True)
    yield from length(holder, "title", path, 40, by_grapheme=True)
    yield from address(holder, "thumbnailImageUrl", path)
    if "defaultAction" in holder:
        yield from placed(holder["defaultAction"], f"{path}.defaultAction")


def _buttons(template: Json, path: str) -> Iterator[Problem]:
    yield from _pictured(template, path, 160)
    yield from _actions(template, path, 1, 4)


def _confirm(template: Json, path: str) -> Iterator[Problem]:
    yield from length(template, "text", path, 240, by_grapheme=True)
    yield from _actions(template, path, 2, 2)


def _column(column: Json, path: str) -> Iterator[Problem]:
    yield from _pictured(column, path, 120)
    yield from _actions(column, path, 1, 3)


def _columns(template: Json, path: str) -> Iterator[Problem]:
    columns = template.get("columns")
    if not isinstance(columns, list):
        return
    if not 1 <= len(columns) <= 10:
        yield Problem("Size must be between 1 and 10", f"{path}.columns")
    whole = [c for c in columns if isinstance(c, dict)]
    if len({_count(c.get("actions")) for c in whole}) > 1:
        yield Problem("All columns need as many actions", f"{path}.columns")
    for name in ("title", "thumbnailImageUrl"):
        if len({name in c for c in whole}) > 1:
            yield Problem(f"{name} must be in all columns or none", f"{path}.columns")


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0


def _image_column(column: Json, path: str) -> Iterator[Problem]:
    yield from address(column, "imageUrl", path)
    yield from labelled(column.get("action"), f"{path}.action", 12, needed=False)
    yield from placed(column.get("action"), f"{path}.action")


def _loading(request: Json, path: str) -> Iterator[Problem]:
    seconds = request.get("loadingSeconds", 20)
    if isinstance(seconds, int) and seconds % 5:
        yield Problem("must be a multiple of 5", "loadingSeconds")
    if not re.fullmatch(r"U[0-9a-f]{32}", str(request.get("chatId"))):
        yield Problem("must be a user ID", "chatId")


RULES: dict[str, Rule] = {
    "TextMessage": _text,
    "TextMessageV2": _text_v2,
    "QuickReply": _quick,
    "QuickReplyItem": _quick_item,
    "FlexMessage": _alt,
    "TemplateMessage": _alt,
    "ImageMessage": _media,
    "VideoMessage": _media,
    "AudioMessage": _media,
    "LocationMessage": _location,
    "ImagemapMessage": _imagemap,
    "ButtonsTemplate": _buttons,
    "ConfirmTemplate": _confirm,
    "CarouselTemplate": _columns,
    "CarouselColumn": _column,
    "ImageCarouselTemplate": _columns,
    "ImageCarouselColumn": _image_column,
    "PostbackAction": actions.postback,
    "MessageAction": actions.message,
    "URIAction": actions.uri,
    "DatetimePickerAction": actions.date_picker,
    "RichMenuSwitchAction": actions.menu_switch,
    "FlexBubble": flex.bubble,
    "FlexCarousel": flex.carousel,
    "FlexBox": flex.box,
    "FlexText": flex.text,
    "FlexSpan": flex.span,
    "FlexButton": flex.button,
    "FlexImage": flex.image,
    "FlexIcon": flex.icon,
    "FlexVideo": flex.video,
    "FlexSeparator": flex.separator,
    "FlexBoxLinearGradient": flex.gradient,
    "FlexBlockStyle": flex.style,
    "RichMenuRequest": menus.menu,
    "RichMenuArea": menus.area,
    "ShowLoadingAnimationRequest": _loading,
}


@cache
def _schema() -> Schema:
    return Schema(RULES, strict=frozenset({"Flex"}))


def check(body: Any, shape: str) -> list[Problem]:
    """All that LINE would refuse in a request of this shape of its description."""
    return _schema().problems(body, shape)


def check_messages(messages: list[Json]) -> list[Problem]:
    """All that LINE would refuse in these messages of one call."""
    return check({"messages": messages}, "ValidateMessageRequest")


def mentions(messages: list[Json]) -> bool:
    """Whether a message mentions somebody, which LINE takes in groups only."""
    return any(
        isinstance(s, dict) and s.get("type") == "mention"
        for m in messages
        for s in (m.get("substitution") or {}).values()
    )
