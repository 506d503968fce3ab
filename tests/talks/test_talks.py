"""Every transcript runs as it is written."""

from pathlib import Path

import pytest

from tests.talks.telling import played

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_a_talk_runs_as_it_is_written(path: Path, request: pytest.FixtureRequest) -> None:
    written = path.read_text(encoding="utf-8")
    now = played(written)
    if request.config.getoption("--update", default=False) and now != written:
        path.write_text(now, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == now
