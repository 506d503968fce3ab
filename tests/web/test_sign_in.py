"""Signing in: password and code, each code once, throttling without lock-out, sessions."""

import base64
import time
from pathlib import Path

import pyotp
from sqlalchemy import select

from bot.app import create_app
from bot.config import read_config
from bot.staff import guard
from db import schema, staff
from db.audit import AuditRow
from db.keyring import unlock
from db.session import make_engine, reading, transaction
from db.staff import Role
from tests.web.conftest import PASSWORD, Console, check, sign_in, token
from tests.web.test_lead import again


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
        assert row.recovery_codes_json.count("$argon2id$") == 10
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
    for weak in ("xK9$wq!Lm2z", "password1234", "aaaaaaaaaaaaaa", "qwertyuiop12"):
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


def test_words_everybody_here_knows_make_no_password(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี", email="somchai.jaidee@sso.example")
    client = console.client(person)

    def tried(word: str) -> int:
        values = {"password": PASSWORD, "new_password": word, "new_password_confirm": word}
        csrf = token(client, "/staff/change")
        return client.post("/staff/change", data={"csrf_token": csrf, **values}).status_code

    for known in (
        "ประกันสังคมมาตรา๔๐",
        "สี่สิบเจ้าหน้าที่2569",
        "Somchai-Jaidee-2026",
        "SSO-Section40-Officer",
    ):
        assert tried(known) == 200, known
    assert tried("ประกันสังคม ลำไยหวานทุกต้นเดือน") == 302


def test_long_passwords_of_any_signs_are_taken_whole(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    client = console.client(person)
    long = "ส้มตำปูปลาร้า กับ ข้าวเหนียวร้อน ๆ " * 3 + "ค่ะ"
    assert 64 < len(long) <= 128
    data = {"password": PASSWORD, "new_password": long, "new_password_confirm": long}
    csrf = token(client, "/staff/change")
    assert client.post("/staff/change", data={"csrf_token": csrf, **data}).status_code == 302
    assert sign_in(console.app.test_client(), person, long[:-1]).status_code == 200
    with transaction(console.engine) as session:
        row = session.get_one(staff.Staff, person.id)
        row.last_totp_step = None
    assert sign_in(console.app.test_client(), person, long).status_code == 302


def test_a_changed_password_ends_every_other_session(console: Console) -> None:
    person = console.person(Role.OFFICER, "อุดรธานี")
    stolen, mine = console.client(person), again(console, person)
    new = "ปลาทูทอดกับน้ำพริกกะปิตอนเย็น"
    data = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    mine.post("/staff/change", data={"csrf_token": token(mine, "/staff/change"), **data})
    assert stolen.get("/staff/leads/").status_code == 302
    assert mine.get("/staff/leads/").status_code == 200


def test_an_administrator_ends_the_sessions_of_another(console: Console) -> None:
    officer = console.person(Role.OFFICER, "อุดรธานี")
    theirs = console.client(officer)
    admin = console.client(console.person(Role.ADMIN))
    shown = f"/staff/people/{officer.id}/"
    assert "ออกจากทุกเครื่อง (1)" in admin.get(shown).text
    path = f"/staff/people/{officer.id}/sign-out"
    admin.post(path, data={"csrf_token": token(admin, "/staff/people/")})
    assert theirs.get("/staff/leads/").status_code == 302
    assert "ออกจากทุกเครื่อง" not in admin.get(shown).text


def test_an_unknown_address_takes_as_long_as_a_wrong_password(console: Console) -> None:
    """Else the clock tells who has an account: both must hash a password."""
    person = console.person(Role.OFFICER, "อุดรธานี")
    client = console.client()
    csrf = token(client, "/staff/login")

    def fastest(email: str) -> float:
        took = []
        for number in range(4):
            data = {"email": email, "password": f"ผิดแน่นอน{number}", "csrf_token": csrf}
            began = time.process_time()
            client.post("/staff/login", data=data)
            took.append(time.process_time() - began)
        return min(took)

    assert fastest("nobody@sso.example") > 0.6 * fastest(person.email)


def test_few_passwords_are_hashed_at_a_time(console: Console) -> None:
    """A flood of sign-ins must not take the processor from the bot: it waits, then is sent away."""
    client = console.client()
    csrf = token(client, "/staff/login")
    data = {"email": "a@sso.example", "password": "x" * 12, "csrf_token": csrf}
    with guard.AT_A_TIME, guard.AT_A_TIME:
        refused = client.post("/staff/login", data=data)
    assert refused.status_code == 429
    check(refused.text)
    assert client.post("/staff/login", data=data).status_code == 200
    assert guard.AT_A_TIME.acquire(blocking=False), "each turn is given back"
    guard.AT_A_TIME.release()


def test_behind_a_proxy_a_guesser_slows_nobody_else_down(tmp_path: Path) -> None:
    environ = {
        "LINE_CHANNEL_SECRET": "secret",
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
        "SECRET_KEY": "a secret key of a test",
        "PII_ENCRYPTION_KEYS": base64.b64encode(bytes(range(32))).decode(),
        "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
        "PUBLIC_URL": "https://bot.example",
    }
    config = read_config(environ)
    engine = make_engine(config.database_url)
    schema.migrate(engine)
    app = create_app(config, unlock(engine, config.outer_keys), wake=lambda: None)

    def tried(forwarded: str) -> int:
        client = app.test_client()
        headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
        page = client.get("/staff/login", headers=headers, base_url="https://bot.example")
        csrf = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        data = {"email": "boss@sso.example", "password": "ผิดแน่นอนผิด", "csrf_token": csrf}
        sent = client.post(
            "/staff/login", data=data, headers=headers, base_url="https://bot.example"
        )
        assert "includeSubDomains" in sent.headers["Strict-Transport-Security"]
        return sent.status_code

    seen = [tried("6.6.6.6") for _ in range(8)]
    assert seen[-1] == 429
    assert tried("1.2.3.4") == 200, "an honest address waits for nobody"
    assert tried("1.2.3.4, 6.6.6.6") == 429, "what a caller writes itself is not believed"
    engine.dispose()


def test_what_is_refused_is_in_the_audit_log(console: Console) -> None:
    console.lead(province="ยะลา")
    client = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    client.get("/staff/people/")
    client.get("/staff/leads/S40-TEST-0001/")
    with reading(console.engine) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "refused"))
        assert [row.detail for row in rows] == ["staff.people.index", "staff.lead.show"]


def test_the_second_factor_is_sealed_and_long_and_recovery_codes_are_too(console: Console) -> None:
    with console.app.app_context():
        security = console.app.extensions["security"]
        codes = security.totp_factory.generate_recovery_codes(10)
        sealed = security.totp_factory.generate_totp_secret()
    seed = security.totp_factory.get_totp_pretty_key(sealed).replace("-", "")
    assert len(seed) * 5 >= 128
    assert seed.lower() not in sealed.lower().replace("-", "")
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) >= 12 for code in codes)


def test_signing_out_leaves_nothing_in_the_browser(console: Console) -> None:
    client = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    out = client.post("/staff/logout", data={"csrf_token": token(client, "/staff/account/")})
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(console: Console) -> None:
    answer = console.client().get("/staff/login", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-staff=")
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert len(cookie.split("=")[1].split(";")[0]) >= 43, "256 bits"
    client = console.client(console.person(Role.OFFICER, "อุดรธานี"))
    form = {"language": "en", "csrf_token": token(client, "/staff/account/")}
    cookie = client.post("/staff/account/language", data=form).headers["Set-Cookie"]
    assert cookie.startswith("__Host-staff-language=en;")
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in cookie
