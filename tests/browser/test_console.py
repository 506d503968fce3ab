"""The console in Chromium: every page on a desk and a phone, by day and by night, without scripts;
two leads of one person side by side; an answer reworded. The whole day is in test_day.py.
"""

import sqlite3
from contextlib import closing

from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import grave, sign_in
from tests.browser.site import DESK, PHONE, Site
from tests.pages import OF_A_CODE, PAGES

OPEN = "/open/"
"""The public figures."""


def test_every_page_fits_and_can_be_used_by_everybody(site: Site, browser: Browser) -> None:
    """axe-core runs whole on a desk and a phone; at night only the colours are others."""
    with browser.new_context(viewport=DESK, reduced_motion="reduce") as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        sign_in(page, site, "admin")
        first = page.locator("a.ref").first.get_attribute("href") or ""
        person = "/staff/people/2/"
        page.goto(f"{site.url}/staff/campaigns/")
        event = page.locator("tr", has_text="งานหรือกิจกรรมวันเดียว").locator("a").first
        code = str(event.get_attribute("href")).split("/")[-2]
        of_code = [path.format(code=code) for path in OF_A_CODE]
        for path in (*PAGES, *of_code, first, person, OPEN):
            page.set_viewport_size(DESK)
            page.emulate_media(color_scheme="light")
            page.goto(site.url + path)
            assert grave(page) == [], path
            page.emulate_media(color_scheme="dark")
            assert grave(page, "color-contrast") == [], f"{path} at night"
            page.set_viewport_size(PHONE)
            assert grave(page) == [], f"{path} on a phone"
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"], f"{path} is {width} px wide on a phone"
        assert [text for text in complaints if "Content Security Policy" in text] == []


def test_the_console_works_without_scripts(site: Site, browser: Browser) -> None:
    with browser.new_context(viewport=DESK, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, site, "officer")
        page.get_by_role("button", name="เปิดรายถัดไป").click()
        page.get_by_role("button", name="ไม่รับสาย").click()
        expect(page.locator(".undo")).to_contain_text("ไม่รับสาย")
        page.get_by_role("button", name="ยกเลิก").click()
        expect(page.locator(".flash.good")).to_contain_text("ยกเลิกการเปลี่ยนแล้ว")


def twins(site: Site) -> tuple[str, str]:
    """Two open leads of one person in Khon Kaen, as the made-up leads have them."""
    with closing(sqlite3.connect(site.folder / "var" / "nong-sisip.db")) as database:
        row = database.execute(
            "SELECT one.reference, other.reference FROM registrations AS one"
            " JOIN registrations AS other ON other.person_key = one.person_key"
            " WHERE other.id > one.id AND one.province = other.province"
            " AND one.province IN ('ขอนแก่น', 'อุดรธานี', 'หนองคาย')"
            " AND one.status = 'new' ORDER BY one.id LIMIT 1"
        ).fetchone()
    return str(row[0]), str(row[1])


def test_two_leads_of_one_person_are_merged_and_parted_again(site: Site, page: Page) -> None:
    one, other = twins(site)
    sign_in(page, site, "officer")
    page.goto(f"{site.url}/staff/leads/{one}/")
    same = page.locator("section", has=page.locator("#same"))
    row = same.locator("tr", has_text=other)
    for field in ("ชื่อ", "นามสกุล", "วันเกิด"):
        expect(row.locator(".tag", has_text=field).first).to_be_visible()
    assert grave(page) == []
    row.get_by_role("button", name="รวมรายนี้เข้ากับ").click()
    expect(page.locator("h1 .tag")).to_have_text("รวมกับรายอื่น")
    page.locator(".undo").get_by_role("button", name="ยกเลิก").click()
    expect(page.locator("h1 .tag")).not_to_have_text("รวมกับรายอื่น")
    page.goto(f"{site.url}/staff/leads/{other}/")
    expect(page.locator(".history")).to_contain_text("ยกเลิกการรวมกับ")


def test_an_answer_is_reworded_approved_by_another_and_told_in_the_chat(
    site: Site, browser: Browser, page: Page
) -> None:
    sign_in(page, site, "editor")
    page.goto(f"{site.url}/staff/answers/thanks_bye/")
    page.get_by_role("link", name="แก้คำ").first.click()
    field = page.get_by_label("ข้อความที่ 1")
    field.fill("ขอบคุณที่คุยกัน 500 ครั้งค่ะ")
    page.get_by_role("button", name="ลองดู").click()
    expect(page.get_by_role("alert")).to_contain_text("พิมพ์ตัวเลขเองไม่ได้")
    field.fill("ขอบคุณที่แวะมาคุยกันนะคะ")
    page.get_by_role("button", name="เก็บไว้ให้คนที่สองอนุมัติ").click()
    assert grave(page) == []
    expect(page.get_by_role("button", name="อนุมัติ", exact=True)).to_have_count(0)
    with browser.new_context(viewport=DESK) as context:
        leader = context.new_page()
        sign_in(leader, site, "supervisor")
        leader.goto(page.url)
        leader.get_by_role("button", name="อนุมัติ", exact=True).click()
        expect(leader.locator(".tag.member")).to_contain_text("ใช้อยู่")
        leader.get_by_role("button", name="กลับไปใช้คำก่อนหน้า").click()
        expect(leader.locator("h1")).to_contain_text("เลิกใช้แล้ว")
