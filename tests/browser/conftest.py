"""The whole product, started once by `python -m bot serve` in demo mode, and pages to see it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import chromium

ROOT = Path(__file__).parents[2]
START_S = 60
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}
OWN_SETTINGS = ("LINE_", "PII_", "DATABASE_", "CELERY_", "SECRET_", "PUBLIC_", "PORT")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


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


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Started in a folder of its own, so that its var/ and database are new."""
    folder = tmp_path_factory.mktemp("site")
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
            _wait_until_ready(site, process)
            yield site
        finally:
            process.terminate()
            process.wait(timeout=40)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Cookies of its own; the size of a desk's screen."""
    made = browser.new_context(viewport=DESK, locale="th-TH", timezone_id="Asia/Bangkok")  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script may fail and nothing may break the content policy."""
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on(
        "console",
        lambda said: errors.append(said.text) if "Content Security" in said.text else None,
    )
    yield made
    assert errors == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(site: Site, process: "subprocess.Popen[bytes]") -> None:
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
    pytest.fail(f"no answer within {START_S} s:\n{site.printed}")
