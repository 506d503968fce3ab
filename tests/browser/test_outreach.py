"""A village's code from the officer's screen to the chat and back into the figures."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import Chat
from tests.browser.desk import sign_in
from tests.browser.site import DESK, Site


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


def made(page: Page, site: Site, kind: str, name: str) -> None:
    """A code of this kind, made by an officer; its page is open."""
    page.goto(f"{site.url}/staff/campaigns/new?province=อุดรธานี&district=เมืองอุดรธานี")
    page.get_by_label("รหัสนี้ของใคร").select_option(kind)
    page.get_by_label("ชื่อ (เช่น").fill(name)
    page.get_by_role("button", name="สร้างรหัส", exact=True).click()


def invited(page: Page, button: str) -> str:
    """The one-time text, as the officer would send it."""
    page.get_by_role("button", name=button).click()
    return page.locator("strong.ref").inner_text()


def test_a_volunteer_is_invited_and_helps_who_agreed(
    site: Site, page: Page, browser: Browser
) -> None:
    sign_in(page, site, "officer")
    made(page, site, "volunteer", "อสม. ทองดี")
    code, text = page.locator("h1 .ref").inner_text(), invited(page, "เชิญอาสา")
    chat = Chat(browser.new_page(viewport=DESK), site.chat)
    chat.open("ปรีชา")
    assert "ไม่เก็บเงิน" in chat.say(text)
    assert "ยินดีต้อนรับอาสา" in chat.tap("ใช่")
    assert "ทองดี ใจงาม" in chat.say("นางทองดี ใจงาม")
    assert code in chat.say("ชุดอาสา")
    chat.open("บุญเรือน")
    assert "คำเชิญนี้ใช้ไม่ได้แล้ว" in chat.say(text)
    assert "เห็นชื่อต้น" in chat.say(f"รหัส {code}")
    assert "จะเห็นแค่ชื่อต้น" in chat.tap("ให้อาสาช่วย")
    page.reload()
    expect(page.get_by_role("button", name="ยกเลิกสิทธิ์อาสา")).to_be_visible()


def test_an_organiser_calls_the_next_number_from_line(
    site: Site, page: Page, browser: Browser
) -> None:
    sign_in(page, site, "officer")
    made(page, site, "event", "ตลาดนัดเช้า")
    code, text = page.locator("h1 .ref").inner_text(), invited(page, "เชิญคนคุมคิว")
    chat = Chat(browser.new_page(viewport=DESK), site.chat)
    for guest, number in (("บุญเรือน", 1), ("มานะ", 2)):
        chat.open(guest)
        assert f"หมายเลข {number}" in chat.say(f"รหัส {code}")
    chat.open("ปรีชา")
    assert "ไม่เห็นชื่อใคร" in chat.say(text)
    chat.tap("ใช่")
    assert "รออยู่" in chat.say("คุมคิว")
    assert "เรียกหมายเลข 1 แล้ว" in chat.tap("เรียกหมายเลข 1")
    chat.open("บุญเรือน")
    expect(chat.page.locator(".phone")).to_contain_text("ถึงคิวหมายเลข 1 ของงานตลาดนัดเช้า")
    page.get_by_role("link", name="เปิดหน้าเรียกคิว").click()
    expect(page.locator("input[name=number]")).to_have_value("2")
    page.get_by_role("button", name="เรียกคิวนี้").click()
    expect(page.locator(".empty")).to_contain_text("ยังไม่มีใครรอ")
