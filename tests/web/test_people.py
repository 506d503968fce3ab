"""Finding people among hundreds of accounts: pages, filters, search."""

import re

import pytest

from db import staff
from db.session import transaction
from db.staff import PEOPLE_A_PAGE, Role
from tests.web.conftest import Console, check, token

LISTED = re.compile(r'/staff/people/(\d+)/">')


def many(console: Console, number: int) -> None:
    """Officers, half of them in Yala, every seventh switched off."""
    with transaction(console.engine) as session:
        for one in range(number):
            staff.add(
                session,
                email=f"officer{one}@sso.example",
                name=f"เจ้าหน้าที่ {one % 9}",
                office="",
                role=Role.OFFICER if one % 3 else Role.VIEWER,
                provinces=("ยะลา",) if one % 2 else ("อุดรธานี", "ยโสธร"),
                password="x",
                now=console.clock(),
            ).active = one % 7 > 0


def test_every_account_is_on_one_page_and_no_page_is_long(console: Console) -> None:
    many(console, 2 * PEOPLE_A_PAGE + 7)
    client = console.client(console.person(Role.ADMIN))
    seen: list[str] = []
    path = "/staff/people/"
    while path:
        text = client.get(path).text
        found = LISTED.findall(text)
        assert 0 < len(found) <= PEOPLE_A_PAGE
        seen += found
        next_page = re.search(r'href="([^"]+)"[^>]* rel="next"', text)
        path = next_page[1].replace("&amp;", "&") if next_page else ""
    assert len(seen) == len(set(seen)) == 2 * PEOPLE_A_PAGE + 8
    check(text)


@pytest.mark.parametrize(
    ("query", "number"),
    [("role=viewer", 10), ("province=ยโสธร", 15), ("province=ยะลา&role=viewer", 5)],
)
def test_people_are_filtered_by_what_they_do_and_where(
    console: Console, query: str, number: int
) -> None:
    many(console, 30)
    client = console.client(console.person(Role.ADMIN))
    assert len(LISTED.findall(client.get(f"/staff/people/?{query}").text)) == number


@pytest.mark.parametrize(("words", "number"), [("officer2", 11), ("หน้าที่ 4", 3), ("%", 0), ("", 31)])
def test_people_are_found_by_a_part_of_name_or_address(
    console: Console, words: str, number: int
) -> None:
    many(console, 30)
    client = console.client(console.person(Role.ADMIN))
    data = {"words": words, "csrf_token": token(client, "/staff/people/")}
    answer = client.post("/staff/people/find", data=data)
    check(answer.text)
    assert len(LISTED.findall(answer.text)) == number


def test_a_person_has_a_page_in_both_languages(console: Console) -> None:
    anong, boon = console.person(Role.ADMIN), console.person(Role.OFFICER, "อุดรธานี")
    client = console.client(anong)
    check(client.get(f"/staff/people/{boon.id}/").text)
    own = client.get(f"/staff/people/{anong.id}/").text
    check(own)
    assert "แก้สิทธิ์ของตัวเองไม่ได้" in own
    assert client.get("/staff/people/99999/").status_code == 404
