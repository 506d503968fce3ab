"""The calibration plot of the model card: how often the engine is right when it says how sure
it is.
"""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_SIZE, _EDGE = 420, 50
_BAR, _LINE, _TEXT = "#2f7d5b", "#888888", "#222222"


def calibration_plot(bins: Sequence[tuple[float, float, int]], path: Path) -> None:
    """Dots on the diagonal are a well-calibrated engine; the larger the dot, the more messages."""
    image = Image.new("RGB", (_SIZE + 2 * _EDGE, _SIZE + 2 * _EDGE), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(14)

    def at(x: float, y: float) -> tuple[float, float]:
        return _EDGE + x * _SIZE, _EDGE + (1 - y) * _SIZE

    draw.rectangle([*at(0, 1), *at(1, 0)], outline=_LINE)
    draw.line([at(0, 0), at(1, 1)], fill=_LINE, width=2)
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = at(tick, 0)
        draw.text((x, y + 6), f"{tick:.1f}", fill=_TEXT, font=font, anchor="ma")
        x, y = at(0, tick)
        draw.text((x - 6, y), f"{tick:.1f}", fill=_TEXT, font=font, anchor="rm")
    total = sum(size for _, _, size in bins) or 1
    for sure, right, size in bins:
        x, y = at(sure, right)
        radius = 4 + 30 * (size / total) ** 0.5
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], outline=_BAR, width=3)
        draw.ellipse([x - 2, y - 2, x + 2, y + 2], fill=_BAR)
    draw.text(
        (_EDGE + _SIZE / 2, _SIZE + 2 * _EDGE - 6), "confidence", fill=_TEXT, font=font, anchor="md"
    )
    draw.text(
        (_EDGE + _SIZE / 2, 10),
        "share right (test split)",
        fill=_TEXT,
        font=font,
        anchor="ma",
    )
    image.save(path, optimize=True)
