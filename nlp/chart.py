"""Old-age savings as a picture: what has been saved after each year, a bar a year."""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from nlp.answering.words import word
from nlp.calculators import MONTHS_A_YEAR, OldAge, old_age
from nlp.facts import book, facts_on, short_date

WIDTH, HEIGHT = 1024, 768
MAX_YEARS = 50
_MARGIN, _TOP, _BOTTOM = 64, 250, 610
_INK, _PALE, _GROUND = "#16324f", "#5b6b7b", "#ffffff"
_COLOURS = {"contributions": "#2a9d8f", "extra": "#e9c46a", "bonus": "#e76f51"}
_MAX_BARS = 10


@dataclass(frozen=True, slots=True)
class Fonts:
    """Font files with Thai letters; the caller ships them."""

    regular: Path
    bold: Path


@dataclass(frozen=True, slots=True)
class _Bar:
    years: int
    saved: OldAge


def chart_path(option: int, months: int, extra_per_month: int = 0) -> str:
    """Where the picture is served, below the bot's own address; it names nobody."""
    years = min(max(1, round(months / MONTHS_A_YEAR)), MAX_YEARS)
    return f"/pictures/savings-{option}-{years}-{max(0, extra_per_month)}.png"


def chart_png(
    option: int, years: int, extra_per_month: int = 0, *, today: date, fonts: Fonts
) -> bytes:
    """A PNG of the lump sum of option 2 or 3 over the years, before yield, well below 200 KB."""
    years = min(max(1, years), MAX_YEARS)
    step = -(-years // _MAX_BARS)
    numbers = facts_on(today)
    bars = [
        _Bar(year, old_age(numbers, option, year * MONTHS_A_YEAR, extra_per_month))
        for year in reversed(range(years, 0, -step))
    ]
    image = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    draw = ImageDraw.Draw(image)
    _draw_words(draw, option, bars[-1], today, fonts)
    _draw_bars(draw, bars, fonts)
    _draw_key(draw, bars[-1].saved, fonts)
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_words(
    draw: ImageDraw.ImageDraw, option: int, last: _Bar, today: date, fonts: Fonts
) -> None:
    numbers = facts_on(today)
    title = word("chart", "title", "th").format(option=option, years=last.years)
    total = word("chart", "total", "th").format(total=f"{last.saved.total:,}")
    note = word("chart", "note", "th").format(
        until=numbers.fact("law.old_until").text(), hotline=numbers.fact("contact.hotline").text()
    )
    draw.text((_MARGIN, 40), title, fill=_INK, font=_font(fonts.bold, 44))
    draw.text((_MARGIN, 108), total, fill=_COLOURS["contributions"], font=_font(fonts.bold, 56))
    draw.text((_MARGIN, 706), note, fill=_PALE, font=_font(fonts.regular, 24))
    drawn = word("closing", "as_of", "th").format(day=short_date(min(book().checked_on, today)))
    draw.text((WIDTH - _MARGIN, 668), drawn, fill=_PALE, font=_font(fonts.regular, 24), anchor="ra")


def _draw_bars(draw: ImageDraw.ImageDraw, bars: list[_Bar], fonts: Fonts) -> None:
    room = (WIDTH - 2 * _MARGIN) / len(bars)
    highest = max(1, bars[-1].saved.total)
    for place, bar in enumerate(bars):
        left, right = (
            _MARGIN + place * room + room * 0.15,
            _MARGIN + (place + 1) * room - room * 0.15,
        )
        base = float(_BOTTOM)
        for part, colour in _COLOURS.items():
            height = getattr(bar.saved, part) / highest * (_BOTTOM - _TOP)
            if height:
                draw.rectangle((left, base - height, right, base), fill=colour)
            base -= height
        middle = (left + right) / 2
        amount = f"{bar.saved.total:,}"
        size = 22 if len(bars) > 8 else 26
        draw.text((middle, base - 6), amount, fill=_INK, font=_font(fonts.bold, size), anchor="md")
        year = word("chart", "year", "th").format(year=bar.years)
        draw.text(
            (middle, _BOTTOM + 8), year, fill=_PALE, font=_font(fonts.regular, 24), anchor="ma"
        )


def _draw_key(draw: ImageDraw.ImageDraw, last: OldAge, fonts: Fonts) -> None:
    left, font = float(_MARGIN), _font(fonts.regular, 24)
    for part, colour in _COLOURS.items():
        if not getattr(last, part):
            continue
        draw.rectangle((left, 668, left + 22, 690), fill=colour)
        label = word("chart", part, "th")
        draw.text((left + 30, 662), label, fill=_INK, font=font)
        left += 30 + draw.textlength(label, font=font) + 24


def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)
