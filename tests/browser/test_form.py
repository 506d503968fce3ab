"""The form page on a small phone: opened from the chat, filled, sent; for everyone, seen by axe."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.chat import Chat
from tests.browser.site import Site

SMALL: ViewportSize = {"width": 360, "height": 740}
SAVED_MS = 15_000
SHOTS = os.environ.get("FORM_SHOTS", "")


def violations(page: Page) -> list[str]:
    """All that axe-core finds."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found]


def fits(page: Page) -> bool:
    """Nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def look(page: Page, name: str) -> None:
    """Every stop is checked; with FORM_SHOTS also drawn, to be looked at by people."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert violations(page) == []
    assert fits(page)


def opened(page: Page, site: Site, who: str) -> Page:
    """The page as this person opens it from the consent question in the chat."""
    chat = Chat(page, site.chat).open(who)
    chat.be_friend()
    assert "ยินยอม" in chat.say("สมัคร")
    with page.context.expect_page() as other:
        chat.button("กรอกในหน้าเดียว").last.click()
    form = other.value
    form.set_viewport_size(SMALL)
    errors: list[str] = []
    form.on("pageerror", lambda error: errors.append(str(error)))
    expect(form.locator("#form")).to_be_visible(timeout=SAVED_MS)
    assert "id_token" not in form.url
    return form


def type_in(form: Page, step: str, text: str) -> None:
    form.locator(f"#i-{step}").fill(text)
    form.locator(f"#i-{step}").blur()


def tap(form: Page, step: str, value: str) -> None:
    form.locator(f"#s-{step} .option", has=form.locator(f"[value='{value}']")).click()


def kept(form: Page, step: str, words: str) -> None:
    expect(form.locator(f"#s-{step} .kept")).to_contain_text(words, timeout=SAVED_MS)


def test_opened_from_the_chat_filled_and_sent(page: Page, site: Site) -> None:
    form = opened(page, site, "มานะ")
    look(form, "1-consent")
    tap(form, "consent", "self")
    expect(form.locator("#s-phone")).to_be_visible(timeout=SAVED_MS)

    type_in(form, "phone", "0812")
    expect(form.locator("#s-phone .error")).to_contain_text("ครบ", timeout=SAVED_MS)
    look(form, "2-refused")
    type_in(form, "phone", "๐๘๙-๗๖๕-๔๓๒๑")
    kept(form, "phone", "089-765-4321")

    type_in(form, "birth_date", "2520")
    expect(form.locator("#s-birth_date .error")).to_contain_text("2520", timeout=SAVED_MS)
    type_in(form, "birth_date", "5 มค")
    kept(form, "birth_date", "5 มกราคม 2520")
    tap(form, "schemes", "none")
    tap(form, "card", "thai")
    type_in(form, "name", "นายมานะ ขยันงาน")
    tap(form, "id_number", "skip")
    form.locator("#s-address summary", has_text="หรือเลือก").click()
    form.get_by_label("จังหวัด", exact=True).select_option(label="ขอนแก่น")
    form.get_by_label("อำเภอ เขต").select_option(label="เมืองขอนแก่น")
    form.get_by_label("ตำบล แขวง").select_option(label="บ้านเป็ด")
    kept(form, "address", "บ้านเป็ด")
    tap(form, "occupation", "farmer")
    tap(form, "option", "2")
    tap(form, "contact_time", "evening")
    expect(form.locator("#check")).to_be_visible(timeout=SAVED_MS)
    expect(form.locator("#state")).to_have_text("บันทึกแล้ว", timeout=SAVED_MS)
    look(form, "3-review")

    form.get_by_role("button", name="ส่งเลย").dblclick()
    expect(form.locator(".receipt")).to_be_visible(timeout=SAVED_MS)
    look(form, "4-receipt")
    reference = form.locator(".receipt strong").first.inner_text()
    expect(page.locator(".phone").get_by_text(reference).first).to_be_visible(timeout=SAVED_MS)

    form.get_by_role("link", name="ข้อมูลของฉัน").click()
    expect(form.get_by_text(reference)).to_be_visible()
    look(form, "5-data")


def test_without_a_script_it_is_filled_by_its_buttons(
    page: Page, site: Site, browser: Browser
) -> None:
    form = opened(page, site, "บุญเรือน")
    signed_in = page.context.storage_state()
    plain = browser.new_context(viewport=SMALL, java_script_enabled=False, storage_state=signed_in)
    bare = plain.new_page()
    bare.goto(form.url)
    bare.get_by_label("ยินยอม", exact=True).check()
    bare.get_by_role("button", name="บันทึก ไปต่อ").click()
    expect(bare.locator("#s-birth_date")).to_be_visible()
    bare.locator("#i-birth_date").fill("31/2/2520")
    bare.get_by_role("button", name="บันทึก ไปต่อ").click()
    expect(bare.locator("#errors a")).to_have_text("วันเกิด")
    expect(bare.locator("#i-birth_date")).to_be_focused()
    bare.locator("#i-birth_date").fill("28/2/2520")
    bare.get_by_role("button", name="บันทึก ไปต่อ").click()
    expect(bare.locator("#s-birth_date .kept")).to_contain_text("28 กุมภาพันธ์ 2520")
    plain.close()


def test_what_was_filled_in_on_the_page_goes_on_in_the_chat(page: Page, site: Site) -> None:
    form = opened(page, site, "ปรีชา")
    tap(form, "consent", "self")
    expect(form.locator("#s-phone")).to_be_visible(timeout=SAVED_MS)
    type_in(form, "birth_date", "๕ มกราคม ๒๕๒๐")
    kept(form, "birth_date", "5 มกราคม 2520")
    expect(form.locator("#state")).to_have_text("บันทึกแล้ว", timeout=SAVED_MS)
    chat = Chat(page, site.chat).open("ปรีชา")
    assert "ม.33" in chat.say("สมัครต่อ")


def test_a_break_in_the_network_loses_nothing(page: Page, site: Site) -> None:
    form = opened(page, site, "สมศรี")
    tap(form, "consent", "self")
    expect(form.locator("#s-name")).to_be_visible(timeout=SAVED_MS)
    form.context.set_offline(True)
    type_in(form, "name", "นางสมศรี ใจดี")
    expect(form.locator("#state")).to_contain_text("ยังบันทึกไม่ได้", timeout=SAVED_MS)
    form.context.set_offline(False)
    kept(form, "name", "นางสมศรี ใจดี")
