"""Signing in to the console, once a role and server, and what every page there owes its readers."""

import json
import time
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.staff.demo import Login, logins
from tests.browser.site import Site

SERIOUS = {"serious", "critical"}
_USED: dict[tuple[str, str], str] = {}
"""The last code of each account: none is taken twice."""
_SIGNED_IN: dict[tuple[str, str], Any] = {}
"""The cookies of each role on each server."""


def login_of(site: Site, who: str) -> Login:
    """The demo login of this role."""
    kept = json.loads((site.folder / "var" / "demo-secrets.json").read_text(encoding="utf-8"))
    return next(one for one in logins(kept["secret_key"]) if one.email.startswith(f"{who}@"))


def fresh_code(site: Site, who: str) -> str:
    """A code that was not used yet; the next one is at most half a minute away."""
    login = login_of(site, who)
    while (code := login.code()) == _USED.get((site.url, who)):
        time.sleep(0.2)
    _USED[site.url, who] = code
    return code


def sign_in(page: Page, site: Site, who: str) -> None:
    """Password and code the first time; then with the same session, as in another tab."""
    known = _SIGNED_IN.get((site.url, who))
    if known:
        page.context.add_cookies(known)
        page.goto(f"{site.url}/staff/")
    else:
        login = login_of(site, who)
        page.goto(f"{site.url}/staff/login")
        page.get_by_label("อีเมล").fill(login.email)
        page.get_by_label("รหัสผ่าน").fill(login.password)
        page.get_by_role("button", name="ต่อไป").click()
        page.get_by_label("รหัส", exact=True).fill(fresh_code(site, who))
        page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.locator("header nav")).to_be_visible()
    _SIGNED_IN[site.url, who] = page.context.cookies()


def grave(page: Page, *rules: str) -> list[str]:
    """What axe-core finds that keeps people out; of all its rules unless some are named."""
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else None
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in SERIOUS]
