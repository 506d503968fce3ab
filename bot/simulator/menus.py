"""LINE's rules of rich menus: their areas, and the picture behind them."""

import io
from collections.abc import Iterator

from PIL import Image, UnidentifiedImageError

from bot.simulator.actions import labelled, placed
from bot.simulator.counting import length, required
from bot.simulator.schema import Json, Problem

MAX_IMAGE_BYTES = 1024 * 1024
MAX_AREAS = 20
_KINDS = {"image/png": "PNG", "image/jpeg": "JPEG"}


def menu(request: Json, path: str) -> Iterator[Problem]:
    yield from required(request, path, "size", "selected", "name", "chatBarText", "areas")
    yield from length(request, "name", path, 300, by_grapheme=True)
    yield from length(request, "chatBarText", path, 14, by_grapheme=True)
    size, areas = request.get("size"), request.get("areas")
    if isinstance(areas, list) and len(areas) > MAX_AREAS:
        yield Problem(f"Size must be between 0 and {MAX_AREAS}", "areas")
    if not isinstance(size, dict) or not isinstance(areas, list):
        return
    width, height = size.get("width", 0), size.get("height", 0)
    yield from _extent(width, height, "size")
    for index, tile in enumerate(areas):
        bounds = tile.get("bounds", {}) if isinstance(tile, dict) else {}
        right = bounds.get("x", 0) + bounds.get("width", 0)
        below = bounds.get("y", 0) + bounds.get("height", 0)
        if right > width or below > height:
            yield Problem("must lie within the menu", f"areas[{index}].bounds")


def area(tile: Json, path: str) -> Iterator[Problem]:
    yield from required(tile, path, "bounds", "action")
    yield from labelled(tile.get("action"), f"{path}.action", 20, needed=False)
    yield from placed(tile.get("action"), f"{path}.action", menu=True)


def image(content: bytes, content_type: str) -> Iterator[Problem]:
    """What LINE would refuse in the picture of a menu."""
    if content_type not in _KINDS:
        yield Problem("must be image/png or image/jpeg", "Content-Type")
        return
    if len(content) > MAX_IMAGE_BYTES:
        yield Problem(f"must be at most {MAX_IMAGE_BYTES} bytes", "image")
    try:
        with Image.open(io.BytesIO(content)) as picture:
            kind, (width, height) = picture.format, picture.size
    except UnidentifiedImageError:
        yield Problem("is not an image", "image")
        return
    if kind != _KINDS[content_type]:
        yield Problem("Content-Type does not fit the image", "Content-Type")
    yield from _extent(width, height, "image")


def _extent(width: int, height: int, path: str) -> Iterator[Problem]:
    if not 800 <= width <= 2500:
        yield Problem("width must be between 800 and 2500", path)
    if height < 250 or width / max(height, 1) < 1.45:
        yield Problem("height must be at least 250 and width/height at least 1.45", path)
