"""Signing in: password and code, each code once, throttling without lock-out, sessions."""

import pyotp
from sqlalchemy import select

from db import staff
from db.session import reading, transaction
from db.staff import Role
from tests.web.conftest import PASSWORD, Console, check, sign_in, token


def test_password_and_code_open_the_console(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    client = console.client(person)
    assert client.get("/staff/leads/").status_code == 200


def test_the_password_alone_opens_nothing(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    client = console.client()
    csrf = token(client, "/staff/login")
    client.post(
        "/staff/login", data={"email": person.email, "password": PASSWORD, "csrf_token": csrf}
    )
    assert client.get("/staff/leads/").status_code == 302


def test_a_code_works_once(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    console.client(person)
    again = sign_in(console.app.test_client(), person)
    assert again.status_code == 200
    assert "รหัสไม่ถูกต้อง" in again.text


def test_unknown_people_and_wrong_passwords_read_the_same(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    texts = []
    for email in (person.email, "nobody@sso.example"):
        client = console.client()
        csrf = token(client, "/staff/login")
        data = {"email": email, "password": "ผิดแน่นอนผิดแน่นอน", "csrf_token": csrf}
        texts.append(client.post("/staff/login", data=data).text.replace(email, ""))
        check(texts[-1])
    strip = [text[: text.index("<form")] + text[text.index("</form") :] for text in texts]
    assert strip[0] == strip[1]


def test_guessing_gets_slow_but_never_locks_the_owner_out(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    client = console.client()
    csrf = token(client, "/staff/login")
    data = {"email": person.email, "password": "ผิดแน่นอนผิดแน่นอน", "csrf_token": csrf}
    seen = [client.post("/staff/login", data=data).status_code for _ in range(8)]
    assert seen[:5] == [200] * 5
    assert seen[5:] == [429] * 3
    elsewhere = console.app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "10.9.8.7"
    assert sign_in(elsewhere, person).status_code == 302
    console.clock.on(minutes=16)
    assert client.post("/staff/login", data=data).status_code == 200


def test_codes_can_not_be_guessed_at_speed(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    client = console.client()
    csrf = token(client, "/staff/login")
    client.post(
        "/staff/login", data={"email": person.email, "password": PASSWORD, "csrf_token": csrf}
    )
    csrf = token(client, "/staff/tf-validate")
    right = pyotp.TOTP(person.totp_secret).now()
    wrong = "000000" if right != "000000" else "000001"
    seen = [
        client.post("/staff/tf-validate", data={"code": wrong, "csrf_token": csrf}).status_code
        for _ in range(8)
    ]
    assert 429 in seen


def test_a_first_sign_in_must_set_up_the_phone(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    with transaction(console.engine) as session:
        row = session.get(staff.Staff, person.id)
        assert row is not None
        row.tf_primary_method = row.tf_totp_secret = None
    client = console.client()
    csrf = token(client, "/staff/login")
    answer = client.post(
        "/staff/login",
        data={"email": person.email, "password": PASSWORD, "csrf_token": csrf},
        follow_redirects=True,
    )
    assert answer.request.path == "/staff/tf-setup"
    check(answer.text)
    shown = client.post(
        "/staff/tf-setup",
        data={"setup": "authenticator", "csrf_token": token(client, "/staff/tf-setup")},
    )
    check(shown.text)
    secret = shown.text.split('class="secret">')[1].split("<")[0].replace("-", "").replace(" ", "")
    code = pyotp.TOTP(secret).now()
    done = client.post(
        "/staff/tf-validate",
        data={"code": code, "csrf_token": token(client, "/staff/tf-setup")},
    )
    assert done.status_code == 302
    assert client.get("/staff/leads/").status_code == 200


def test_recovery_codes_are_kept_as_hashes_and_work_once(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    client = console.client(person)
    csrf = token(client, "/staff/mf-recovery-codes")
    shown = client.post(
        "/staff/mf-recovery-codes", data={"generate_new_codes": "1", "csrf_token": csrf}
    )
    codes = [part.split("<")[0] for part in shown.text.split("<li>")[1:]]
    assert len(codes) == 10
    with reading(console.engine) as session:
        row = session.get(staff.Staff, person.id)
        assert row is not None
        assert not any(code in row.recovery_codes_json for code in codes)
    for expected in (302, 200):
        fresh = console.app.test_client()
        csrf = token(fresh, "/staff/login")
        fresh.post(
            "/staff/login", data={"email": person.email, "password": PASSWORD, "csrf_token": csrf}
        )
        csrf = token(fresh, "/staff/mf-recovery")
        answer = fresh.post("/staff/mf-recovery", data={"code": codes[0], "csrf_token": csrf})
        assert answer.status_code == expected


def test_a_session_gets_a_new_name_at_sign_in_and_ends_at_sign_out(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    client = console.app.test_client()
    client.get("/staff/login")
    before = client.get_cookie("__Host-staff") or client.get_cookie("staff")
    assert before is not None
    sign_in(client, person)
    after = client.get_cookie(before.key)
    assert after is not None
    assert after.value != before.value
    client.post("/staff/logout", data={"csrf_token": token(client, "/staff/account/")})
    stolen = console.app.test_client()
    stolen.set_cookie(after.key, after.value)
    assert stolen.get("/staff/leads/").status_code == 302


def test_sessions_end_when_idle_and_after_a_working_day(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    client = console.client(person)
    console.clock.on(minutes=29)
    assert client.get("/staff/leads/").status_code == 200
    console.clock.on(minutes=31)
    assert client.get("/staff/leads/").status_code == 302


def test_a_session_ends_after_eight_hours_of_work(console: Console) -> None:
    client = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    for _ in range(24):
        console.clock.on(minutes=20)
        last = client.get("/staff/leads/").status_code
    assert last == 200
    console.clock.on(minutes=1)
    assert client.get("/staff/leads/").status_code == 302


def test_i_see_my_sessions_and_can_end_another(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    first = console.client(person)
    with transaction(console.engine) as session:
        row = session.get(staff.Staff, person.id)
        assert row is not None
        row.last_totp_step = None
    second = console.client(person)
    with reading(console.engine) as session:
        mine = select(staff.StaffSession.id).where(staff.StaffSession.staff == person.id)
        names = list(session.scalars(mine))
    assert len(names) == 2
    cookie = first.get_cookie("__Host-staff")
    assert cookie is not None
    here = staff.session_hash(cookie.value)
    other = next(name for name in names if name != here)
    first.post(
        f"/staff/account/sessions/{other}/end", data={"csrf_token": token(first, "/staff/account/")}
    )
    assert second.get("/staff/leads/").status_code == 302
    assert first.get("/staff/leads/").status_code == 200


def test_nothing_of_a_session_is_readable_in_the_database(console: Console) -> None:
    client = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    cookie = client.get_cookie("__Host-staff")
    assert cookie is not None
    with reading(console.engine) as session:
        rows = list(session.scalars(select(staff.StaffSession)))
    assert all(cookie.value not in row.id and b"_user_id" not in row.data for row in rows)


def test_weak_passwords_are_refused(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    client = console.client(person)
    for weak in ("สั้นไป", "password1234", "aaaaaaaaaaaaaa", "qwertyuiop12"):
        answer = client.post(
            "/staff/change",
            data={
                "password": PASSWORD,
                "new_password": weak,
                "new_password_confirm": weak,
                "csrf_token": token(client, "/staff/change"),
            },
        )
        assert answer.status_code == 200, weak
        assert "ตั้งรหัสผ่านนี้ไม่ได้" in answer.text
