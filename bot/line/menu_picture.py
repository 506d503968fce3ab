"""Draws the picture behind a rich menu: six tiles with an icon, a label and a hint, in Thai.

Drawn twice as large and made smaller, since Pillow's shapes have rough edges.
"""

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts"
WIDTH, HEIGHT = 2500, 1686
COLUMNS, ROWS = 3, 2
_SCALE = 2
_GAP = 28
_RADIUS = 64

_BACKGROUND, _TILE, _MAIN = "#E4EFEB", "#FFFFFF", "#0B5D4B"
_INK, _HINT, _BRAND, _WHITE, _PALE = "#16302A", "#4C5F59", "#0B5D4B", "#FFFFFF", "#CFE8DF"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tile:
    """What one tile shows. `main`: in the strong colour, for what most people want."""

    icon: str
    label: str
    hint: str
    main: bool = False


@cache
def draw_menu(tiles: tuple[Tile, ...]) -> bytes:
    """The PNG of a menu, 2500 x 1686."""
    picture = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), _BACKGROUND)
    pen = ImageDraw.Draw(picture)
    for tile, (left, top, right, bottom) in zip(tiles, boxes(), strict=True):
        inset = _GAP / 2
        _draw_tile(pen, tile, (left + inset, top + inset, right - inset, bottom - inset))
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    # 64 colours are enough for flat tiles and smooth letters, and a fifth of the bytes.
    small.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def boxes() -> list[tuple[int, int, int, int]]:
    """(left, top, right, bottom) of each tile, row by row; together they cover the picture."""
    columns = [WIDTH * i // COLUMNS for i in range(COLUMNS + 1)]
    rows = [HEIGHT * i // ROWS for i in range(ROWS + 1)]
    return [
        (columns[c], rows[r], columns[c + 1], rows[r + 1])
        for r in range(ROWS)
        for c in range(COLUMNS)
    ]


def _draw_tile(
    pen: ImageDraw.ImageDraw, tile: Tile, box: tuple[float, float, float, float]
) -> None:
    left, top, right, bottom = (v * _SCALE for v in box)
    middle = (left + right) / 2
    ground, ink, hint = (_MAIN, _WHITE, _PALE) if tile.main else (_TILE, _INK, _HINT)
    pen.rounded_rectangle((left, top, right, bottom), _RADIUS * _SCALE, fill=ground)
    disc, centre = 150 * _SCALE, (middle, top + 225 * _SCALE)
    pen.circle(centre, disc, fill=_WHITE if tile.main else _BACKGROUND)
    ICONS[tile.icon](_Pen(pen, centre, 100 * _SCALE, _BRAND))
    _words(pen, tile.label, (middle, top + 575 * _SCALE), "Bold", 118, ink, right - left)
    _words(pen, tile.hint, (middle, top + 715 * _SCALE), "Regular", 84, hint, right - left)


def _words(
    pen: ImageDraw.ImageDraw,
    text: str,
    at: Point,
    weight: str,
    size: int,
    colour: str,
    room: float,
) -> None:
    """One centred line, made smaller until it fits."""
    room -= 60 * _SCALE
    font = _font(weight, size * _SCALE)
    while font.getlength(text) > room:
        size -= 2
        font = _font(weight, size * _SCALE)
    pen.text(at, text, font=font, fill=colour, anchor="ms")


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    # Raqm shapes Thai: without it tone marks collide with the vowels above.
    return ImageFont.truetype(
        FONTS / f"Sarabun-{weight}.ttf", size, layout_engine=ImageFont.Layout.RAQM
    )


class _Pen:
    """Draws in a square from -1 to 1 around a centre."""

    def __init__(self, pen: ImageDraw.ImageDraw, centre: Point, half: float, colour: str) -> None:
        self._pen = pen
        self._centre = centre
        self._half = half
        self._width = round(half * 0.14)
        self._colour = colour

    def _at(self, point: Point) -> Point:
        return self._centre[0] + point[0] * self._half, self._centre[1] + point[1] * self._half

    def line(self, *points: Point) -> None:
        """Joined strokes with round ends."""
        placed = [self._at(p) for p in points]
        self._pen.line(placed, fill=self._colour, width=self._width, joint="curve")
        for end in (placed[0], placed[-1]):
            self._pen.circle(end, self._width / 2, fill=self._colour)

    def circle(self, centre: Point, radius: float, *, filled: bool = False) -> None:
        fill = self._colour if filled else None
        self._pen.circle(
            self._at(centre),
            radius * self._half,
            fill=fill,
            outline=self._colour,
            width=self._width,
        )

    def box(self, left: float, top: float, right: float, bottom: float, corner: float) -> None:
        self._pen.rounded_rectangle(
            (*self._at((left, top)), *self._at((right, bottom))),
            corner * self._half,
            outline=self._colour,
            width=self._width,
        )

    def arc(self, centre: Point, radius: float, start: float, end: float) -> None:
        """Part of a circle, in degrees from the right, clockwise."""
        steps = [start + (end - start) * i / 40 for i in range(41)]
        self.line(
            *(
                (
                    centre[0] + radius * math.cos(math.radians(s)),
                    centre[1] + radius * math.sin(math.radians(s)),
                )
                for s in steps
            )
        )

    def letter(self, text: str, size: float) -> None:
        font = _font("Bold", round(size * self._half))
        self._pen.text(self._centre, text, font=font, fill=self._colour, anchor="mm")


def _form(pen: _Pen) -> None:
    pen.box(-0.65, -0.85, 0.45, 0.85, 0.14)
    for y in (-0.4, 0.0):
        pen.line((-0.35, y), (0.15, y))
    pen.line((0.05, 0.5), (0.85, -0.35))
    pen.line((0.05, 0.5), (-0.1, 0.62))


def _scales(pen: _Pen) -> None:
    pen.line((0, -0.8), (0, 0.75))
    pen.line((-0.4, 0.8), (0.4, 0.8))
    pen.line((-0.7, -0.5), (0.7, -0.5))
    for x in (-0.7, 0.7):
        pen.line((x - 0.3, 0.15), (x, -0.5), (x + 0.3, 0.15))
        pen.arc((x, 0.12), 0.3, 0, 180)


def _gift(pen: _Pen) -> None:
    pen.box(-0.75, -0.1, 0.75, 0.85, 0.1)
    pen.box(-0.9, -0.45, 0.9, -0.05, 0.1)
    pen.line((0, -0.4), (0, 0.8))
    pen.circle((-0.25, -0.68), 0.25)
    pen.circle((0.25, -0.68), 0.25)


def _baht(pen: _Pen) -> None:
    pen.circle((0, 0), 0.9)
    pen.letter("฿", 1.25)


def _pin(pen: _Pen) -> None:
    pen.arc((0, -0.25), 0.6, 150, 390)
    pen.line((-0.52, 0.05), (0, 0.9), (0.52, 0.05))
    pen.circle((0, -0.25), 0.22)


def _person(pen: _Pen) -> None:
    pen.circle((0, -0.35), 0.4)
    pen.arc((0, 0.85), 0.7, 180, 360)
    pen.arc((0, -0.35), 0.7, 180, 360)
    pen.line((-0.7, -0.35), (-0.7, -0.1))
    pen.line((0.7, -0.35), (0.7, -0.1))


def _clock(pen: _Pen) -> None:
    pen.circle((0, 0), 0.88)
    pen.line((0, -0.5), (0, 0.05), (0.38, 0.3))


def _shield(pen: _Pen) -> None:
    pen.line((0, -0.9), (0.72, -0.6), (0.72, 0.05), (0.45, 0.6), (0, 0.9))
    pen.line((0, -0.9), (-0.72, -0.6), (-0.72, 0.05), (-0.45, 0.6), (0, 0.9))
    pen.line((-0.32, 0.0), (-0.06, 0.28), (0.36, -0.25))


ICONS: dict[str, Callable[[_Pen], None]] = {
    "form": _form,
    "scales": _scales,
    "gift": _gift,
    "baht": _baht,
    "pin": _pin,
    "person": _person,
    "clock": _clock,
    "shield": _shield,
}
