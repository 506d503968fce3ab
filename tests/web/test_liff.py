"""The form page inside LINE: sign-in, one person's data only, one change a click, chat and page."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.app import create_app
from bot.config import BadConfig, read_config
from bot.liff.standing import MOST_WAITING
from bot.simulator import login
from bot.simulator.world import Person
from db import inbox
from db.keyring import unlock
from db.registrations import leads_of
from db.session import make_engine, reading
from handlers.phrases import say, word
from handlers.wording import steps
from tests.unit.handlers.fakes import STRAIGHT
from tests.web.conftest import KEYS, check
from tests.web.form_page import FORM, FormPage, hidden, save, serving, sign_in, straight

MAX_PAGE = 60_000
PERSONAL = ("อรพรรณ", "ทองแท้", "0897654321", "089-765-4321", "1101700230708", "หมากแข้ง")


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Iterator[FormPage]:
    shutil.copy(migrated, tmp_path / "form.db")
    engine = unlock(make_engine(f"sqlite:///{tmp_path}/form.db"), KEYS)
    with serving(engine, tmp_path) as started:
        yield started
    engine.dispose()


@pytest.fixture
def person(site: FormPage) -> Person:
    return site.person("สมศรี")


@pytest.fixture
def client(site: FormPage, person: Person) -> FlaskClient:
    return site.browser(person)


def leads(site: FormPage, person: Person) -> list[str]:
    with reading(site.engine) as session:
        return [lead.reference for lead in leads_of(session, person.id)]


def filled(site: FormPage, client: FlaskClient) -> None:
    """All questions answered and handled."""
    assert save(client, **straight()).status_code == 303
    site.work()


# Sign-in


def test_nothing_is_shown_without_a_visit(site: FormPage) -> None:
    stranger = site.app.test_client()
    for path in (FORM, "/liff/data", "/liff/saved"):
        answer = stranger.get(path)
        assert answer.status_code == 401
        check(answer.text)
    assert stranger.post(FORM, data={"act": "save"}).status_code == 401
    assert stranger.post("/liff/copy").status_code == 401


@pytest.mark.parametrize("way", ["forged", "old", "no token", "long"])
def test_a_token_that_line_would_not_take_opens_nothing(
    site: FormPage, person: Person, way: str
) -> None:
    token = login.id_token(site.world, person)
    if way == "forged":
        token = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    elif way == "old":
        clock = site.world.clock
        site.world.clock = lambda: clock() - login.LIFETIME_S - 5
        token = login.id_token(site.world, person)
        site.world.clock = clock
    else:
        token = "" if way == "no token" else "a" * 5000 + ".b.c"
    client = site.app.test_client()
    answer = sign_in(client, token)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers
    assert client.get(FORM).status_code == 401
    check(answer.text)


def test_a_token_of_another_channel_opens_nothing(site: FormPage, tmp_path: Path) -> None:
    with serving(site.engine, tmp_path, "9876543210-other") as other:
        token = login.id_token(other.world, other.person("สมศรี"))
        answer = sign_in(other.app.test_client(), token)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_line_being_away_is_said_and_opens_nothing(site: FormPage, person: Person) -> None:
    token = login.id_token(site.world, person)
    site.app.extensions["nong_sisip_form_page"].login._url = "http://127.0.0.1:9/verify"
    answer = sign_in(site.app.test_client(), token)
    assert answer.status_code == 503
    assert "Set-Cookie" not in answer.headers


def test_a_visit_ends_half_an_hour_after_the_last_thing_done(
    site: FormPage, client: FlaskClient
) -> None:
    site.at += timedelta(minutes=29)
    assert client.get(FORM).status_code == 200
    site.at += timedelta(minutes=29)
    assert client.get(FORM).status_code == 200
    site.at += timedelta(minutes=31)
    assert client.get(FORM).status_code == 401


def test_the_cookie_can_not_be_changed_nor_read_by_scripts(
    site: FormPage, person: Person, client: FlaskClient
) -> None:
    cookie = client.get_cookie("form", path="/liff")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    other = site.person("มานะ")
    forged = site.app.test_client()
    forged.set_cookie("form", cookie.value.replace(person.id, other.id)[:-2] + "xx", path="/liff")
    assert forged.get(FORM).status_code == 401


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, "wrong"),
        ({"Sec-Fetch-Site": "cross-site"}, ""),
        ({"Origin": "https://evil.example"}, ""),
    ],
)
def test_a_change_from_elsewhere_is_refused(
    site: FormPage, client: FlaskClient, headers: dict[str, str], token: str
) -> None:
    keys = hidden(client)
    data = {**keys, "consent.option": "self", "csrf_token": token or keys["csrf_token"]}
    assert client.post(FORM, data=data, headers=headers).status_code == 403
    assert client.get("/liff/saved").json == {"waiting": 0}
    elsewhere = {"Origin": "https://evil.example"}
    assert (
        client.post("/liff/session", data={"id_token": "a.b.c"}, headers=elsewhere).status_code
        == 403
    )


# One person's data only


def test_two_people_never_see_each_other(site: FormPage, client: FlaskClient) -> None:
    filled(site, client)
    other = site.browser(site.person("มานะ"))
    for path in (FORM, "/liff/data"):
        assert not [word for word in PERSONAL if word in other.get(path).text]
    assert "นางอรพรรณ ทองแท้" in client.get(FORM).text


def test_on_a_shared_phone_the_next_sign_in_takes_over(site: FormPage, client: FlaskClient) -> None:
    filled(site, client)
    stale = hidden(client)
    other = site.person("มานะ")
    assert sign_in(client, login.id_token(site.world, other)).status_code == 303
    assert not [word for word in PERSONAL if word in client.get(FORM).text]
    late = client.post(FORM, data={**stale, "name": "นายคนก่อน หน้านี้", "act": "save"})
    assert late.status_code == 403
    site.work()
    assert site.talk(other).form is None


def test_nothing_personal_stands_in_addresses_nor_in_event_ids(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    answer = save(client, **straight())
    with reading(site.engine) as session:
        ids = [event.event_id for event in inbox.pending(session, [person.id], 9)]
    assert ids
    for text in (answer.headers["Location"], *ids):
        assert not [word for word in (*PERSONAL, person.id) if word in text]


def test_the_id_number_comes_back_masked_only(site: FormPage, client: FlaskClient) -> None:
    filled(site, client)
    text = client.get(FORM).text
    assert "1101700230708" not in text
    assert "1-1017-xxxxx-xx-8" in text


# Consent first


def test_before_the_consent_nothing_else_is_asked_or_kept(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    text = client.get(FORM).text
    assert steps()["consent"].ask.splitlines()[0] in text
    assert 'id="s-name"' not in text
    save(client, **{**straight(), "consent_option": ""})
    with reading(site.engine) as session:
        assert inbox.kept(session, person.id) == []


def test_a_no_is_taken_with_a_kind_word_and_nothing_stays(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    answer = save(client, consent_option="no", phone="0897654321")
    assert say("refused", "th").split()[0] in answer.text
    check(answer.text)
    with reading(site.engine) as session:
        assert all(b"0897654321" not in payload for _, payload in inbox.kept(session, person.id))
    site.work()
    assert site.talk(person).form is None
    assert site.pushed == []


# Saving


def test_the_whole_form_is_filled_sent_and_confirmed(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    filled(site, client)
    assert site.pushed == []
    page = client.get(FORM).text
    check(page)
    assert word("card", "review", "th") in page
    assert save(client, "submit").status_code == 303
    waiting = client.get(FORM).text
    check(waiting)
    assert 'id="waiting"' in waiting
    site.work()
    (reference,) = leads(site, person)
    receipt = client.get(FORM).text
    check(receipt)
    assert reference in receipt
    assert reference in str(site.pushed)


def test_a_double_click_is_one_change(site: FormPage, client: FlaskClient) -> None:
    keys = {**hidden(client), "consent.option": "self", "act": "save"}
    for _ in range(3):
        client.post(FORM, data=keys)
    assert client.get("/liff/saved").json == {"waiting": 1}


def test_sent_twice_it_is_one_registration(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    filled(site, client)
    keys = {**hidden(client), "act": "submit"}
    for _ in range(3):
        client.post(FORM, data=keys)
    assert client.get("/liff/saved").json == {"waiting": 1}
    site.work()
    client.post(FORM, data=keys)
    site.work()
    assert len(leads(site, person)) == 1
    assert len(site.pushed) == 3


def test_what_the_worker_has_not_handled_yet_is_shown_and_goes_on(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    save(client, consent_option="self")
    save(client, birth_date="5 มค 2520")
    page = client.get(FORM).text
    assert "5 มกราคม 2520" in page
    assert client.get("/liff/saved").json == {"waiting": 2}
    site.work()
    form = site.talk(person).form
    assert form is not None
    assert form.answers["birth_date"] == "1977-01-05"


def test_too_many_waiting_changes_are_refused(site: FormPage, client: FlaskClient) -> None:
    save(client, consent_option="self")
    answers = [
        save(client, birth_date=f"{day} ม.ค. 2520").status_code
        for day in range(1, MOST_WAITING + 2)
    ]
    assert set(answers) == {303, 429}
    assert client.get("/liff/saved").json == {"waiting": MOST_WAITING}


def test_what_will_not_do_is_shown_with_the_words_of_the_chat_and_the_rest_is_kept(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    answer = save(client, **{**straight(), "phone": "0812"})
    assert answer.status_code == 422
    check(answer.text)
    assert steps()["phone"].invalid["short"][0] in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="0812"' in answer.text
    site.work()
    form = site.talk(person).form
    assert form is not None
    assert "phone" not in form.answers
    assert form.answers["contact_time"] == "evening"


def test_the_same_refusal_comes_in_other_words_the_second_time(
    site: FormPage, client: FlaskClient
) -> None:
    save(client, **straight(until="phone"))
    first = save(client, phone="0812").text
    nth = re.search(r'name="nth" value="(\d)"', first)
    assert nth is not None
    second = client.post(FORM, data={**hidden(client), "nth": nth[1], "phone": "0812"}).text
    assert steps()["phone"].invalid["short"][1] in second


def test_a_tambon_of_many_provinces_is_offered_and_chosen(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    save(client, **straight(until="address"))
    asked = save(client, address="12 ม.4 ต.นาดี")
    assert asked.status_code == 422
    check(asked.text)
    before = re.search(r'name="address.before" value="([^"]+)"', asked.text)
    code = re.search(r'name="address.choice" value="(#\d{6})"', asked.text)
    assert before is not None
    assert code is not None
    data = {"address": before[1], "address.before": before[1], "address.choice": code[1]}
    assert client.post(FORM, data={**hidden(client), **data}).status_code == 303
    site.work()
    form = site.talk(person).form
    assert form is not None
    place = form.answers["address"]
    assert not isinstance(place, str)
    assert place["code"] == code[1][1:]
    assert place["line"] == "12 ม.4"


@pytest.mark.parametrize("rest", ["ศรีสุข", "บุญมี ศรีสุข"])
def test_half_a_name_is_completed_by_its_rest_or_typed_anew(
    site: FormPage, client: FlaskClient, person: Person, rest: str
) -> None:
    save(client, **straight(until="name"))
    asked = save(client, name="บุญมี")
    assert "ชื่อ บุญมี นะคะ" in asked.text
    data = {**hidden(client), "name": rest, "name.before": "บุญมี"}
    assert client.post(FORM, data=data).status_code == 303
    site.work()
    form = site.talk(person).form
    assert form is not None
    assert form.answers["name"] == {"title": "", "first": "บุญมี", "last": "ศรีสุข"}


def test_an_address_is_chosen_from_lists_without_a_script(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    save(client, **straight(until="address"))
    keys = {**hidden(client), "act": "lists"}
    districts = client.post(FORM, data={**keys, "address.province": "40"}).text
    check(districts)
    assert '<option value="4001">' in districts
    chosen = {"address.province": "40", "address.district": "4001"}
    assert '<option value="400115">' in client.post(FORM, data={**keys, **chosen}).text
    save_now = {**hidden(client), **chosen, "address.tambon": "400115"}
    assert client.post(FORM, data=save_now).status_code == 303
    site.work()
    form = site.talk(person).form
    assert form is not None
    assert "บ้านเป็ด" in str(form.answers["address"])


def test_who_cannot_join_is_told_why_and_may_leave_a_number(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    save(client, consent_option="self", birth_date="5 ม.ค. 2520", schemes_option="s33")
    page = client.get(FORM).text
    check(page)
    assert word("no", "s33", "th") in page
    assert 'id="s-option"' not in page
    rest = {"name": "นางบุญมี ศรีสุข", "phone": "0812345678", "province": "ขอนแก่น"}
    save(client, notify_option="yes", **rest)
    save(client, "submit")
    site.work()
    assert len(leads(site, person)) == 1
    assert leads(site, person)[0] in client.get(FORM).text


def test_a_change_made_while_sending_is_shown_once_more_before_it_is_sent(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    filled(site, client)
    answer = save(client, "submit", phone="0899999999")
    assert answer.status_code == 200
    assert "089-999-9999" in answer.text
    site.work()
    assert leads(site, person) == []
    save(client, "submit")
    site.work()
    assert len(leads(site, person)) == 1


def test_an_unfinished_form_is_not_sent_and_says_what_is_missing(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    save(client, **straight(until="phone"))
    answer = save(client, "submit")
    assert answer.status_code == 422
    assert 'href="#s-phone"' in answer.text
    site.work()
    assert leads(site, person) == []


# Registered already


def test_an_id_number_that_is_registered_is_told_without_a_word_of_the_other(
    site: FormPage, client: FlaskClient
) -> None:
    filled(site, client)
    save(client, "submit")
    site.work()
    other = site.person("มานะ")
    second = site.browser(other)
    save(second, **{**straight(), "name": "นายมานะ อดทน", "address": "ต.นาดี อ.เมือง จ.สุรินทร์"})
    save(second, "submit")
    site.work()
    page = second.get(FORM).text
    check(page)
    assert say("duplicate_same", "th").split()[0] in page
    assert not [word for word in ("อรพรรณ", "ทองแท้", "หมากแข้ง") if word in page]
    save(second, id_number_option="skip")
    save(second, "submit")
    site.work()
    assert len(leads(site, other)) == 1


@pytest.mark.parametrize(("act", "count"), [("send", 1), ("drop", 0)])
def test_somebody_alike_is_asked_about_and_sent_or_dropped(
    site: FormPage, client: FlaskClient, act: str, count: int
) -> None:
    filled(site, client)
    save(client, "submit")
    site.work()
    other = site.person("มานะ")
    second = site.browser(other)
    save(second, **{**straight(), "id_number": "ข้าม"})
    save(second, "submit")
    site.work()
    page = second.get(FORM).text
    check(page)
    assert say("duplicate_likely", "th").split()[0] in page
    for _ in range(2):
        second.post("/liff/likely", data={**hidden(second), "act": act})
    site.work()
    assert len(leads(site, other)) == count
    assert site.talk(other).form is None


# Chat and page


def test_begun_in_the_chat_finished_on_the_page(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    for text in ("สมัคร", *(text for _, text in STRAIGHT[:5])):
        site.say(person, text)
    page = client.get(FORM).text
    assert "นางบุญมี ศรีสุข" in page
    save(client, **straight())
    save(client, "submit")
    site.work()
    assert len(leads(site, person)) == 1


def test_begun_on_the_page_finished_in_the_chat(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    save(client, **straight(until="phone"))
    site.work()
    told = site.say(person, "สมัครต่อ")
    assert "เบอร์โทรที่เจ้าหน้าที่โทรหา" in told
    for _, text in STRAIGHT[6:]:
        site.say(person, text)
    site.say(person, "ส่งเลย")
    assert len(leads(site, person)) == 1
    assert leads(site, person)[0] in client.get(FORM).text


def test_a_page_left_open_cannot_write_into_the_next_form(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    filled(site, client)
    old = hidden(client)
    save(client, "submit")
    site.work()
    site.say(person, "สมัคร")
    late = client.post(FORM, data={**old, "consent.option": "self", "phone": "0899999999"})
    assert late.status_code == 303
    site.work()
    form = site.talk(person).form
    assert form is not None
    assert form.answers == {}


def test_the_chat_offers_the_page_with_the_consent(site: FormPage, person: Person) -> None:
    told = site.say(person, "สมัคร")
    assert "https://liff.line.me/1-x/" in told
    assert word("button", "form_page", "th") in told


def test_for_someone_else_their_consent_is_asked_first(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    save(client, consent_option="other")
    page = client.get(FORM).text
    assert 'id="s-their_consent"' in page
    assert 'id="s-birth_date"' not in page
    save(client, relationship="อสม.", their_consent_option="me")
    save(client, **{**straight(), "consent_option": "other"})
    save(client, "submit")
    site.work()
    assert len(leads(site, person)) == 1
    fresh = client.get(f"{FORM}?new=1").text
    assert 'id="s-name"' not in fresh
    assert "อรพรรณ" not in fresh


# Data rights


def test_my_data_shows_what_is_held_and_gives_a_copy(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    filled(site, client)
    save(client, "submit")
    site.work()
    page = client.get("/liff/data").text
    check(page)
    assert leads(site, person)[0] in page
    copy = client.post("/liff/copy", data=hidden(client, "/liff/data"))
    assert "อรพรรณ" in copy.text
    assert copy.headers["Cache-Control"] == "no-store"
    assert "attachment" in copy.headers["Content-Disposition"]
    other = site.browser(site.person("มานะ"))
    assert "อรพรรณ" not in other.post("/liff/copy", data=hidden(other, "/liff/data")).text


@pytest.mark.parametrize("act", ["cancel", "erase"])
def test_a_form_is_stopped_or_everything_erased_after_a_tick(
    site: FormPage, client: FlaskClient, person: Person, act: str
) -> None:
    filled(site, client)
    keys = {**hidden(client, "/liff/data"), "act": act}
    assert client.post("/liff/data", data=keys).status_code == 422
    site.work()
    assert site.talk(person).form is not None
    assert client.post("/liff/data", data={**keys, "sure": "yes"}).status_code == 303
    check(client.get("/liff/data").text)
    site.work()
    assert site.talk(person).form is None
    assert not [word for word in PERSONAL if word in client.get(FORM).text]


def test_only_ones_own_registration_is_withdrawn(
    site: FormPage, client: FlaskClient, person: Person
) -> None:
    filled(site, client)
    save(client, "submit")
    site.work()
    (reference,) = leads(site, person)
    other = site.browser(site.person("มานะ"))
    wish = {"act": f"withdraw:{reference}", "sure": "yes"}
    other.post("/liff/data", data={**hidden(other, "/liff/data"), **wish})
    assert other.get("/liff/saved").json == {"waiting": 0}
    client.post("/liff/data", data={**hidden(client, "/liff/data"), **wish})
    site.work()
    with reading(site.engine) as session:
        assert [lead.status for lead in leads_of(session, person.id)] == ["withdrawn"]


# What every page owes


def test_pages_are_small_and_let_no_other_script_in(site: FormPage, client: FlaskClient) -> None:
    filled(site, client)
    answer = client.get(FORM)
    names = ("form.css", "form.js")
    size = len(answer.data)
    for name in names:
        with client.get(f"/liff/static/{name}") as file:
            size += len(file.data)
    assert size < MAX_PAGE
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_without_a_liff_id_there_is_no_page_and_a_wrong_one_is_named(
    site: FormPage, tmp_path: Path
) -> None:
    line = {"LINE_CHANNEL_SECRET": "s" * 32, "LINE_CHANNEL_ACCESS_TOKEN": "t" * 32}
    keys = {"SECRET_KEY": "0123456789abcdef0123", "PII_ENCRYPTION_KEYS": "A" * 43 + "="}
    config = read_config({**line, **keys}, tmp_path)
    assert config.form_page == ""
    app = create_app(config, site.engine, wake=lambda: None)
    assert app.test_client().get("/liff/").status_code == 404
    with pytest.raises(BadConfig, match="LIFF_ID"):
        read_config({**line, **keys, "LIFF_ID": "liff"}, tmp_path)
