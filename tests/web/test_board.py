"""The target board: figures without people, no small cells, targets from a file that was seen."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from db import tallies
from db.session import transaction
from db.staff import Role
from db.targets import Target
from tests.web.conftest import Console, token

Page = Callable[[FlaskClient, str], str]
GOOD = """จังหวัด,อำเภอ,ตำบล,เป้าหมาย,ภายในวันที่
อุดรธานี,เมือง,หมากแข้ง,"1,200",30/9/2570
จ.อุดรธานี,เมืองอุดรธานี,ต.บ้านเลื่อม,๓๐๐,
"""


def fill(console: Console, tambon: str, number: int) -> None:
    with transaction(console.engine) as session:
        flow = ("submitted", tallies.PLACE, date(2026, 11, 20), "อุดรธานี", f"เมืองอุดรธานี|{tambon}")
        tallies.add_leads(session, {flow: number})


def upload(client: FlaskClient, text: str | bytes) -> tuple[int, str]:
    raw = text.encode() if isinstance(text, str) else text
    csrf = token(client, "/staff/board/targets")
    data = {"csrf_token": csrf, "file": (io.BytesIO(raw), "targets.csv")}
    answer = client.post("/staff/board/targets", data=data)
    return answer.status_code, answer.text


def stored(console: Console) -> dict[str, int]:
    with transaction(console.engine) as session:
        return {row.key: row.target for row in session.scalars(select(Target))}


def test_a_viewer_goes_from_province_to_tambon(console: Console, page: Page) -> None:
    fill(console, "หมากแข้ง", 12)
    client = console.client(console.person(Role.VIEWER, "อุดรธานี"))
    assert "อุดรธานี" in page(client, "/staff/board/")
    assert "เมืองอุดรธานี" in page(client, "/staff/board/?province=อุดรธานี")
    assert "หมากแข้ง" in page(client, "/staff/board/?province=อุดรธานี&district=เมืองอุดรธานี")
    shown = page(client, "/staff/board/?province=อุดรธานี&district=เมืองอุดรธานี&tambon=หมากแข้ง")
    assert ">10<" in shown
    assert client.get("/staff/board/?province=ขอนแก่น").status_code == 404
    assert client.get("/staff/board/?province=ไม่มี").status_code == 404


def test_small_cells_are_hidden_and_cannot_be_worked_out(console: Console, page: Page) -> None:
    fill(console, "หมากแข้ง", 4)
    fill(console, "บ้านเลื่อม", 17)
    fill(console, "เชียงพิณ", 41)
    client = console.client(console.person(Role.VIEWER, "อุดรธานี"))
    shown = page(client, "/staff/board/?province=อุดรธานี&district=เมืองอุดรธานี")
    table = shown.partition("<tbody>")[2]
    assert ">4<" not in table
    assert ">62<" not in shown  # else 62 - 41 - 17 = 4
    for number in (">15<", ">40<"):
        assert number in table
    assert ">60<" in shown


def test_targets_are_loaded_only_after_they_were_seen(console: Console, page: Page) -> None:
    client = console.client(console.person(Role.SUPERVISOR, "อุดรธานี"))
    status, text = upload(client, GOOD)
    assert status == 200
    assert "1,500" in text
    assert stored(console) == {}
    found = text.split('name="token" value="')[1].split('"')[0]
    csrf = token(client, "/staff/board/targets")
    for _ in range(2):
        client.post("/staff/board/targets/load", data={"csrf_token": csrf, "token": found})
    assert stored(console) == {
        "อุดรธานี|เมืองอุดรธานี|หมากแข้ง": 1200,
        "อุดรธานี|เมืองอุดรธานี|บ้านเลื่อม": 300,
        "อุดรธานี|เมืองอุดรธานี": 1500,
        "อุดรธานี": 1500,
    }
    shown = page(client, "/staff/board/?province=อุดรธานี&district=เมืองอุดรธานี&tambon=หมากแข้ง")
    assert "1,200" in shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("จังหวัด,เป้าหมาย\nอุดรธานี,0\n", "ตัวเลข"),
        ("จังหวัด,เป้าหมาย\nอุดรธานี,=1+1\n", "ตัวเลข"),
        ("จังหวัด,เป้าหมาย\nอุดรธานี,7\nขอนแก่น,5\n", "นอกพื้นที่"),
        ("จังหวัด,อำเภอ,เป้าหมาย\nอุดรธานี,บ้านไผ่,5\n", "ไม่พบอำเภอ"),
        ("จังหวัด,เป้าหมาย\nอุดรธานี,5\nจ.อุดรธานี,6\n", "ซ้ำ"),
        ("จังหวัด,เป้าหมาย,ภายในวันที่\nอุดรธานี,5,1/1/2560\n", "ผ่านไปแล้ว"),
        ("a,b\n1,2\n", "หัวตาราง"),
        ("", "หัวตาราง"),
        (b"\xff\xfe\x81\xfc", "ไม่ใช่ไฟล์ CSV"),
    ],
)
def test_a_wrong_line_is_shown_and_refuses_the_file(
    console: Console, text: str | bytes, told: str
) -> None:
    client = console.client(console.person(Role.SUPERVISOR, "อุดรธานี"))
    status, shown = upload(client, text)
    assert status == 422
    assert told in shown
    assert stored(console) == {}


def test_another_person_cannot_load_my_file(console: Console) -> None:
    first = console.client(console.person(Role.SUPERVISOR, "อุดรธานี"))
    found = upload(first, GOOD)[1].split('name="token" value="')[1].split('"')[0]
    second = console.client(console.person(Role.ADMIN))
    csrf = token(second, "/staff/board/targets")
    second.post("/staff/board/targets/load", data={"csrf_token": csrf, "token": found})
    with transaction(console.engine) as session:
        assert session.execute(select(func.count()).select_from(Target)).scalar_one() == 0
