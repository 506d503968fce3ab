"""No question of the console reads a table whole that grows with the number of people.

Few rows are enough: PostgreSQL reads a table whole then only where no index narrows it, and SQLite
is told that there are a thousand times as many.
"""

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pytest
from flask import request, request_started
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from werkzeug.test import TestResponse

from bot.staff.pages import bulk
from bot.staff.spreadsheet import Export, batches
from db import bulk_jobs, demo, erasure, lead_search, questions
from db.base import Base
from db.bulk_jobs import Wish
from db.campaigns import Campaign
from db.lead_cells import cell
from db.lead_search import Filters, Scope
from db.lead_tables import Registration
from db.session import reading, transaction
from db.staff import Role
from tests.bench import console_pairs
from tests.bench.console_plans import Questions
from tests.web.conftest import Console, console_on, token

pytestmark = pytest.mark.db
LEADS, PAIRS, TIMES = 300, 60, 1_000
BANGKOK, UDON = "กรุงเทพมหานคร", "อุดรธานี"
BY_HAND = frozenset(
    {
        *("staff", "saved_views", "staff_sessions", "sign_in_failures", "bulk_jobs"),
        *("answer_rewordings", "model_releases", "broadcasts", "broadcast_batches"),
        *("outreach_targets", "outreach_target_uploads", "group_chats"),
        *("data_keys", "job_runs", "line_account", "quota_days"),
    }
)
"""What members of staff make, or what there is one of a day: these may be read whole."""
GROWING = frozenset(Base.metadata.tables) - BY_HAND
WHO = {
    "admin": (Role.ADMIN, (), ()),
    "officer": (Role.OFFICER, (BANGKOK, UDON, "ขอนแก่น"), ()),
    "office": (Role.SUPERVISOR, (BANGKOK,), ("BKK03",)),
    "viewer": (Role.VIEWER, (UDON,), ()),
    "auditor": (Role.AUDITOR, (), ()),
    "editor": (Role.EDITOR, (UDON,), ()),
}
PAGES = (
    *("/staff/", "/staff/leads/", "/staff/next", "/staff/requests/", "/staff/bulk/"),
    *("/staff/export/", "/staff/questions/", "/staff/answers/", "/staff/answers/facts"),
    *("/staff/answers/benefit_maternity/", "/staff/people/", "/staff/people/1/", "/staff/account/"),
    *("/staff/wordings/new/benefit_maternity?variant=base&style=text", "/staff/news/"),
    *(
        "/staff/news/new",
        "/staff/news/new?province=" + UDON,
        "/staff/board/",
        f"/staff/board/?province={UDON}",
        "/staff/board/targets",
    ),
    *("/staff/campaigns/", "/staff/campaigns/new", "/staff/campaigns/{code}/"),
    *("/staff/campaigns/{code}/queue/", "/staff/campaigns/posters.pdf", "/staff/leads/{lead}/"),
    *(f"/staff/dashboard/?days={days}" for days in (7, 30, 365)),
    f"/staff/dashboard/?days=365&province={BANGKOK}",
    "/staff/dashboard/figures.csv?days=365",
    *("/staff/audit/", "/staff/audit/?staff=1", "/staff/audit/?reference={lead}"),
    "/staff/audit/?staff=1&since=2026-11-01&until=2026-11-20",
    *("/staff/audit/?action=reveal", "/staff/audit/?action=reveal&staff=1&before=900"),
)
SEARCHED = ("phone", "id_number", "first_name")
SEEN_ELSEWHERE = frozenset(
    {
        *("staff.static", "staff.requests.show", "staff.wordings.show", "staff.broadcast.show"),
        *("staff.campaigns.poster", "staff.campaigns.card", "staff.campaigns.picture"),
    }
)
"""One row by its key, or no row at all."""


@dataclass(frozen=True)
class Full:
    """The console with leads of all provinces, and those who work with it, signed in."""

    console: Console
    clients: Mapping[str, FlaskClient]


@pytest.fixture
def full(engine: Engine) -> Full:
    """As above."""
    console = console_on(engine)
    people = {
        name: console.person(role, *provinces, offices=offices)
        for name, (role, provinces, offices) in WHO.items()
    }
    demo.make(engine, LEADS, console.clock())
    with transaction(engine) as session:
        for number in range(40):
            questions.note(session, f"q{number}", f"ถามที่ {number}", "refused", console.clock())
    _many(engine)
    return Full(console, {name: console.client(person) for name, person in people.items()})


def _many(engine: Engine) -> None:
    """Tell SQLite of many rows; on PostgreSQL its questions are looked at otherwise."""
    if engine.dialect.name != "sqlite":
        return
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
        for table, index, stat in connection.execute(text("SELECT * FROM sqlite_stat1")).all():
            numbers = " ".join(n if n == "1" else str(int(n) * TIMES) for n in stat.split())
            connection.execute(
                text("UPDATE sqlite_stat1 SET stat = :stat WHERE tbl = :table AND idx IS :index"),
                {"stat": numbers, "table": table, "index": index},
            )
    engine.pool.dispose()  # what is opened from now on reads them


def test_no_page_reads_a_growing_table_whole(full: Full) -> None:
    engine, app = full.console.engine, full.console.app
    asked, seen = Questions(engine), set[str]()

    def note(_app: object, **_more: object) -> None:
        seen.add(request.endpoint or "")

    with request_started.connected_to(note, app):
        for name, client in full.clients.items():
            _, provinces, offices = WHO[name]
            asks = _pages(full.console)
            if name in ("admin", "officer", "office"):
                asks += _work(full.console, client, Scope(provinces or None, offices))
            with asked.of(name):
                for ask in asks:
                    assert ask(client).status_code < 500
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("staff.") and "GET" in (rule.methods or ())
    }
    assert pages - seen == SEEN_ELSEWHERE
    _none_whole(asked)


def _none_whole(asked: Questions) -> None:
    whole = asked.without_index(GROWING)
    if whole:
        pytest.fail("\n".join(["read whole:", *whole]), pytrace=False)


Ask = Callable[[FlaskClient], TestResponse]


def _pages(console: Console) -> list[Ask]:
    with reading(console.engine) as session:
        lead = session.scalar(select(Registration.reference).where(Registration.province == UDON))
        code = session.scalar(select(Campaign.code).where(Campaign.kind == "event"))
    paths = (page.format(lead=lead, code=code) for page in PAGES)
    return [partial(FlaskClient.get, path=path) for path in paths]


def _work(console: Console, client: FlaskClient, scope: Scope) -> list[Ask]:
    """Lists by two filters in all orders, searches, next leads."""
    chance = random.Random(1)
    pairs = list(console_pairs.every(console.engine, scope, chance))
    with reading(console.engine) as session:
        some = session.scalars(lead_search.leads(scope).limit(10)).all()
        words = [(one.reference, *(cell(session, one, part) for part in SEARCHED)) for one in some]
    csrf = {"csrf_token": token(client, "/staff/account/")}
    asks: list[Ask] = [
        partial(FlaskClient.get, path="/staff/leads/", query_string=filters)
        for filters in chance.sample(pairs, PAIRS)
    ]
    asks += [
        partial(FlaskClient.post, path="/staff/leads/search", data={"words": word, **csrf})
        for word in filter(None, itertools.chain(*words))
    ]
    asks += [partial(FlaskClient.post, path="/staff/next", data=csrf)] * 3
    return asks


def test_no_work_behind_the_pages_reads_a_growing_table_whole(full: Full) -> None:
    engine, now = full.console.engine, full.console.clock()
    asked = Questions(engine)
    with asked.of("bulk"):
        for filters in (Filters(status="new"), Filters(province=UDON, overdue=True)):
            with transaction(engine) as session:
                wish = Wish("close", "withdrawn:other", filters, Scope(None))
                job = bulk_jobs.ask(session, wish, 1, 1, now)
                assert bulk.work(session, now) > 0
                bulk_jobs.stop(session, job, now)
    with asked.of("export"):
        for scope in (Scope(None), Scope((UDON,)), Scope((BANGKOK,), ("BKK03",))):
            export = Export(scope, Filters(status="member"), False, "mark", now)
            for _session, _leads in batches(engine, export):
                break
    _none_whole(asked)


def test_erasing_a_person_reads_no_growing_table_whole(full: Full) -> None:
    engine, now = full.console.engine, full.console.clock()
    asked = Questions(engine)
    with reading(engine) as session:
        some = session.scalars(select(Registration).limit(3)).all()
        users = [cell(session, lead, "owner_id") for lead in some]
    with asked.of("erase"), transaction(engine) as session:
        for user in users:
            erasure.erase(session, user, now)
    _none_whole(asked)


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("SELECT count(*) FROM registrations", True),
        ("SELECT id FROM registrations ORDER BY version LIMIT 5", True),
        ("SELECT id FROM registrations ORDER BY id DESC LIMIT 5", False),
        ("SELECT id FROM registrations WHERE reference = 'x'", False),
    ],
)
def test_a_question_that_reads_whole_is_seen(engine: Engine, question: str, *, whole: bool) -> None:
    asked = Questions(engine)
    with asked.of("guard"), reading(engine) as session:
        session.execute(text(question))
    assert len(asked.without_index(GROWING)) == whole
