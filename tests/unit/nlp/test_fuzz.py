"""A short run of the fuzzer, always the same: the target works and finds nothing at once."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_short_run_finds_nothing(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603  our own command
        [
            sys.executable,
            "-m",
            "tests.fuzz.understand",
            "-runs=400",
            "-seed=40",
            "-max_len=2000",
            "-len_control=0",
            f"-artifact_prefix={tmp_path}/",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 400 runs" in done.stderr
