"""The whole product as a process of its own: `python -m bot serve` in demo mode on a free port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3
from playwright.sync_api import ViewportSize

ROOT = Path(__file__).parents[2]
START_S = 180
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 860}
OWN_SETTINGS = ("LINE_", "PII_", "DATABASE_", "CELERY_", "SECRET_", "PUBLIC_", "PORT")


@dataclass(frozen=True)
class Site:
    """The running product. `printed`: what it told on the terminal, with the demo logins."""

    url: str
    folder: Path

    @property
    def chat(self) -> str:
        return f"{self.url}/simulator/"

    @property
    def printed(self) -> str:
        return (self.folder / "output.txt").read_text(encoding="utf-8")


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Served from a folder of its own, so that its var/ and database are new."""
    port = _free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OWN_SETTINGS)}
    environment = kept | {"PORT": str(port), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        site = Site(f"http://127.0.0.1:{port}", folder)
        try:
            _wait_until_alive(site, process)
            yield site
        finally:
            process.terminate()
            process.wait(timeout=40)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_alive(site: Site, process: "subprocess.Popen[bytes]") -> None:
    http = urllib3.PoolManager(retries=False, timeout=2)
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert process.poll() is None, f"the server stopped:\n{site.printed}"
        try:
            if http.request("GET", f"{site.url}/healthz").status == 200:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"no answer within {START_S} s:\n{site.printed}")
