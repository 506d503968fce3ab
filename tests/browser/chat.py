"""A person with LINE open, for tests: says, taps, and reads what the bot answers."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

ANSWER_MS = 15_000


class Chat:
    """One chat on the simulator's page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.seen = 0
        page.goto(address)
        expect(page.locator(".phone")).to_be_visible()

    def open(self, name: str) -> "Chat":
        """The chat of this person or group."""
        self.page.locator("#list .row", has_text=name).click()
        expect(
            self.page.locator(".phone h2, .phone .as").filter(has_text=name).first
        ).to_be_visible()
        return self

    def be_friend(self) -> str:
        """Add the bot as a friend; its greeting."""
        return self._after(lambda: self.page.locator(".strip button").click())

    def say(self, text: str) -> str:
        """Type and send; the words of the answer."""

        def send() -> None:
            self.page.get_by_label("พิมพ์ข้อความ").fill(text)
            self.page.get_by_label("ส่ง", exact=True).click()

        return self._after(send)

    def tap(self, label: str) -> str:
        """Tap a quick reply or a button of the newest card; the words of the answer."""
        return self._after(lambda: self.button(label).last.click())

    def button(self, label: str) -> Locator:
        """Quick replies and card buttons with exactly these words."""
        exact = re.compile(f"^{re.escape(label)}$")
        return self.page.locator(".phone .pill, .phone .flex-button").filter(has_text=exact)

    def event(self, kind: str, *, answered: bool = True) -> str:
        """Send an event from the tester's panel; the answer, if one comes."""
        return self._after(
            lambda: self.page.locator(f"[data-kind={kind}]").click(), answered=answered
        )

    def answer(self) -> str:
        """The words of the bot's newest messages, since a person last did something."""
        return "\n".join(self.page.locator(".phone [data-from=bot]").all_inner_texts()[self.seen :])

    def refusals(self) -> int:
        """How often LINE would have refused a call so far."""
        return int(self.page.locator("[data-refusals]").get_attribute("data-refusals") or -1)

    def count(self) -> int:
        """Messages of the bot so far."""
        return self.page.locator(".phone [data-from=bot]:not(.dots-row)").count()

    def drawn(self) -> None:
        """All bubbles of one reply arrive together; two frames later they are drawn."""
        self.page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def _after(self, act: Callable[[], object], *, answered: bool = True) -> str:
        self.seen = self.count()
        act()
        newest = self.page.locator(".phone [data-from=bot]:not(.dots-row)").nth(self.seen)
        if answered:
            expect(newest).to_be_visible(timeout=ANSWER_MS)
            self.drawn()
        else:
            self.page.wait_for_timeout(1200)
        return self.answer()
