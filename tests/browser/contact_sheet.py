"""`python -m tests.browser.contact_sheet FOLDER`: every answer as LINE shows it, to look at.

Every intent, with and without an option, in easy reading, and in English where there is some.
"""

import io
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page

from bot.line.menu_picture import FONTS
from bot.preview import Preview, preview
from bot.simulator.drawing import serving
from nlp.intents import Intent
from nlp.understanding import Entities
from tests.browser.chromium import chromium

COLUMNS, WIDTH, GAP = 5, 390, 16
ROWS = 2
TODAY = date(2026, 11, 25)
VARIANTS = (
    ("", Entities(), "th", False),
    ("ทางเลือก 2", Entities(option=2), "th", False),
    ("อ่านง่าย", Entities(), "th", True),
    ("English", Entities(), "en", False),
)


def answers() -> Iterator[tuple[str, Preview]]:
    """(title, answer) of each that differs from those before it."""
    for intent in Intent:
        seen: list[object] = []
        for title, entities, lang, easy in VARIANTS:
            made = preview(intent, entities, TODAY, lang, easy=easy)
            if made.messages not in seen:
                seen.append(made.messages)
                yield f"{intent} {title}".strip(), made


def shot(page: Page, made: Preview) -> Image.Image:
    """One answer, as high as it is."""
    with serving([made.messages]) as address:
        page.goto(address)
        page.locator(".entry").nth(len(made.messages) - 1).wait_for()
        page.evaluate("document.fonts.ready")
        return Image.open(io.BytesIO(page.locator(".phone").first.screenshot())).convert("RGB")


def main(folder: Path) -> int:
    """Write the sheets; the number of answers that LINE would refuse."""
    folder.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": 800})
        found = []
        for title, made in answers():
            wrong += bool(made.problems)
            found.append((title, shot(page, made)))
            print(title, *made.problems, sep="\n  ! ")  # noqa: T201 - a script's output
    size = COLUMNS * ROWS
    for number, start in enumerate(range(0, len(found), size), 1):
        _sheet(found[start : start + size]).save(folder / f"answers-{number:02}.png")
    return wrong


def _sheet(answers: list[tuple[str, Image.Image]]) -> Image.Image:
    rows = [answers[i : i + COLUMNS] for i in range(0, len(answers), COLUMNS)]
    heights = [max(picture.height for _, picture in row) + 40 for row in rows]
    sheet = Image.new("RGB", (COLUMNS * (WIDTH + GAP), sum(heights)), "white")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(FONTS / "Sarabun-Regular.ttf", 22)
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, (title, picture) in enumerate(row):
            left = column * (WIDTH + GAP)
            pen.text((left, top + 4), title, fill="black", font=font)
            sheet.paste(picture, (left, top + 36))
        top += height
    return sheet


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
