"""Wrong settings end every program alike: all of them named at once, status 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAMS = {
    "worker": ("bot", "worker"),
    "doctor": ("bot", "doctor"),
    "admin": ("bot", "admin", "anong@sso.example", "Anong"),
    "jobs": ("celery", "-A", "bot.celery_app", "worker", "-Q", "timed,bulk"),
    "beat": ("celery", "-A", "bot.celery_app", "beat"),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_wrong_settings_end_a_program_with_status_2(program: str) -> None:
    wrong = {"LINE_CHANNEL_SECRET": "s", "PORT": "many", "CELERY_BROKER_URL": "ftp://broker"}
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ended = subprocess.run(  # noqa: S603 - our own programs
        [sys.executable, "-m", *PROGRAMS[program]],
        env=known | wrong,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    for name in (*wrong, "LINE_CHANNEL_ACCESS_TOKEN", "SECRET_KEY", "PII_ENCRYPTION_KEYS"):
        assert (f"  {name}: " in ended.stderr) == (name != "LINE_CHANNEL_SECRET"), ended.stderr
    assert "Traceback" not in ended.stderr
