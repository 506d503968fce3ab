"""LINE's rules of Flex messages: sizes, nesting, colours, lengths."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from bot.simulator.actions import labelled, placed
from bot.simulator.counting import address, matches, required
from bot.simulator.schema import Json, Problem

MAX_BUBBLE_BYTES = 30 * 1024
MAX_CAROUSEL_BYTES = 50 * 1024
MAX_BUBBLES = 12
VIDEO_SIZES = frozenset({"kilo", "mega", "giga"})

_NESTING = {
    "horizontal": frozenset({"box", "button", "image", "text", "separator", "filler"}),
    "vertical": frozenset({"box", "button", "image", "text", "separator", "filler"}),
    "baseline": frozenset({"icon", "text", "filler"}),
}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?")
_PIXELS = r"-?\d+(?:\.\d+)?px"
_LENGTH = rf"{_PIXELS}|\d+(?:\.\d+)?%"
_SPACE = re.compile(rf"none|xs|sm|md|lg|xl|xxl|{_PIXELS}")
_SPACE_OR_SHARE = re.compile(rf"none|xs|sm|md|lg|xl|xxl|{_LENGTH}")
_TEXT_SIZE = re.compile(rf"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|{_PIXELS}")
_IMAGE_SIZE = re.compile(rf"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|full|{_LENGTH}")
_BORDER = re.compile(rf"none|light|normal|medium|semi-bold|bold|{_PIXELS}")
_EXTENT = re.compile(_LENGTH)
_RATIO = re.compile(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)")
_ANGLE = re.compile(r"\d+(?:\.\d+)?deg")
_SHARE = re.compile(r"\d+(?:\.\d+)?%")

_BY_FORM = {
    _COLOUR: "color backgroundColor borderColor separatorColor startColor endColor centerColor",
    _SPACE: "margin spacing lineSpacing cornerRadius",
    _SPACE_OR_SHARE: "paddingAll paddingTop paddingBottom paddingStart paddingEnd "
    "offsetTop offsetBottom offsetStart offsetEnd",
    _EXTENT: "width maxWidth height maxHeight",
    _BORDER: "borderWidth",
    _ANGLE: "angle",
    _SHARE: "centerPosition",
}
_FORMS = {name: form for form, names in _BY_FORM.items() for name in names.split()}


def _forms(component: Json, path: str) -> Iterator[Problem]:
    for name in component.keys() & _FORMS.keys():
        if name == "height" and component.get("type") == "button":
            continue
        yield from matches(component, name, path, _FORMS[name])
    flex = component.get("flex")
    if isinstance(flex, int) and flex < 0:
        yield Problem("must be 0 or more", f"{path}.flex")


def _tappable(component: Json, path: str) -> Iterator[Problem]:
    if "action" in component:
        yield from labelled(component["action"], f"{path}.action", 40, needed=False)
        yield from placed(component["action"], f"{path}.action")


def box(component: Json, path: str) -> Iterator[Problem]:
    yield from _forms(component, path)
    yield from _tappable(component, path)
    allowed = _NESTING.get(str(component.get("layout")), frozenset())
    contents = component.get("contents")
    for index, child in enumerate(contents if isinstance(contents, list) else ()):
        if isinstance(child, dict) and child.get("type") not in allowed:
            yield Problem("invalid property", f"{path}.contents[{index}].type")


def text(component: Json, path: str) -> Iterator[Problem]:
    yield from _forms(component, path)
    yield from _tappable(component, path)
    yield from matches(component, "size", path, _TEXT_SIZE)
    if not component.get("text") and not component.get("contents"):
        yield Problem("must be non-empty text", f"{path}.text")
    if isinstance(component.get("maxLines"), int) and component["maxLines"] < 0:
        yield Problem("must be 0 or more", f"{path}.maxLines")


def span(component: Json, path: str) -> Iterator[Problem]:
    yield from matches(component, "color", path, _COLOUR)
    yield from matches(component, "size", path, _TEXT_SIZE)
    if not component.get("text"):
        yield Problem("must be non-empty text", f"{path}.text")


def button(component: Json, path: str) -> Iterator[Problem]:
    yield from _forms(component, path)
    yield from labelled(component.get("action"), f"{path}.action", 40, needed=True)
    yield from placed(component.get("action"), f"{path}.action")


def image(component: Json, path: str) -> Iterator[Problem]:
    yield from _forms(component, path)
    yield from _tappable(component, path)
    yield from address(component, "url", path)
    yield from matches(component, "size", path, _IMAGE_SIZE)
    yield from _ratio(component, path)


def icon(component: Json, path: str) -> Iterator[Problem]:
    yield from _forms(component, path)
    yield from address(component, "url", path)
    yield from matches(component, "size", path, _TEXT_SIZE)
    yield from _ratio(component, path)


def video(component: Json, path: str) -> Iterator[Problem]:
    yield from address(component, "url", path)
    yield from address(component, "previewUrl", path)
    yield from _ratio(component, path)
    other = component.get("altContent")
    if isinstance(other, dict) and other.get("type") not in {"box", "image"}:
        yield Problem("invalid property", f"{path}.altContent.type")


def separator(component: Json, path: str) -> Iterator[Problem]:
    yield from _forms(component, path)


def gradient(background: Json, path: str) -> Iterator[Problem]:
    yield from required(background, path, "angle", "startColor", "endColor")
    yield from _forms(background, path)


def style(block: Json, path: str) -> Iterator[Problem]:
    yield from _forms(block, path)


def bubble(container: Json, path: str) -> Iterator[Problem]:
    yield from _tappable(container, path)
    hero = container.get("hero")
    if isinstance(hero, dict):
        if hero.get("type") not in {"box", "image", "video"}:
            yield Problem("invalid property", f"{path}.hero.type")
        if hero.get("type") == "video" and container.get("size", "mega") not in VIDEO_SIZES:
            yield Problem("a video needs size kilo, mega or giga", f"{path}.size")
    if not any(isinstance(container.get(b), dict) for b in ("header", "hero", "body", "footer")):
        yield Problem("At least one block must be specified", path)
    yield from _weight(container, path, MAX_BUBBLE_BYTES)


def carousel(container: Json, path: str) -> Iterator[Problem]:
    bubbles = container.get("contents")
    if not isinstance(bubbles, list):
        return
    if not 1 <= len(bubbles) <= MAX_BUBBLES:
        yield Problem(f"Size must be between 1 and {MAX_BUBBLES}", f"{path}.contents")
    sizes = {b.get("size", "mega") for b in bubbles if isinstance(b, dict)}
    if len(sizes) > 1:
        yield Problem("All bubbles must have the same size", f"{path}.contents")
    for index, child in enumerate(bubbles):
        hero = child.get("hero") if isinstance(child, dict) else None
        if isinstance(hero, dict) and hero.get("type") == "video":
            yield Problem("invalid property", f"{path}.contents[{index}].hero.type")
    yield from _weight(container, path, MAX_CAROUSEL_BYTES)


def _weight(container: Json, path: str, most: int) -> Iterator[Problem]:
    if len(orjson.dumps(container)) > most:
        yield Problem(f"Flex message must be at most {most} bytes", path)


def _ratio(component: Json, path: str) -> Iterator[Problem]:
    ratio: Any = component.get("aspectRatio")
    if not isinstance(ratio, str):
        return
    found = _RATIO.fullmatch(ratio)
    if not found or float(found[1]) <= 0 or float(found[2]) > 3 * float(found[1]):
        yield Problem("invalid property", f"{path}.aspectRatio")
