"""Who may open what: every route, every role, inside and outside one's provinces."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.campaigns import Campaign
from db.session import transaction
from db.staff import Role, Staff
from tests.web.conftest import Console, token

ADMIN, SUPERVISOR, OFFICER, AUDITOR = (
    Role.ADMIN,
    Role.SUPERVISOR,
    Role.OFFICER,
    Role.AUDITOR,
)
EVERYONE, WORKERS = frozenset(Role), frozenset({ADMIN, SUPERVISOR, OFFICER})
LEADERS = frozenset({ADMIN, SUPERVISOR})
CONTENT = frozenset({ADMIN, SUPERVISOR, Role.EDITOR})
MATRIX: dict[str, frozenset[Role]] = {
    "staff.home.index": EVERYONE,
    "staff.queue.empty": WORKERS,
    "staff.queue.next_lead": WORKERS,
    "staff.queue.back": WORKERS,
    "staff.leads.index": WORKERS,
    "staff.leads.find": WORKERS,
    "staff.lead.show": WORKERS,
    "staff.lead.reveal": WORKERS,
    "staff.lead_acts.decide": WORKERS,
    "staff.lead_acts.undo": WORKERS,
    "staff.lead_acts.skip": WORKERS,
    "staff.lead_acts.note": WORKERS,
    "staff.lead_acts.assign": WORKERS,
    "staff.lead_acts.hand_over": WORKERS,
    "staff.lead_acts.reopen": WORKERS,
    "staff.lead_acts.merge": WORKERS,
    "staff.lead_acts.message": WORKERS,
    "staff.requests.index": WORKERS,
    "staff.requests.show": WORKERS,
    "staff.requests.answer": WORKERS,
    "staff.lead_acts.takeover": WORKERS,
    "staff.sheets.one": WORKERS,
    "staff.sheets.many": WORKERS,
    "staff.views.save": WORKERS,
    "staff.views.delete": WORKERS,
    "staff.bulk.index": LEADERS,
    "staff.bulk.ask": LEADERS,
    "staff.bulk.stop": LEADERS,
    "staff.export.form": LEADERS,
    "staff.export.take": LEADERS,
    "staff.dashboard.index": WORKERS | {Role.VIEWER},
    "staff.dashboard.table": WORKERS | {Role.VIEWER},
    "staff.questions.index": frozenset({ADMIN, Role.EDITOR}),
    "staff.questions.name": frozenset({ADMIN, Role.EDITOR}),
    "staff.questions.learn": frozenset({ADMIN, Role.EDITOR}),
    "staff.questions.back": frozenset({ADMIN, Role.EDITOR}),
    "staff.answers.index": CONTENT,
    "staff.answers.facts": CONTENT,
    "staff.answers.show": CONTENT,
    "staff.wordings.new": frozenset({ADMIN, Role.EDITOR}),
    "staff.wordings.write": frozenset({ADMIN, Role.EDITOR}),
    "staff.wordings.show": CONTENT,
    "staff.wordings.decide": CONTENT,
    "staff.people.index": frozenset({ADMIN}),
    "staff.people.find": frozenset({ADMIN}),
    "staff.people.show": frozenset({ADMIN}),
    "staff.people.invite": frozenset({ADMIN}),
    "staff.people.change": frozenset({ADMIN}),
    "staff.people.active": frozenset({ADMIN}),
    "staff.people.renew": frozenset({ADMIN}),
    "staff.people.sign_out": frozenset({ADMIN}),
    "staff.campaigns.index": WORKERS,
    "staff.campaigns.new": WORKERS,
    "staff.campaigns.create": WORKERS,
    "staff.campaigns.show": WORKERS,
    "staff.campaigns.poster": WORKERS,
    "staff.campaigns.card": WORKERS,
    "staff.campaigns.picture": WORKERS,
    "staff.campaigns.posters": WORKERS,
    "staff.campaigns.volunteer": WORKERS,
    "staff.events.show": WORKERS,
    "staff.events.call": WORKERS,
    "staff.events.walk_in": WORKERS,
    "staff.broadcast.index": LEADERS,
    "staff.broadcast.new": LEADERS,
    "staff.broadcast.create": LEADERS,
    "staff.broadcast.of_law": LEADERS,
    "staff.broadcast.show": LEADERS,
    "staff.broadcast.change": LEADERS,
    "staff.board.index": WORKERS | {Role.VIEWER},
    "staff.board.targets_form": LEADERS,
    "staff.board.check": LEADERS,
    "staff.board.load": LEADERS,
    "staff.audit_log.index": frozenset({ADMIN, AUDITOR}),
    "staff.account.index": EVERYONE,
    "staff.account.language": EVERYONE,
    "staff.account.end": EVERYONE,
    "security.logout": EVERYONE,
    "security.change_password": EVERYONE,
    "security.mf_recovery_codes": EVERYONE,
    "security.verify": EVERYONE,
}
STRANGERS = {
    "staff.static",
    "security.login",
    "security.two_factor_setup",
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.reset_password",
}
SHUT = {
    "security.static",
    "security.two_factor_setup_validate",
    "security.two_factor_rescue",
    "security.forgot_password",
    "security.tf_select",
}
MISSING = {
    "staff.wordings.show",
    "staff.wordings.decide",
    "staff.campaigns.volunteer",
    "staff.events.show",
    "staff.events.call",
    "staff.events.walk_in",
    "staff.broadcast.of_law",
    "staff.broadcast.show",
    "staff.broadcast.change",
    "staff.requests.show",
    "staff.requests.answer",
    "staff.account.end",
    "staff.views.delete",
    "staff.bulk.stop",
    "staff.people.show",
    "staff.people.change",
    "staff.people.active",
    "staff.people.renew",
    "staff.people.sign_out",
    "staff.campaigns.show",
    "staff.campaigns.poster",
    "staff.campaigns.card",
    "staff.campaigns.picture",
    "staff.campaigns.posters",
}
"""Their objects do not exist in the test, so they answer 404 to those who are let in as well."""
CODE = "23456787"
ARGUMENTS = {
    "act": "stop",
    "reference": "S40-TEST-0001",
    "name": "0" * 64,
    "filename": "staff.css",
    "token": "x",
    "number": 99,
    "code": "none",
    "intent": "greet",
    "day": "2026-01-01",
}


def routes(console: Console) -> dict[str, tuple[str, str]]:
    """Endpoint → (method, path) for everything under /staff."""
    found = {}
    adapter = console.app.url_map.bind("localhost")
    for rule in console.app.url_map.iter_rules():
        if rule.rule.startswith("/staff"):
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            values = {name: ARGUMENTS[name] for name in rule.arguments}
            found[rule.endpoint] = (method, adapter.build(rule.endpoint, values, method=method))
    return found


def opened(client: FlaskClient, method: str, path: str, csrf: str) -> TestResponse:
    """The answer to an empty request; a file that it sends is shut again."""
    data = {"csrf_token": csrf} if method == "POST" else None
    answer = client.open(path, method=method, data=data)
    answer.close()
    return answer


def test_every_route_has_a_row(console: Console) -> None:
    assert set(routes(console)) == set(MATRIX) | STRANGERS | SHUT


def test_strangers_reach_only_what_is_open(console: Console) -> None:
    client = console.client()
    csrf = token(client, "/staff/login")
    for endpoint, (method, path) in routes(console).items():
        answer = opened(client, method, path, csrf)
        if endpoint in STRANGERS:
            assert answer.status_code in {200, 302}, endpoint
        elif method == "GET":
            assert answer.status_code == 302, endpoint
            assert answer.location == "/staff/login", endpoint
        else:
            assert answer.status_code == 401, endpoint


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_exactly_its_pages(console: Console, role: Role) -> None:
    console.lead()
    with transaction(console.engine) as session:
        session.add(
            Campaign(
                code=CODE,
                kind="village",
                name="บ้านทดสอบ",
                province="อุดรธานี",
                starts_on=date(2026, 1, 1),
                created_at=console.clock(),
            )
        )
    client = console.client(console.person(role, "อุดรธานี"))
    csrf = token(client, "/staff/account/")
    for endpoint, (method, path) in routes(console).items():
        if endpoint in STRANGERS or endpoint == "security.logout":
            continue
        answer = opened(client, method, path, csrf)
        if role not in MATRIX.get(endpoint, frozenset()):
            assert answer.status_code == 404, endpoint
        elif endpoint not in MISSING:
            assert answer.status_code != 404, endpoint


def test_whoever_is_disabled_is_out_at_once(console: Console) -> None:
    person = console.person(OFFICER, "อุดรธานี")
    client = console.client(person)
    assert client.get("/staff/leads/").status_code == 200
    with transaction(console.engine) as session:
        row = session.get(Staff, person.id)
        assert row is not None
        row.active = False
    assert client.get("/staff/leads/").status_code == 302


def test_changes_need_a_token_and_our_own_site(console: Console) -> None:
    console.lead()
    client = console.client(console.person(OFFICER, "อุดรธานี"))
    path = "/staff/leads/S40-TEST-0001/assign"
    assert client.post(path, data={"to": "me", "version": "0"}).status_code == 400
    csrf = token(client, "/staff/leads/S40-TEST-0001/")
    data = {"to": "me", "version": "0", "csrf_token": csrf}
    cross = client.post(path, data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403
    other = client.post(path, data=data, headers={"Origin": "https://evil.example"})
    assert other.status_code == 403
    assert console.stored("S40-TEST-0001").assigned_to is None
    assert (
        client.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    )


def test_every_answer_carries_the_strict_headers(console: Console) -> None:
    client = console.client(console.person(OFFICER, "อุดรธานี"))
    for path in ("/staff/login", "/staff/leads/", "/staff/nothing-here"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"


def test_paths_outside_the_console_get_no_session(console: Console) -> None:
    @console.app.get("/elsewhere")
    def elsewhere() -> str:
        return "x"

    answer = console.client().get("/elsewhere")
    assert answer.text == "x"
    assert "Set-Cookie" not in answer.headers
