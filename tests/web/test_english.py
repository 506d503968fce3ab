"""In English no Thai is left but data: names of places and people, what citizens are told."""

import re

import geothai
import html5lib
import pytest
from flask.testing import FlaskClient

from bot.staff import charts
from bot.staff.texts import CANNED
from db.session import transaction
from db.staff import Role
from nlp.offices import offices_in, provinces
from tests.pages import OF_A_CODE
from tests.web.conftest import Console, token
from tests.web.test_pages import PAGES, an_event

THAI = re.compile("[\u0e00-\u0e7f]")
FIGURE = re.compile(r": \d+$")
SPOKEN = ("placeholder", "aria-label", "title", "alt", "value", "data-th", "content")
OWN = {"ไทย", "๔๐", "สำนักงานทดสอบ", "จังหวัด,อำเภอ,ตำบล,เป้าหมาย,ภายในวันที่"}
"""The language, the mark of the product, the office of the tests, the first line of a file."""
ROLES = (Role.ADMIN, Role.OFFICER, Role.VIEWER, Role.AUDITOR, Role.EDITOR)


def told(text: str) -> set[str]:
    """Every piece of Thai that a page says, seen or read out, but for what it marks as Thai."""
    page = html5lib.parse(text)
    marked = {id(inner) for one in page.iter() if one.get("lang") == "th" for inner in one.iter()}
    found = set()
    for element in page.iter():
        if id(element) in marked:
            continue
        words = [element.text, element.tail, *(element.get(name) for name in SPOKEN)]
        found |= {FIGURE.sub("", word).strip() for word in words if word and THAI.search(word)}
    return found


def data() -> set[str]:
    """Thai that is the same in every language."""
    names = {one.name_th for one in geothai.provinces()}
    names |= {one.name_th for place in geothai.provinces() for one in geothai.districts(place.code)}
    offices = {office.name for name in provinces() for office in offices_in(name)}
    short = {name.removeprefix("สำนักงานประกันสังคม") for name in offices}
    canned = {word for one in CANNED for word in (one.name, one.words)}
    tiles = {tile.short for tile in charts.tiles({}, {})}
    return names | offices | short | canned | tiles | OWN


def english(console: Console, role: Role) -> FlaskClient:
    client = console.client(console.person(role, "อุดรธานี"))
    form = {"language": "en", "csrf_token": token(client, "/staff/account/")}
    client.post("/staff/account/language", data=form)
    return client


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_console_speaks_english(console: Console, role: Role) -> None:
    client = english(console, role)
    left = {}
    for path in PAGES:
        answer = client.get(path, follow_redirects=True)
        if answer.status_code == 200 and (thai := told(answer.text) - data()):
            left[path] = thai
    assert not left, str(left)


def test_an_event_speaks_english(console: Console) -> None:
    with transaction(console.engine) as session:
        code = an_event(session, console.clock())
    client = english(console, Role.OFFICER)
    for path in OF_A_CODE:
        left = told(client.get(path.format(code=code)).text) - data()
        assert {one for one in left if "งานวัดทดสอบ" not in one and "จ.อุดรธานี" not in one} == set()


def test_a_lead_and_its_lists_speak_english(console: Console) -> None:
    console.lead()
    client = english(console, Role.OFFICER)
    known = {"สมศรี", "ใจเย็น", "นาง", "อุดรธานี", "เมืองอุดรธานี", "หมากแข้ง", "มะม่วง ริมน้ำ"}
    for path in ("/staff/leads/", "/staff/leads/S40-TEST-0001/"):
        for piece in told(client.get(path).text) - data():
            words = piece.replace("ใ•••", "")
            for name in sorted(known, key=len, reverse=True):
                words = words.replace(name, "")
            assert not THAI.search(words), f"{path}: {piece}"
