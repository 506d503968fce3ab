"""A village's code from the officer's screen to the chat and back into the figures."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import Chat
from tests.browser.site import DESK, PHONE, Site
from tests.browser.test_console import SERIOUS, sign_in

PAGES = ("/staff/campaigns/", "/staff/board/", "/staff/board/targets", "/staff/news/", "/open/")


def test_a_code_goes_from_the_poster_into_the_figures(
    site: Site, page: Page, browser: Browser
) -> None:
    sign_in(page, site, "officer")
    page.goto(f"{site.url}/staff/campaigns/new?province=อุดรธานี&district=เมืองอุดรธานี")
    page.get_by_label("ชื่อ (เช่น").fill("บ้านหนองบัว")
    page.get_by_role("button", name="สร้างรหัส", exact=True).click()
    shown = page.locator("h1 .ref").inner_text()
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", shown)
    poster = page.get_by_role("img", name="ตัวอย่างโปสเตอร์")
    for _ in range(15):  # a bot that just started has yet to ask LINE for the account's name
        if poster.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(poster).to_be_visible()
    chat = Chat(browser.new_page(viewport=DESK), site.chat)
    chat.be_friend()
    assert "บ้านหนองบัว" in chat.say(f"รหัส {shown.lower().replace('-', ' ')}")
    assert "ไม่พบรหัส" in chat.say("รหัส K7M2-9QXA")
    page.reload()
    expect(page.locator(".steps-row .big").first).to_have_text("1")
    page.goto(f"{site.url}/staff/board/?province=อุดรธานี")
    expect(page.locator("h1")).to_contain_text("อุดรธานี")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_fit_and_are_usable_by_everybody(
    site: Site, page: Page, size: dict[str, int]
) -> None:
    sign_in(page, site, "admin")
    page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict of the right shape
    for path in PAGES:
        page.goto(site.url + path)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, path
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in SERIOUS] == [], path
