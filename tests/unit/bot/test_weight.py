"""What a process loads is memory on the smallest machine: the path needs neither model nor SDK."""

import subprocess
import sys

import pytest

HEAVY = {"linebot", "numpy", "pythainlp", "onnxruntime", "sklearn", "PIL", "flask", "celery"}


@pytest.mark.parametrize("module", ["bot.server", "bot.front", "bot.worker"])
def test_the_path_loads_nothing_heavy(module: str) -> None:
    script = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    told = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert set(told.stdout.split()) & HEAVY == set()


def test_no_process_that_serves_loads_the_sdk() -> None:
    script = "import sys, bot.app, bot.process; print('linebot' in sys.modules)"
    told = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert told.stdout.strip() == "False"
