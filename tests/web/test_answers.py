"""Answers reworded in the console: tried, refused kindly, approved by another, taken back."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bot.rewording import pages_on
from db import audit, questions, rewordings
from db.rollups import thai_day
from db.session import reading, transaction
from db.staff import Role
from nlp.answering.content import content
from nlp.facts import facts_on
from nlp.intents import Intent
from tests.web.conftest import Console, check, token

NEW = "/staff/wordings/new/benefit_maternity?variant=base&style=text"
WORDS = "ค่าคลอดไม่มีค่ะ ใช้บัตรทองได้ ทางเลือก 3 มีเงินลูก {facts.child.amount} บาทต่อเดือน"


def written(client: FlaskClient, words: str = WORDS, day: str = "2026-11-25") -> str:
    """A draft; where it is shown."""
    data = {"words": words, "from_on": day, "act": "keep", "csrf_token": token(client, NEW)}
    answer = client.post(NEW, data=data)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def act(client: FlaskClient, shown: str, name: str) -> int:
    """One step with a wording; the status of the answer."""
    answer = client.post(shown + name, data={"csrf_token": token(client, shown)})
    return answer.status_code


def told(console: Console) -> str:
    """What the bot says of it today."""
    with reading(console.engine) as session:
        found = pages_on(session, thai_day(console.clock()))
    page = found.get(Intent.BENEFIT_MATERNITY) or content(Intent.BENEFIT_MATERNITY)
    return page.variants["base"].text[0]


def test_words_are_tried_kept_approved_by_another_told_and_taken_back(console: Console) -> None:
    editor = console.client(console.person(Role.EDITOR))
    old, csrf = told(console), token(editor, NEW)
    tried = editor.post(NEW, data={"words": WORDS, "act": "try", "csrf_token": csrf})
    check(tried.text)
    assert 'href="/staff/answers/" aria-current="page"' in tried.text
    amount = facts_on(thai_day(console.clock())).fact("child.amount").text()
    assert f"มีเงินลูก {amount} บาทต่อเดือน" in tried.text, "the preview fills the fact in"
    shown = written(editor)
    check(editor.get(shown).text)
    assert act(editor, shown, "approve") == 409
    assert told(console) == old

    leader = console.client(console.person(Role.SUPERVISOR, "ยะลา"))
    assert shown in leader.get("/staff/answers/").text
    assert act(leader, shown, "approve") == 303
    assert told(console) == WORDS
    page = leader.get("/staff/answers/benefit_maternity/").text
    check(page)
    assert "แก้โดยเจ้าหน้าที่" in page
    assert act(leader, shown, "approve") == 409

    assert act(editor, shown, "take_back") == 303
    assert told(console) == old
    assert act(editor, shown, "take_back") == 409


def test_every_step_is_in_the_audit_log(console: Console) -> None:
    editor = console.client(console.person(Role.EDITOR))
    shown = written(editor)
    admin = console.client(console.person(Role.ADMIN))
    act(admin, shown, "approve")
    act(admin, shown, "take_back")
    with reading(console.engine) as session:
        wanted = select(audit.AuditRow).where(audit.AuditRow.action.like("answer_%"))
        steps = [(row.action, row.who) for row in session.scalars(wanted)]
    assert [action for action, _ in steps] == [
        "answer_written",
        "answer_approve",
        "answer_take_back",
    ]
    assert len({who for _, who in steps}) == 2


@pytest.mark.parametrize(
    ("words", "told_why"),
    [
        (WORDS + " ค่าคลอด ๕๐๐ บาทค่ะ", "พิมพ์ตัวเลขเองไม่ได้"),
        (WORDS.replace("{facts.child.amount}", "มาก"), "ช่องนี้หายไป"),
        (WORDS + " {facts.age.max}", "ใช้ช่องนี้ในคำตอบนี้ไม่ได้"),
        (WORDS + " https://sso.example", "ใส่ลิงก์"),
        (WORDS + "ก" * 350, "ยาวเกินไป"),
        (WORDS + " {", "วงเล็บปีกกา"),
        ("", "ยังไม่ได้เขียนข้อความ"),
    ],
)
def test_words_that_may_not_be_told_are_refused_kindly_and_kept_in_the_form(
    console: Console, words: str, told_why: str
) -> None:
    editor = console.client(console.person(Role.EDITOR))
    data = {"words": words, "act": "keep", "csrf_token": token(editor, NEW)}
    answer = editor.post(NEW, data=data)
    assert answer.status_code == 422
    check(answer.text)
    assert told_why in answer.text
    field = re.search(r'<textarea name="words"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)
    assert field is not None
    assert field[1] == words
    with reading(console.engine) as session:
        assert rewordings.drafts(session) == []


@pytest.mark.parametrize("day", ["2026-11-24", "2028-01-01"])
def test_the_first_day_is_today_or_soon(console: Console, day: str) -> None:
    editor = console.client(console.person(Role.EDITOR))
    data = {"words": WORDS, "from_on": day, "act": "keep", "csrf_token": token(editor, NEW)}
    assert editor.post(NEW, data=data).status_code == 422


def test_words_of_an_older_release_are_neither_approved_nor_told(console: Console) -> None:
    editor = console.client(console.person(Role.EDITOR))
    shown = written(editor)
    number = int(shown.split("/")[-2])
    with transaction(console.engine) as session:
        row = session.get(rewordings.AnswerRewording, number)
        assert row is not None
        row.instead_of = "0" * 64
    boon = console.person(Role.ADMIN)
    admin = console.client(boon)
    assert act(admin, shown, "approve") == 409
    page = admin.get(shown).text
    check(page)
    assert "ไม่ตรงกับคำในระบบรุ่นนี้แล้ว" in page
    with transaction(console.engine) as session:
        rewordings.decide(session, number, boon.id, console.clock(), approved=True)
    assert told(console) == content(Intent.BENEFIT_MATERNITY).variants["base"].text[0]


@pytest.mark.parametrize(
    "path",
    [
        "/staff/answers/no_such_question/",
        "/staff/wordings/new/no_such_question",
        "/staff/wordings/new/greet?variant=case.nothing",
        "/staff/wordings/new/greet?style=sources",
        "/staff/wordings/new/greet?until=1999-01-01",
    ],
)
def test_what_is_not_there_is_not_found(console: Console, path: str) -> None:
    editor = console.client(console.person(Role.EDITOR))
    assert editor.get(path).status_code == 404


def test_a_supervisor_approves_but_does_not_write(console: Console) -> None:
    leader = console.client(console.person(Role.SUPERVISOR, "ยะลา"))
    assert leader.get(NEW).status_code == 404
    assert "แก้คำ" not in leader.get("/staff/answers/benefit_maternity/").text


def test_every_answer_opens(console: Console) -> None:
    client = console.client(console.person(Role.EDITOR))
    for intent in Intent:
        answer = client.get(f"/staff/answers/{intent.value}/")
        assert answer.status_code == 200, intent


def test_an_unanswered_question_leads_to_the_answer_of_its_label(console: Console) -> None:
    with transaction(console.engine) as session:
        questions.note(session, "q/1:x", "คลอดลูกแฝดได้สองเท่าไหม", "refused", console.clock())
    client = console.client(console.person(Role.EDITOR))
    data = {
        "csrf_token": token(client, "/staff/questions/"),
        "question": "q/1:x",
        "label": "benefit_maternity",
        "then": "answer",
    }
    answer = client.post("/staff/questions/label", data=data)
    assert answer.location == "/staff/answers/benefit_maternity/"
