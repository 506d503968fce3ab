"""Somebody new at the office, in Chromium: invited by link, password, phone app, recovery codes,
two browsers.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import grave, sign_in
from tests.browser.site import DESK, PHONE, Site

EMAIL, PASSWORD = "malee@sso.example", "ข้าวเหนียวมะม่วงตอนเช้ามืด"
OFFICE = "กรุงเทพมหานครพื้นที่ 3"


@contextmanager
def fresh(browser: Browser, *, phone: bool = False) -> Iterator[Page]:
    """A browser nobody is signed in with."""
    with browser.new_context(viewport=PHONE if phone else DESK) as context:
        yield context.new_page()


def invite(page: Page, site: Site) -> str:
    """The administrator invites her to one office of Bangkok; the link."""
    page.goto(f"{site.url}/staff/people/")
    form = page.locator("section", has=page.get_by_role("heading", name="เชิญคนใหม่"))
    form.get_by_label("ชื่อ").fill("มาลี มาใหม่")
    form.get_by_label("อีเมล").fill(EMAIL)
    form.get_by_label("เฉพาะสำนักงาน").select_option(label=OFFICE)
    form.get_by_role("button", name="ขอลิงก์เชิญ").click()
    assert grave(page) == []
    row = page.locator("tbody tr", has_text=EMAIL)
    expect(row).to_contain_text(OFFICE)
    expect(row).to_contain_text("ยังไม่ตั้ง")
    return page.locator(".secret").inner_text()


def set_password(page: Page, link: str) -> None:
    page.goto(link)
    assert grave(page) == []
    for weak in ("สั้นไป", "ประกันสังคมมาตรา40"):
        page.get_by_label("รหัสผ่านใหม่").fill(weak)
        page.get_by_label("พิมพ์อีกครั้ง").fill(weak)
        page.locator("form").evaluate("form => form.noValidate = true")
        page.get_by_role("button", name="บันทึก").click()
        expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("รหัสผ่านใหม่").fill(PASSWORD)
    page.get_by_label("พิมพ์อีกครั้ง").fill(PASSWORD)
    page.get_by_role("button", name="บันทึก").click()


def first_step(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/staff/login")
    page.get_by_label("อีเมล").fill(EMAIL)
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("button", name="ต่อไป").click()


def set_up_phone(page: Page) -> None:
    page.get_by_role("button", name="เริ่มตั้ง").click()
    expect(page.locator(".qr svg")).to_be_visible()
    assert grave(page) == []
    secret = re.sub(r"[\s-]", "", page.locator(".secret").inner_text())
    page.get_by_label("รหัส", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="เสร็จแล้ว").click()
    expect(page.locator("header nav")).to_be_visible()


def recovery_codes(page: Page, site: Site) -> list[str]:
    page.goto(f"{site.url}/staff/mf-recovery-codes")
    page.get_by_role("button", name="ขอรหัสสำรองชุดใหม่").click()
    codes = page.locator(".codes li").all_inner_texts()
    assert len(set(codes)) == 10
    assert grave(page) == []
    return codes


def by_recovery_code(page: Page, site: Site, code: str) -> None:
    first_step(page, site)
    page.get_by_role("link", name="รหัสสำรอง").click()
    page.get_by_label("รหัสสำรอง").fill(code)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


def test_somebody_new_comes_to_the_office(site: Site, browser: Browser, page: Page) -> None:
    sign_in(page, site, "admin")
    link = invite(page, site)
    with fresh(browser) as desk, fresh(browser, phone=True) as phone:
        set_password(desk, link)
        first_step(desk, site)
        set_up_phone(desk)
        codes = recovery_codes(desk, site)
        desk.goto(f"{site.url}/staff/leads/")
        expect(desk.locator("h1")).to_contain_text("รายชื่อ")
        desk.goto(f"{site.url}/staff/people/")
        expect(desk.locator("body")).not_to_contain_text("เชิญคนใหม่")

        phone.goto(link)
        expect(phone.get_by_label("พิมพ์อีกครั้ง")).to_have_count(0)
        by_recovery_code(phone, site, codes[0])
        phone.goto(f"{site.url}/staff/account/")
        others = phone.get_by_role("button", name="ปิดการใช้")
        expect(others).to_have_count(1)
        others.click()
        expect(others).to_have_count(0)
        desk.goto(f"{site.url}/staff/leads/")
        expect(desk.get_by_role("heading", name="เข้าสู่ระบบเจ้าหน้าที่")).to_be_visible()

        by_recovery_code(desk, site, codes[0])
        expect(desk.get_by_role("alert")).to_be_visible()
    page.goto(f"{site.url}/staff/people/")
    row = page.locator("tbody tr", has_text=EMAIL)
    expect(row).to_contain_text("ตั้งแล้ว")
    row.get_by_role("link", name="มาลี มาใหม่").click()
    assert grave(page) == []
    page.get_by_role("button", name="ออกจากทุกเครื่อง (1)").click()
    expect(page.get_by_role("button", name="ออกจากทุกเครื่อง")).to_have_count(0)
