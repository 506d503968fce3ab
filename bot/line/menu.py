"""The rich menus: their definition.

LINE allows 100 new menus an hour and never changes a picture, so a menu carries a hash of all it
shows in its name: found by name, it is kept; changed, a new one replaces it.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from bot.line import menu_picture
from bot.line.menu_names import PREFIX
from bot.line.menu_picture import HEIGHT, WIDTH, Tile, boxes, draw_menu

Json = dict[str, Any]

NAMES = ("new", "progress", "registered")
DEFAULT = "new"
_FILE = Path(__file__).parent / "menu.toml"


@dataclass(frozen=True, slots=True)
class RichMenu:
    """One menu: LINE's JSON, with a name that changes when anything on it does, and the picture."""

    request: Json
    tiles: tuple[Tile, ...]

    @property
    def name(self) -> str:
        return str(self.request["name"])

    def picture(self) -> bytes:
        """The PNG; takes about a second to draw."""
        return draw_menu(self.tiles)


@cache
def rich_menu(name: str) -> RichMenu:
    """The menu `new`, `progress` or `registered`. Raises KeyError for another."""
    table = _tables()[name]
    tiles = tuple(
        Tile(t["icon"], t["label"], t["hint"], main=t.get("main", False)) for t in table["tiles"]
    )
    request: Json = {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "chatBarText": table["bar"],
        "areas": [_area(tile, box) for tile, box in zip(table["tiles"], boxes(), strict=True)],
    }
    drawing = Path(menu_picture.__file__).read_bytes()
    shown = orjson.dumps([request, tiles], option=orjson.OPT_SORT_KEYS) + drawing
    version = hashlib.sha256(shown).hexdigest()[:10]
    return RichMenu(request | {"name": f"{PREFIX}:{name}:{version}"}, tiles)


def _area(tile: Json, box: tuple[int, int, int, int]) -> Json:
    left, top, right, bottom = box
    return {
        "bounds": {"x": left, "y": top, "width": right - left, "height": bottom - top},
        "action": {
            "type": "postback",
            "label": tile["label"],
            "data": tile["data"],
            "displayText": tile["said"],
        },
    }


@cache
def _tables() -> dict[str, Json]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
