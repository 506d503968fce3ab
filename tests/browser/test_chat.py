"""A person in LINE: greets, asks, registers with an interruption and a correction; every event."""

import json
import re
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from nlp.engine import BANGKOK
from nlp.facts import facts_on
from tests.browser.chat import Chat
from tests.browser.site import PHONE, Site

SERIOUS = {"serious", "critical"}
QUESTION = "มาตรา 40 คืออะไร"
ANSWERED = ("sticker", "image", "video", "audio", "file")
SILENT = (
    "redeliver",
    "duplicate",
    "verify",
    "forged",
    "standby",
    "accountLinkFailed",
    "videoPlayComplete",
    "membership",
    "module",
    "activated",
    "deactivated",
    "botSuspended",
    "botResumed",
    "delivery",
    "unknown",
)


@pytest.fixture
def chat(page: Page, site: Site) -> Chat:
    return Chat(page, site.chat)


def grave(page: Page) -> list[str]:
    """What axe-core finds that keeps people out."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in SERIOUS]


def test_greets_answers_three_questions_and_registers(chat: Chat, page: Page) -> None:
    chat.open("สมศรี")
    assert "น้องสี่สิบ" in chat.be_friend()
    expect(page.locator(".rich-menu button")).to_have_count(6)

    rate = facts_on(datetime.now(BANGKOK).date()).fact("contribution.option1").text()
    assert rate in chat.say("จ่ายเดือนละเท่าไหร่")
    assert "ทางเลือก" in chat.say("มีกี่ทางเลือก ต่างกันยังไง")
    assert "1506" in chat.say("ขอเบอร์ติดต่อประกันสังคม")

    assert "ยินยอม" in chat.say("สมัครเลย")
    assert "เกิดวันที่" in chat.tap("ยินยอม")
    assert "ม.33" in chat.say("๕ มค ๒๕๒๐")
    interrupted = chat.say("แล้วสมัครแล้วต้องจ่ายเดือนละเท่าไหร่")
    assert rate in interrupted
    assert "ม.33" in interrupted, "the same open question comes back"
    assert "บัตร" in chat.tap("ไม่มีเลย")
    assert "ชื่อ" in chat.tap("บัตรประชาชนไทย")
    assert "13 หลัก" in chat.say("นางสมศรี ใจดี")
    assert "เบอร์" in chat.tap("ข้าม")
    chat.say("0812345678")
    corrected = chat.say("เบอร์ผิด เอา 0898765432")
    assert "4321" not in corrected
    chat.say("ต.ในเมือง อ.เมืองขอนแก่น จ.ขอนแก่น")
    chat.tap("ค้าขาย")
    chat.say("ทางเลือก 2")
    chat.tap(page.locator(".phone .pill").first.inner_text())
    review = chat.answer()
    assert "ตรวจ" in review
    assert "สมศรี" in review
    receipt = chat.tap("ส่งเลย")
    assert re.search(r"S40-[0-9A-Z]{4}-[0-9A-Z]{3,4}", receipt)
    assert chat.refusals() == 0
    assert grave(page) == []


@pytest.mark.parametrize("kind", ANSWERED)
def test_everything_a_person_sends_gets_an_answer(chat: Chat, kind: str) -> None:
    chat.open("มานะ")
    assert chat.event(kind)
    assert chat.refusals() == 0


def test_what_line_itself_sends_never_makes_the_bot_speak_or_stumble(chat: Chat) -> None:
    """What comes is dealt with in order: the answer to a question behind it comes last."""
    chat.open("บุญเรือน")
    chat.say("สวัสดีค่ะ")
    alone = chat.say(QUESTION)
    before = chat.count()
    for kind in SILENT:
        chat.page.locator(f"[data-kind={kind}]").click()
    chat.say(QUESTION)
    chat.seen = before
    assert chat.answer() == alone
    assert chat.refusals() == 0


def test_a_block_and_its_end(chat: Chat, page: Page) -> None:
    chat.open("ปรีชา")
    chat.be_friend()
    chat.event("unfollow", answered=False)
    expect(page.get_by_label("พิมพ์ข้อความ")).to_be_disabled()
    assert chat.be_friend()
    assert chat.refusals() == 0


def test_a_place_is_sent_and_a_message_taken_back(chat: Chat, page: Page) -> None:
    chat.open("มานะ")
    page.get_by_label("ส่งอย่างอื่น").click()
    page.locator(".plus-item", has_text="ตำแหน่ง").click()
    chat.seen = chat.count()
    page.locator(".places button").first.click()
    expect(page.locator(".phone [data-from=bot]").nth(chat.seen)).to_be_visible()
    chat.drawn()
    assert "ขอนแก่น" in chat.answer()
    page.locator(".phone .mine").last.click(button="right")
    page.get_by_role("button", name="ยกเลิกข้อความ", exact=True).click()
    expect(page.locator(".note", has_text="ยกเลิกข้อความแล้ว")).to_be_visible()
    assert chat.refusals() == 0


def test_in_a_group_the_bot_speaks_when_called_only(chat: Chat) -> None:
    chat.open("แม่ค้าตลาดเช้า")
    assert chat.event("join")
    assert chat.event("mentionAll", answered=False) == ""
    assert "40" in chat.event("mention")
    for kind in ("memberLeft", "leave"):
        assert chat.event(kind, answered=False) == ""
    assert chat.refusals() == 0


def test_two_people_talk_at_once_without_mixing(chat: Chat, page: Page) -> None:
    chat.open("มานะ")
    page.get_by_label("เปิดเครื่องของ บุญเรือน (อสม.) ข้างกัน").click()
    phones = page.locator(".phone")
    expect(phones).to_have_count(2)
    before = [phones.nth(i).locator("[data-from=bot]").count() for i in range(2)]
    for i in range(2):
        phones.nth(i).get_by_label("พิมพ์ข้อความ").fill("จ่ายเดือนละเท่าไหร่")
        phones.nth(i).get_by_label("ส่ง", exact=True).click()
    for i in range(2):
        expect(phones.nth(i).locator("[data-from=bot]").nth(before[i])).to_be_visible()
        assert phones.nth(i).locator(".mine").last.inner_text().startswith("จ่ายเดือนละ")


def test_the_page_works_on_a_phone(page: Page, site: Site) -> None:
    page.set_viewport_size(PHONE)
    chat = Chat(page, site.chat)
    box = page.locator(".phone").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (PHONE["width"], PHONE["height"])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("รายชื่อ", exact=True).click()
    chat.open("บุญเรือน")
    assert chat.say("สวัสดี")
    assert grave(page) == []


def test_what_line_would_refuse_is_shown_in_red(chat: Chat, page: Page, site: Site) -> None:
    chat.open("ปรีชา")
    person = page.evaluate("location.hash.slice(1)")
    secrets = json.loads((site.folder / "var/demo-secrets.json").read_text(encoding="utf-8"))
    answer = page.request.post(
        f"{site.chat}line/v2/bot/message/push",
        headers={"authorization": f"Bearer {secrets['access_token']}"},
        data={"to": person, "messages": [{"type": "text", "text": ""}]},
    )
    assert answer.status == 400
    expect(page.locator(".refused")).to_contain_text("messages[0].text")
