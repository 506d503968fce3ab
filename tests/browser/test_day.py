"""An officer's whole day by keyboard only, from signing in to the export; a person in the chat.

What it prints is the report: how many keys and seconds a lead takes.
"""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdfium2
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import create_engine, text

from bot.staff.demo import PROVINCES
from tests.browser.chat import Chat
from tests.browser.desk import fresh_code, grave, login_of, sign_in
from tests.browser.site import DESK, Site

LEADS = 20
MOST_SHEETS = 100
SHOWN_PHONE = "087-654-3210"
MOST_TABS = 120
TOLD_MS = 60_000
"""Half a minute to undo, the job's five seconds, and a busy machine."""
ANSWERS = (
    *("ยินยอม", "5 มค 2525", "ไม่มีเลย", "บัตรประชาชนไทย", "นายมานะ อดทนดี", "ข้าม", "0876543210"),
    *("ต.ในเมือง อ.เมืองขอนแก่น จ.ขอนแก่น", "ค้าขาย", "ทางเลือก 2"),
)


class Desk:
    """Somebody at a console who has no mouse. Every key is counted."""

    def __init__(self, page: Page, site: Site, who: str) -> None:
        self.page, self.site, self.keys = page, site, 0
        self.who, self.login = who, login_of(site, who)

    def press(self, *keys: str) -> None:
        """A page shows before its script has run: wait for it, then press."""
        self.page.wait_for_load_state()
        for one in keys:
            self.page.keyboard.press(one)
            self.keys += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.keys += len(words)

    def to(self, wanted: Locator) -> None:
        """Tab until the focus is there."""
        self.page.wait_for_load_state()
        for _ in range(MOST_TABS):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{wanted} is not reached with the Tab key")

    def leave(self, *keys: str) -> None:
        """Press keys of which the last leads to another page."""
        before = self.page.evaluate("document.title && performance.timeOrigin")
        self.press(*keys)
        self.page.wait_for_function("old => performance.timeOrigin !== old", arg=before)
        self.page.wait_for_load_state()

    def sign_in(self) -> None:
        self.page.goto(f"{self.site.url}/staff/login")
        self.to(self.page.get_by_label("อีเมล"))
        self.type(self.login.email)
        self.press("Tab")
        self.type(self.login.password)
        self.leave("Enter")
        self.to(self.page.get_by_label("รหัส", exact=True))
        self.type(fresh_code(self.site, self.who))
        self.leave("Enter")
        expect(self.page.locator("header nav")).to_be_visible()

    def find(self, words: str, reference: str) -> None:
        """Search and open."""
        self.leave("g", "l")
        self.press("/")
        self.type(words)
        self.leave("Enter")
        self.to(self.page.get_by_role("link", name=reference))
        self.leave("Enter")

    def downloads(self, act: Callable[[], None]) -> bytes:
        with self.page.expect_download() as file:
            act()
        return Path(file.value.path()).read_bytes()


def register(chat: Chat) -> str:
    """A registration in Khon Kaen; its reference."""
    chat.say("สมัครเลย")
    for answer in ANSWERS:
        chat.tap(answer) if chat.button(answer).count() else chat.say(answer)
    chat.tap(chat.page.locator(".phone .pill").first.inner_text())
    found = re.search(r"S40-[0-9A-Z]{4}-[0-9A-Z]{4}", chat.tap("ส่งเลย"))
    assert found is not None, chat.answer()
    return found[0]


def twin(site: Site) -> tuple[str, str]:
    """Two open leads of one person in the officer's provinces, as the database knows them."""
    engine = create_engine(f"sqlite:///{site.folder}/var/nong-sisip.db")
    places = ", ".join(f"'{one}'" for one in PROVINCES)
    with engine.connect() as connection:
        row = connection.execute(
            text(
                f"""SELECT one.reference, other.reference FROM registrations AS one
                JOIN registrations AS other ON other.person_key = one.person_key
                WHERE other.id > one.id AND one.province IN ({places})
                ORDER BY one.id LIMIT 1"""  # noqa: S608 - names of this code
            )
        ).one()
    engine.dispose()
    return row[0], row[1]


def test_a_whole_day_by_keyboard(site: Site, browser: Browser, page: Page) -> None:
    began = time.monotonic()
    chat = Chat(page, site.chat).open("มานะ")
    reference = register(chat)
    with (
        browser.new_context(viewport=DESK, accept_downloads=True) as first,
        browser.new_context(viewport=DESK, accept_downloads=True) as second,
    ):
        leader = Desk(second.new_page(), site, "supervisor")
        leader.sign_in()
        desk = Desk(first.new_page(), site, "officer")
        desk.sign_in()
        talk_to_the_person(desk, chat, reference)
        read_the_sheet(desk, reference)
        close_as_not_reached(desk, chat, reference)
        report = decide_twenty(desk)
        merge_the_twin(desk, *twin(site))
        take_up_again(desk, chat, reference)
        do_many_at_once(leader)
        take_out(leader)
        see_what_was_logged(browser, site, reference)
        took = time.monotonic() - began
        print(f"\n{report}\na whole day: {took:.0f} s, {desk.keys} keys")  # noqa: T201 - the report


def talk_to_the_person(desk: Desk, chat: Chat, reference: str) -> None:
    desk.find("มานะ อดทน", reference)
    expect(desk.page.locator("main")).not_to_contain_text(SHOWN_PHONE)
    desk.leave("r")
    expect(desk.page.locator("main")).to_contain_text(SHOWN_PHONE)
    expect(desk.page.locator(".talk")).to_contain_text("สมัครเลย")
    assert grave(desk.page) == []
    desk.to(desk.page.get_by_label("หรือพิมพ์เอง"))
    desk.type("อีกสิบนาทีโทรหานะคะ")
    expect(desk.page.locator("#preview")).to_have_text("อีกสิบนาทีโทรหานะคะ")
    desk.press("Tab")
    desk.leave("Enter")
    said = chat.page.locator(".phone [data-from=bot]", has_text="อีกสิบนาทีโทรหานะคะ")
    expect(said).to_be_visible(timeout=TOLD_MS)
    chat.say("ได้ครับ รออยู่")
    desk.find(reference, reference)
    expect(desk.page.locator(".talk .person").last).to_contain_text("รออยู่")


def read_the_sheet(desk: Desk, reference: str) -> None:
    file = desk.downloads(lambda: desk.press("p"))
    document = pypdfium2.PdfDocument(file)
    assert len(document) == 1
    assert reference in document[0].get_textpage().get_text_bounded()
    document.close()


def close_as_not_reached(desk: Desk, chat: Chat, reference: str) -> None:
    desk.find(reference, reference)
    before = chat.count()
    desk.press("o")
    desk.to(desk.page.locator("select[name=reason_unreachable]"))
    desk.press("ArrowDown", "Tab")
    desk.leave("Enter")
    expect(desk.page.locator(".undo")).to_contain_text("ติดต่อไม่ได้")
    assert chat.count() == before, "told before the half minute is over"


def decide_twenty(desk: Desk) -> str:
    desk.leave("n")
    seen, keys, began = [], desk.keys, time.monotonic()
    for _ in range(LEADS):
        assert "queue=1" in desk.page.url
        seen.append(desk.page.url.split("/")[-2])
        desk.leave("m", "Enter")
    keys, seconds = desk.keys - keys, time.monotonic() - began
    assert len(set(seen)) == LEADS
    assert keys == 2 * LEADS, "a clean lead is decided with two keys"
    slips_and_help(desk)
    return f"{LEADS} leads: {keys / LEADS:.1f} keys and {seconds / LEADS:.2f} s a lead"


def slips_and_help(desk: Desk) -> None:
    desk.leave("u")
    expect(desk.page.locator(".flash.good")).to_contain_text("ยกเลิกการเปลี่ยนแล้ว")
    expect(desk.page.locator("h1 .tag")).not_to_have_text("เป็นผู้ประกันตนแล้ว")
    desk.leave("x", "Enter")
    expect(desk.page.locator(".history")).to_contain_text("ไม่รับสาย")
    desk.press("?")
    expect(desk.page.locator("dialog#keys")).to_contain_text("เปิดรายถัดไป")
    desk.press("Escape")


def merge_the_twin(desk: Desk, one: str, other: str) -> None:
    desk.find(one, one)
    same = desk.page.locator("section", has=desk.page.locator("#same"))
    expect(same).to_contain_text(other)
    desk.to(same.get_by_role("button", name=other))
    desk.leave("Enter")
    desk.find(one, one)
    expect(desk.page.locator("h1 .tag")).to_have_text("รวมกับรายอื่น")
    expect(desk.page.locator(".history")).to_contain_text(other)


def take_up_again(desk: Desk, chat: Chat, reference: str) -> None:
    asked = chat.button("ยังไม่ได้รับการติดต่อ").last
    expect(asked).to_be_visible(timeout=TOLD_MS)
    chat.tap("ยังไม่ได้รับการติดต่อ")
    desk.find(reference, reference)
    expect(desk.page.locator("h1 .tag")).to_have_text("ใหม่")
    expect(desk.page.locator(".history")).to_contain_text("เปิดใหม่")
    looks = chat.say("ใครดูข้อมูลของฉัน")
    assert "สำนักงานทดลอง" in looks
    assert "บุญมี" not in looks


def do_many_at_once(leader: Desk) -> None:
    page = leader.page
    leader.leave("g", "l")
    leader.press("f")
    leader.to(page.locator("select[name=status]"))
    leader.type("ใหม่")
    leader.to(page.get_by_role("button", name="ดูรายชื่อ"))
    leader.leave("Enter")
    number = int(page.locator("h1 .count").inner_text())
    assert number > 0
    leader.to(page.get_by_role("link", name="ทำทั้งหมดนี้พร้อมกัน"))
    leader.leave("Enter")
    leader.to(page.get_by_role("button", name="มอบหมาย"))
    leader.leave("Enter")
    done = page.locator("tbody tr").first
    expect(done).to_contain_text("เสร็จแล้ว", timeout=TOLD_MS)
    counts = [int(done.locator("td").nth(column).inner_text()) for column in (3, 4)]
    assert sum(counts) == number
    assert counts[0] > 0


def take_out(leader: Desk) -> None:
    page = leader.page
    leader.leave("g", "l")
    everyone = int(page.locator("h1 .count").inner_text())
    leader.to(page.get_by_role("button", name="พิมพ์ใบข้อมูล"))
    document = pypdfium2.PdfDocument(leader.downloads(lambda: leader.press("Enter")))
    assert len(document) == min(everyone, MOST_SHEETS)
    document.close()
    leader.to(page.get_by_role("link", name="ส่งออกไฟล์"))
    leader.leave("Enter")
    leader.to(page.get_by_label("เหตุผล"))
    leader.press("ArrowDown")
    leader.to(page.get_by_label("รหัส 6 หลักจากแอป"))
    leader.type(fresh_code(leader.site, leader.who))
    file = leader.downloads(lambda: leader.press("Enter"))
    book = openpyxl.load_workbook(io.BytesIO(file))
    assert book.active is not None
    assert book.active.max_row == everyone + 1


def see_what_was_logged(browser: Browser, site: Site, reference: str) -> None:
    with browser.new_context(viewport=DESK) as context:
        page = context.new_page()
        sign_in(page, site, "admin")
        page.goto(f"{site.url}/staff/audit/?reference={reference}")
        rows = page.locator("tbody tr")
        expect(rows.filter(has_text="contact: call")).to_have_count(1)
        expect(rows.filter(has_text="เปลี่ยนสถานะ").first).to_be_visible()
        assert "0876543210" not in page.content()
