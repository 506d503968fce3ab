"""`python -m tests.browser.screenshots FOLDER`: the pictures of README.md, made anew."""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chat import Chat
from tests.browser.chromium import chromium
from tests.browser.desk import sign_in
from tests.browser.site import DESK, PHONE, Site, serving

TALK = ("จ่ายเดือนละเท่าไหร่", "ทางเลือกไหนดี")
FORM = ("สมัครเลย", "ยินยอม", "๕ มค ๒๕๒๐", "ไม่มีเลย", "บัตรประชาชนไทย", "นางสมศรี ใจดี")


def main(folder: Path) -> None:
    """The chat on a desk and a phone, a lead and the dashboard in the console."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        serving(Path(place)) as site,
        chromium() as browser,
    ):
        page = browser.new_page(viewport=DESK, locale="th-TH", timezone_id="Asia/Bangkok")
        _talk(page, site, folder)
        page = browser.new_page(viewport=DESK, locale="th-TH", timezone_id="Asia/Bangkok")
        sign_in(page, site, "officer")
        page.goto(f"{site.url}/staff/leads/")
        page.keyboard.press("n")
        page.wait_for_url(re.compile("queue=1"))
        page.screenshot(path=folder / "console-lead.png")
        page.goto(f"{site.url}/staff/dashboard/")
        page.screenshot(path=folder / "console-dashboard.png")


def _talk(page: Page, site: Site, folder: Path) -> None:
    chat = Chat(page, site.chat)
    chat.be_friend()
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(1500)
    page.screenshot(path=folder / "chat-greeting.png")
    page.set_viewport_size(DESK)
    for text in TALK:
        chat.say(text)
    page.screenshot(path=folder / "chat-desk.png")
    for text in FORM:
        chat.say(text)
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(500)
    page.screenshot(path=folder / "chat-form.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
