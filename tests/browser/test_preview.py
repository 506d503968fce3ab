"""`python -m bot preview --png` draws what LINE would show."""

from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from bot.line.render import COLOURS
from bot.preview import main

ON = date(2026, 1, 1)


def test_the_picture_holds_the_three_cards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "answer.png"
    assert main(["compare_options", "--on", ON.isoformat(), "--png", str(file)]) == 0
    capsys.readouterr()
    with Image.open(file) as picture:
        assert picture.width == 390
        drawn = {colour for _, colour in picture.getcolors(1 << 24) or ()}
    for option in ("option1", "option2", "option3"):
        ground = COLOURS[option][0]
        assert tuple(int(ground[i : i + 2], 16) for i in (1, 3, 5)) in drawn
