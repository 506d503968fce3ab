"""Shapes for the dashboard's pictures: numbers that the templates draw as SVG, without a script."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

WIDE, HIGH = 640, 160
TILE, GAP = 40, 4
SHADES = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, number, length in a hundred, where it leads."""

    name: str
    number: int
    share: float
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """A line for this period and one for the period before, as points of a polyline."""

    now: str
    before: str
    top: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A province on the map of tiles; `shade` 0 (none) to 5 (most)."""

    x: int
    y: int
    short: str
    name: str
    number: int
    shade: int
    url: str


def bars(rows: Sequence[tuple[str, int, str]]) -> list[Bar]:
    """(name, number, url) as bars against the longest."""
    top = max((number for _, number, _ in rows), default=0)
    return [Bar(name, n, round(100 * n / top, 1) if top else 0, url) for name, n, url in rows]


def lines(now: Sequence[int], before: Sequence[int]) -> Lines:
    """Two series of the same length over each other."""
    top = max((*now, *before, 1))
    return Lines(_points(now, top), _points(before, top), top)


def tiles(numbers: Mapping[str, int], urls: Mapping[str, str]) -> list[Tile]:
    """The map: every province a tile, darker for more."""
    top = max(numbers.values(), default=0)
    found = []
    for x, y, short, name in _places():
        number = numbers.get(name, 0)
        shade = 1 + round((SHADES - 1) * number / top) if number and top else 0
        found.append(Tile(x, y, short, name, number, shade, urls.get(name, "")))
    return found


@lru_cache(maxsize=1)
def _places() -> list[tuple[int, int, str, str]]:
    """Where each province lies on the map, its two letters, its name."""
    told = tomllib.loads((files("bot.staff") / "tiles.toml").read_text(encoding="utf-8"))
    return [
        (x * (TILE + GAP), y * (TILE + GAP), short, told["names"][short])
        for y, row in enumerate(told["rows"])
        for x, short in enumerate(row.split())
        if short != ".."
    ]


def _points(series: Sequence[int], top: int) -> str:
    step = WIDE / max(len(series) - 1, 1)
    heights = [HIGH - value / top * HIGH for value in series]
    return " ".join(f"{number * step:.1f},{high:.1f}" for number, high in enumerate(heights))
