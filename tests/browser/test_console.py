"""Officers at work in Chromium: a lead from the chat to the message back, a day by keyboard only,
lists, jobs, files; every page on a desk and on a phone.
"""

import io
import re
import time
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import Chat
from tests.browser.site import DESK, PHONE, Site
from tests.pages import PAGES

SERIOUS = {"serious", "critical"}
TOLD_MS = 60_000
"""Half a minute to undo, the job's five seconds, and a busy machine."""


def login(site: Site, who: str) -> tuple[str, str]:
    """The e-mail and password that `make run` printed."""
    found = re.search(rf"({who}@\S+)\s+\S+ (\S+)", site.printed)
    assert found is not None, site.printed
    return found[1], found[2]


def sign_in(page: Page, site: Site, who: str) -> None:
    """Password, then the code that demo mode shows. A used code is waited out."""
    email, password = login(site, who)
    for _ in range(4):
        page.goto(f"{site.url}/staff/login")
        page.get_by_label("อีเมล").fill(email)
        page.get_by_label("รหัสผ่าน").fill(password)
        page.get_by_role("button", name="ต่อไป").click()
        page.get_by_label("รหัส", exact=True).fill(shown_code(page, email))
        page.get_by_role("button", name="เข้าสู่ระบบ").click()
        if page.locator("header nav").count():
            return
        page.wait_for_timeout(12_000)
    raise AssertionError("signing in did not work")


def shown_code(page: Page, email: str) -> str:
    text = page.locator("p.dim", has_text=email).inner_text()
    return str(re.findall(r"\d{6}", text)[-1])


def grave(page: Page) -> list[str]:
    """What axe-core finds that keeps people out."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in SERIOUS]


def register(chat: Chat) -> str:
    """A whole registration in Khon Kaen; its reference."""
    assert "ยินยอม" in chat.say("สมัครเลย")
    chat.tap("ยินยอม")
    chat.say("5 มค 2525")
    chat.tap("ไม่มีเลย")
    chat.tap("บัตรประชาชนไทย")
    chat.say("นายมานะ อดทนดี")
    chat.tap("ข้าม")
    chat.say("0876543210")
    chat.say("ต.ในเมือง อ.เมืองขอนแก่น จ.ขอนแก่น")
    chat.tap("ค้าขาย")
    chat.say("ทางเลือก 2")
    chat.tap(chat.page.locator(".phone .pill").first.inner_text())
    receipt = chat.tap("ส่งเลย")
    found = re.search(r"S40-[0-9A-Z]{4}-[0-9A-Z]{3,4}", receipt)
    assert found is not None, receipt
    return found[0]


def test_a_lead_from_the_chat_is_found_revealed_decided_and_the_person_told(
    site: Site, browser: Browser, page: Page
) -> None:
    chat = Chat(page, site.chat).open("มานะ")
    reference = register(chat)
    with browser.new_context(viewport=DESK) as context:
        desk = context.new_page()
        sign_in(desk, site, "officer")
        desk.get_by_label("ค้นหา").fill("มานะ อดทน")
        desk.get_by_role("button", name="ค้นหา").click()
        desk.get_by_role("link", name=reference).click()
        expect(desk.locator("main")).not_to_contain_text("087-654-3210")
        desk.get_by_role("button", name="เปิดเพื่อโทร").click()
        expect(desk.locator("main")).to_contain_text("087-654-3210")
        expect(desk.locator(".talk")).to_contain_text("สมัครเลย")
        assert grave(desk) == []

        desk.get_by_label("หรือพิมพ์เอง").fill("อีกสิบนาทีโทรหานะคะ")
        expect(desk.locator("#preview")).to_have_text("อีกสิบนาทีโทรหานะคะ")
        desk.get_by_role("button", name="ส่งใน LINE").click()
        said = page.locator(".phone [data-from=bot]", has_text="อีกสิบนาทีโทรหานะคะ")
        expect(said).to_be_visible(timeout=TOLD_MS)
        chat.say("ได้ครับ รออยู่")
        desk.reload()
        expect(desk.locator(".talk .person").last).to_contain_text("รออยู่")
        expect(desk.locator(".talk .staff").last).to_contain_text("อีกสิบนาที")

        desk.get_by_role("button", name="ยื่นสมัครแล้ว").click()
        expect(desk.locator(".undo")).to_contain_text("เป็นผู้ประกันตนแล้ว")
        told = page.locator(".phone [data-from=bot]", has_text="สมัครเรียบร้อย")
        assert told.count() == 0, "told before the half minute is over"
        expect(told.first).to_be_visible(timeout=TOLD_MS)
    looks = chat.say("ใครดูข้อมูลของฉัน")
    assert "สำนักงานทดลอง" in looks
    assert "บุญมี" not in looks
    with browser.new_context(viewport=DESK) as context:
        desk = context.new_page()
        sign_in(desk, site, "admin")
        desk.goto(f"{site.url}/staff/audit/?reference={reference}")
        rows = desk.locator("tbody tr")
        expect(rows.filter(has_text="contact: call")).to_have_count(1)
        expect(rows.filter(has_text="เปลี่ยนสถานะ")).to_have_count(1)
        assert "0876543210" not in desk.content()


def press(page: Page, *keys: str) -> None:
    """Press keys on a page that is ready for them: a new page shows before its script has run."""
    page.wait_for_load_state()
    for key in keys:
        page.keyboard.press(key)


def test_twenty_leads_by_keyboard_only(site: Site, page: Page) -> None:
    sign_in(page, site, "officer")
    press(page, "n")
    page.wait_for_url(re.compile(r"/staff/leads/.+queue=1"))
    seen, keys, began = [], 1, time.monotonic()
    for _ in range(20):
        seen.append(page.url.split("/")[-2])
        press(page, "m", "Enter")
        keys += 2
        page.wait_for_function("old => !location.pathname.includes(old)", arg=seen[-1])
    seconds = time.monotonic() - began
    print(f"20 leads: {keys} keys, {seconds / 20:.2f} s a lead")  # noqa: T201 - the test's report
    assert len(set(seen)) == 20
    assert keys <= 41

    press(page, "u")
    expect(page.locator(".flash.good")).to_contain_text("ยกเลิกการเปลี่ยนแล้ว")
    expect(page.locator("h1 .tag")).not_to_have_text("เป็นผู้ประกันตนแล้ว")
    press(page, "x", "Enter")
    expect(page.locator(".history")).to_contain_text("ไม่รับสาย")
    press(page, "?")
    expect(page.locator("dialog#keys")).to_be_visible()
    expect(page.locator("dialog#keys")).to_contain_text("เปิดรายถัดไป")
    press(page, "Escape")

    page.goto(f"{site.url}/staff/leads/{seen[0]}/")
    page.get_by_role("button", name="เปิดใหม่เข้าคิว").click()
    expect(page.locator("h1 .tag")).to_have_text("ใหม่")


def test_a_bulk_job_an_export_and_sheets(site: Site, page: Page) -> None:
    sign_in(page, site, "admin")
    page.goto(f"{site.url}/staff/leads/?province=ยะลา&status=new&sort=newest")
    number = int(page.locator("h1 .count").inner_text())
    assert number > 0
    page.get_by_role("link", name="ทำทั้งหมดนี้พร้อมกัน").click()
    page.get_by_role("button", name="ส่งใน LINE").click()
    done = page.locator("tbody tr").first
    expect(done).to_contain_text("เสร็จแล้ว", timeout=TOLD_MS)
    expect(done.locator("td").nth(3)).to_have_text(str(number))

    page.goto(f"{site.url}/staff/leads/?province=ยะลา&sort=newest")
    everyone = int(page.locator("h1 .count").inner_text())
    with page.expect_download() as printed:
        page.get_by_role("button", name="พิมพ์ใบข้อมูล").click()
    document = pypdfium2.PdfDocument(Path(printed.value.path()))
    assert len(document) == everyone
    document.close()

    page.get_by_role("link", name="ส่งออกไฟล์").click()
    page.get_by_label("เหตุผล").select_option("report")
    email, password = login(site, "admin")
    page.get_by_label("รหัส 6 หลักจากแอป").fill(next_code(page, site, email, password))
    with page.expect_download() as exported:
        page.get_by_role("button", name="ดาวน์โหลด").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(exported.value.path()).read_bytes()))
    assert book.active is not None
    assert book.active.max_row == everyone + 1


def next_code(page: Page, site: Site, email: str, password: str) -> str:
    """A code that was not used yet, read off the sign-in page of another browser."""
    browser = page.context.browser
    assert browser is not None
    with browser.new_context() as other:
        fresh = other.new_page()
        fresh.goto(f"{site.url}/staff/login")
        fresh.get_by_label("อีเมล").fill(email)
        fresh.get_by_label("รหัสผ่าน").fill(password)
        fresh.get_by_role("button", name="ต่อไป").click()
        used = shown_code(fresh, email)
        while (code := shown_code(fresh, email)) == used:
            fresh.wait_for_timeout(1000)
            fresh.reload()
        return code


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_on_a_desk_and_a_phone(site: Site, browser: Browser, scheme: str) -> None:
    dark = scheme == "dark"
    with browser.new_context(viewport=DESK, color_scheme="dark" if dark else "light") as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        sign_in(page, site, "admin")
        first = page.locator("a.ref").first.get_attribute("href") or ""
        for path in (*PAGES, first):
            page.set_viewport_size(DESK)
            page.goto(site.url + path)
            assert grave(page) == [], path
            page.set_viewport_size(PHONE)
            assert grave(page) == [], path
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"], f"{path} is {width} px wide on a phone"
        refused = [text for text in complaints if "Content Security Policy" in text]
        assert refused == []


def test_the_console_works_without_scripts(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=DESK, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, site, "officer")
        page.get_by_role("button", name="เปิดรายถัดไป").click()
        page.get_by_role("button", name="ไม่รับสาย").click()
        expect(page.locator(".undo")).to_contain_text("ไม่รับสาย")
        page.get_by_role("button", name="ยกเลิก").click()
        expect(page.locator(".flash.good")).to_contain_text("ยกเลิกการเปลี่ยนแล้ว")
