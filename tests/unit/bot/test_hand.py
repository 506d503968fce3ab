"""What a worker has in hand: per talk in order, one call in flight, nothing started twice."""

from dataclasses import replace

import orjson

from bot import metrics
from bot.courier import Result
from bot.delivery import Budget
from bot.hand import Hand, Start
from bot.line.errors import LineError, Verdict
from db.outbox import SENT, TRYING, WAITING, Outgoing

NOW = 1_800_000_000_000
PLENTY = Budget(limit=1000, used=0)


def row(talk: str, position: int, status: int = WAITING, channel: str = "") -> Outgoing:
    body = orjson.dumps({"token": f"t{position}", "messages": []})
    return Outgoing(
        id=f"{talk}-{position}",
        talk=talk,
        position=position,
        event_id=f"{talk}-{position}",
        kind="message",
        body=body,
        received_ms=NOW,
        status=status,
        channel=channel,
    )


def started(hand: Hand, now_ms: int = NOW) -> list[Start]:
    starts, _ = hand.start(now_ms, PLENTY)
    return starts


def names(starts: list[Start]) -> set[str]:
    return {start.row.id for start in starts}


def fine(start: Start) -> Result:
    return Result(start.row, start.way, None)


def test_a_talk_waits_for_its_first_row_and_others_do_not() -> None:
    hand = Hand()
    hand.take([row("a", 0), row("a", 1), row("b", 0)])
    first = started(hand)
    assert names(first) == {"a-0", "b-0"}
    assert started(hand) == []
    marks = hand.settle([fine(first[0]), fine(first[1])], NOW)
    assert {mark.status for mark in marks} == {SENT}
    assert names(started(hand)) == {"a-1"}


def test_a_started_row_says_which_way_before_the_call() -> None:
    hand = Hand()
    hand.take([row("a", 0)])
    (start,) = started(hand)
    assert (start.row.status, start.row.channel, start.way) == (TRYING, "reply", "reply")


def test_a_row_that_must_wait_holds_its_talk_until_it_is_due() -> None:
    hand = Hand()
    hand.take([row("a", 0), row("a", 1)])
    (start,) = started(hand)
    refused = LineError(Verdict.AGAIN, retry_after_s=10)
    hand.settle([Result(start.row, start.way, refused)], NOW)
    assert started(hand, NOW + 9_000) == []
    due = hand.next_due_ms()
    assert due is not None
    assert due >= NOW + 10_000
    assert names(started(hand, due)) == {"a-0"}


def test_a_row_found_trying_is_unsure_and_repeated_with_its_token() -> None:
    hand = Hand()
    hand.take([row("a", 0, TRYING, "reply")])
    (start,) = started(hand)
    (mark,) = hand.settle([Result(start.row, "reply", LineError(Verdict.BAD_TOKEN))], NOW + 1000)
    assert (mark.status, mark.outcome) == (SENT, "arrived_before")


def test_taking_a_row_twice_changes_nothing() -> None:
    hand = Hand()
    hand.take([row("a", 0)])
    (start,) = started(hand)
    hand.take([replace(start.row)])
    assert len(hand) == 1
    assert started(hand) == []


def test_answers_for_a_talk_that_was_lost_are_passed_over() -> None:
    hand = Hand()
    hand.take([row("a", 0)])
    (start,) = started(hand)
    hand.drop("a")
    assert hand.settle([fine(start)], NOW) == []
    assert (len(hand), hand.flying, hand.holds("a")) == (0, 0, False)


def test_a_person_who_unblocks_is_pushed_to_again() -> None:
    hand = Hand()
    hand.know_blocked(["a"], {"a"})
    hand.take([replace(row("a", 0), body=b"{}")])
    starts, ended = hand.start(NOW, PLENTY)
    assert (starts, [one.outcome for one in ended]) == ([], ["blocked"])
    hand.know_blocked(["a"], set())
    hand.take([replace(row("a", 1), body=b"{}")])
    assert [start.way for start in started(hand)] == ["push"]


def test_messages_that_end_unsure_are_counted() -> None:
    def counted() -> float:
        return float(metrics.UNSURE._value.get())

    before = counted()
    hand = Hand()
    hand.take([row("a", 0, TRYING, "reply"), row("b", 0, TRYING, "reply")])
    first, _ = started(hand, NOW + 50_000)
    spent = LineError(Verdict.BAD_TOKEN, status=400)
    hand.settle([Result(first.row, first.way, spent)], NOW + 50_000)
    assert counted() == before + 1, "the token may have been over already"
    assert started(hand, NOW + 3_600_000) == []
    assert counted() == before + 1, "the other is still under way"
    hand = Hand()
    hand.take([row("c", 0, TRYING, "reply")])
    assert started(hand, NOW + 3_600_000) == []
    assert counted() == before + 2, "its minute is over"
