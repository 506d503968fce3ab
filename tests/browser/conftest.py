"""Chromium, the product as `make run` starts it, and pages that tolerate no script error."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.chromium import chromium
from tests.browser.site import DESK, Site, serving

OFFICE = {"test_console.py", "test_day.py", "test_people.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder drive Chromium."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product, for the files that work in the console."""
    with serving(tmp_path_factory.mktemp("office")) as started:
        yield started


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The product: one for the console, else one a file, since a chat's end is no beginning."""
    if request.path.name in OFFICE:
        yield request.getfixturevalue("office")
        return
    with serving(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Cookies of its own, on a desk's screen."""
    made = browser.new_context(viewport=DESK, locale="th-TH", timezone_id="Asia/Bangkok")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script may fail and nothing may break the content policy."""
    made = context.new_page()
    errors: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if "Content Security" in said.text:
            errors.append(said.text)

    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("console", note)
    yield made
    assert errors == []
