"""Reply or push, and what an answer of LINE means: every case of the plan."""

from dataclasses import replace

import orjson
import pytest

from bot.delivery import (
    CALL,
    KEY_LIFE_MS,
    LATE_MS,
    LONGEST_WAIT_MS,
    PUSH,
    REPLY,
    REPLY_FIRST_MS,
    SURELY_LIVES_MS,
    TOKEN_LIFE_MS,
    Budget,
    Step,
    plan,
    settle,
)
from bot.line.errors import LineError, Verdict
from db.outbox import DROPPED, FAILED, LEAVE, MENU, SENT, TRYING, UNSURE, WAITING, Outgoing

NOW = 1_800_000_000_000
PLENTY = Budget(limit=1000, used=0)


def row(age_ms: int = 0, *, channel: str = "", kind: str = "message", **more: object) -> Outgoing:
    made = Outgoing(
        id="id",
        talk="U1",
        position=0,
        event_id=str(more.pop("event_id", "01H")),
        kind=kind,
        body=b"{}",
        received_ms=NOW - age_ms,
        channel=channel,
    )
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("age_ms", "token", "expected"),
    [
        (0, True, Step(REPLY)),
        (REPLY_FIRST_MS - 1, True, Step(REPLY)),
        (REPLY_FIRST_MS, True, Step(PUSH)),
        (0, False, Step(PUSH)),
        (LATE_MS, False, Step(PUSH)),
        (LATE_MS + 1, False, Step(status=DROPPED, outcome="late")),
    ],
)
def test_a_first_try_replies_while_the_token_is_young(
    age_ms: int, token: bool, expected: Step
) -> None:
    assert plan(row(age_ms), NOW, PLENTY, has_token=token, unsure=False) == expected


@pytest.mark.parametrize(
    ("age_ms", "channel", "expected"),
    [
        (TOKEN_LIFE_MS - 1, REPLY, Step(REPLY)),
        (TOKEN_LIFE_MS, REPLY, Step(status=UNSURE, outcome="token_over")),
        (KEY_LIFE_MS - 1, PUSH, Step(PUSH)),
        (KEY_LIFE_MS, PUSH, Step(status=UNSURE, outcome="key_over")),
    ],
)
def test_an_unsure_try_is_repeated_the_same_way_and_never_the_other(
    age_ms: int, channel: str, expected: Step
) -> None:
    spent = Budget(limit=0, used=0)
    unsure = row(age_ms, channel=channel)
    assert plan(unsure, NOW, spent, has_token=True, unsure=True) == expected


@pytest.mark.parametrize(
    ("used", "event_id", "way"),
    [
        (849, "reminder-1", PUSH),
        (850, "reminder-1", ""),
        (949, "01H", PUSH),
        (950, "01H", ""),
        (999, "staff-1", PUSH),
        (1000, "staff-1", ""),
    ],
)
def test_what_matters_less_leaves_a_part_of_the_month_to_what_matters_more(
    used: int, event_id: str, way: str
) -> None:
    budget = Budget(limit=1000, used=used)
    step = plan(row(event_id=event_id), NOW, budget, has_token=False, unsure=False)
    assert step.way == way
    assert step.status == (TRYING if way else DROPPED)


@pytest.mark.parametrize("kind", [MENU, LEAVE])
def test_menus_and_leaving_are_plain_calls(kind: str) -> None:
    assert plan(row(kind=kind), NOW, PLENTY, has_token=False, unsure=False) == Step(CALL)


def test_a_body_that_cannot_be_read_is_not_sent() -> None:
    damaged = replace(row(), body=b"")
    assert plan(damaged, NOW, PLENTY, has_token=True, unsure=False).status == FAILED


def end(verdict: Verdict | None, way: str, *, unsure: bool = False, age_ms: int = 0) -> Outgoing:
    error = LineError(verdict, status=1) if verdict else None
    return settle(row(age_ms), way, error, NOW, unsure=unsure).row


@pytest.mark.parametrize("way", [REPLY, PUSH, CALL])
def test_taken_is_sent(way: str) -> None:
    assert end(None, way).status == SENT
    assert end(None, way).channel == way


@pytest.mark.parametrize("way", [REPLY, PUSH])
def test_surely_not_delivered_waits_and_may_change_the_way(way: str) -> None:
    after = end(Verdict.AGAIN, way)
    assert (after.status, after.channel, after.attempts) == (WAITING, "", 1)
    assert after.due_ms > NOW


@pytest.mark.parametrize("verdict", [Verdict.UNSURE, Verdict.AGAIN])
def test_a_refusal_after_an_unsure_try_stays_unsure(verdict: Verdict) -> None:
    settled = settle(row(), REPLY, LineError(verdict), NOW, unsure=True)
    assert settled.unsure
    assert (settled.row.status, settled.row.channel) == (TRYING, REPLY)


def test_a_dead_token_after_an_unsure_try_means_it_arrived() -> None:
    assert end(Verdict.BAD_TOKEN, REPLY, unsure=True, age_ms=10_000).status == SENT


def test_a_dead_token_that_may_just_be_old_stays_unsure() -> None:
    assert end(Verdict.BAD_TOKEN, REPLY, unsure=True, age_ms=SURELY_LIVES_MS).status == UNSURE


def test_a_token_is_as_old_as_its_event_however_late_its_webhook_was_read() -> None:
    body = orjson.dumps({"token": "t", "born": NOW - SURELY_LIVES_MS, "messages": []})
    late = replace(row(), body=body, received_ms=NOW)
    found = settle(late, REPLY, LineError(Verdict.BAD_TOKEN), NOW, unsure=True)
    assert found.row.status == UNSURE


def test_a_dead_token_at_the_first_try_is_pushed_at_once() -> None:
    settled = settle(row(), REPLY, LineError(Verdict.BAD_TOKEN), NOW, unsure=False)
    assert settled.spent
    assert (settled.row.status, settled.row.due_ms) == (WAITING, NOW)


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.QUOTA])
def test_a_refusal_for_good_ends_it(verdict: Verdict) -> None:
    after = end(verdict, PUSH)
    assert after.status == FAILED
    assert str(verdict) in after.outcome


def test_retry_after_is_obeyed_and_waits_grow_to_a_bound() -> None:
    told = LineError(Verdict.AGAIN, retry_after_s=30)
    assert settle(row(), PUSH, told, NOW, unsure=False).row.due_ms >= NOW + 30_000
    late = settle(row(attempts=50), PUSH, LineError(Verdict.AGAIN), NOW, unsure=False).row
    assert NOW + LONGEST_WAIT_MS * 0.7 < late.due_ms < NOW + LONGEST_WAIT_MS * 1.3


def test_a_menu_is_tried_a_few_times_only() -> None:
    error = LineError(Verdict.UNSURE)
    assert settle(row(kind=MENU), CALL, error, NOW, unsure=False).row.status == WAITING
    assert settle(row(kind=MENU, attempts=3), CALL, error, NOW, unsure=False).row.status == FAILED


def test_one_who_blocked_the_account_is_answered_but_not_pushed_to() -> None:
    def step(token: bool) -> Step:
        return plan(row(), NOW, PLENTY, has_token=token, unsure=False, reachable=False)

    assert step(token=True) == Step(REPLY)
    assert step(token=False) == Step(status=DROPPED, outcome="blocked")
