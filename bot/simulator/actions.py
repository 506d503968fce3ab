"""LINE's rules of actions: what a tap may do, where, and with how long a label."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.simulator.counting import address, length, required
from bot.simulator.schema import Json, Problem

URI_SCHEMES = ("http", "https", "line", "tel")
QUICK_REPLY_ONLY = frozenset({"camera", "cameraRoll", "location"})
RICH_MENU_ONLY = frozenset({"richmenuswitch"})

_FORMATS = {
    "date": ("%Y-%m-%d", re.compile(r"\d{4}-\d\d-\d\d")),
    "time": ("%H:%M", re.compile(r"\d\d:\d\d")),
    "datetime": ("%Y-%m-%dT%H:%M", re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d")),
}
_YEARS = range(1900, 2101)


def labelled(action: Any, path: str, most: int, *, needed: bool) -> Iterator[Problem]:
    """The label of an action at its place; `needed` where LINE draws it."""
    if not isinstance(action, dict):
        return
    if needed:
        yield from required(action, path, "label")
    yield from length(action, "label", path, most, least=1 if needed else 0, by_grapheme=True)


def placed(action: Any, path: str, *, quick: bool = False, menu: bool = False) -> Iterator[Problem]:
    """The kind of action is allowed at its place."""
    kind = action.get("type") if isinstance(action, dict) else None
    if (kind in QUICK_REPLY_ONLY and not quick) or (kind in RICH_MENU_ONLY and not menu):
        yield Problem("invalid action type", f"{path}.type")


def postback(action: Json, path: str) -> Iterator[Problem]:
    yield from required(action, path, "data")
    yield from length(action, "data", path, 300)
    yield from length(action, "displayText", path, 300, by_grapheme=True)
    yield from length(action, "text", path, 300, by_grapheme=True)
    yield from length(action, "fillInText", path, 300, by_grapheme=True)
    if "displayText" in action and "text" in action:
        yield Problem("displayText and text can't both be set", f"{path}.text")
    if "fillInText" in action and action.get("inputOption") != "openKeyboard":
        yield Problem("needs inputOption openKeyboard", f"{path}.fillInText")


def message(action: Json, path: str) -> Iterator[Problem]:
    yield from required(action, path, "text")
    yield from length(action, "text", path, 300, by_grapheme=True)


def uri(action: Json, path: str) -> Iterator[Problem]:
    yield from required(action, path, "uri")
    yield from address(action, "uri", path, URI_SCHEMES, 1000)


def menu_switch(action: Json, path: str) -> Iterator[Problem]:
    yield from required(action, path, "richMenuAliasId", "data")


def date_picker(action: Json, path: str) -> Iterator[Problem]:
    yield from required(action, path, "data", "mode")
    yield from length(action, "data", path, 300)
    moments: dict[str, datetime] = {}
    for name in ("initial", "min", "max"):
        if name in action:
            moment = _moment(action[name], str(action.get("mode")))
            if moment is None:
                yield Problem("invalid date format", f"{path}.{name}")
            else:
                moments[name] = moment
    first, last = moments.get("min"), moments.get("max")
    if first and last and first >= last:
        yield Problem("min must be before max", f"{path}.min")
    start = moments.get("initial")
    if start and ((first and start < first) or (last and start > last)):
        yield Problem("must lie between min and max", f"{path}.initial")


def _moment(text: Any, mode: str) -> datetime | None:
    form, pattern = _FORMATS.get(mode, _FORMATS["date"])
    if not isinstance(text, str) or not pattern.fullmatch(text):
        return None
    try:
        moment = datetime.strptime(text.replace("t", "T"), form)  # noqa: DTZ007 - LINE's has no zone
    except ValueError:
        return None
    return moment if mode == "time" or moment.year in _YEARS else None
