"""A turn: events in order, one that fails is counted, one that floods is told once."""

import time

from bot.turns import (
    DEADLY_TRIES,
    PENALTY,
    REST_MS,
    SLICE_S,
    TRIES,
    Decided,
    Read,
    Turn,
    new_state,
    take_turn,
    undo,
)
from db.inbox import PendingEvent
from handlers.effects import Effect, SetReachable

NOW = 1_800_000_000_000


class Echo:
    """Repeats; fails on `boom`; has an effect on `effect`."""

    def read(self, event: PendingEvent) -> Read:
        return Read(token=f"token-{event.event_id}", metered=True)

    def decide(self, talk: str, state: str, event: PendingEvent, now_ms: int) -> Decided:
        words = event.payload.decode()
        if words == "boom":
            raise ValueError("boom")
        effects: tuple[Effect, ...] = (SetReachable(True),) if words == "effect" else ()
        return Decided(state + words, [{"type": "text", "text": words}], effects, "text")


def event(words: str, number: int = 0, attempts: int = 0, after_ms: int = 0) -> PendingEvent:
    return PendingEvent(f"e{number}", "U1", NOW + after_ms, NOW, attempts, words.encode())


def turn(*events: PendingEvent, burst: int = 0) -> Turn:
    return take_turn(Echo(), new_state("U1", burst, NOW), events, NOW, burst)


def test_events_are_decided_in_order() -> None:
    done = turn(event("a", 1), event("b", 2))
    assert (done.state.state, done.done, done.ready_ms) == ("ab", ["e1", "e2"], None)
    assert [row.position for row in done.rows] == [0, 1]


def test_a_failure_keeps_what_came_before_and_stops_there() -> None:
    done = turn(event("a", 1), event("boom", 2), event("c", 3))
    assert (done.state.state, done.done, done.failed) == ("a", ["e1"], ["e2"])
    assert done.ready_ms is not None
    assert done.ready_ms > NOW


def test_after_a_failure_events_go_one_by_one() -> None:
    done = turn(event("a", 1, attempts=1), event("b", 2))
    assert (done.done, done.ready_ms) == (["e1"], NOW + REST_MS)


def test_the_last_failure_gives_up_with_an_apology() -> None:
    done = turn(event("boom", 1, attempts=TRIES - 1))
    assert (done.dead, done.failed) == (["e1"], [])
    assert "1506" in done.rows[0].body.decode()


def test_an_event_that_keeps_killing_workers_is_given_up_unseen() -> None:
    assert turn(event("a", 1, attempts=DEADLY_TRIES)).dead == ["e1"]


def test_a_damaged_event_is_given_up() -> None:
    assert turn(event("", 1)).dead == ["e1"]


def test_what_follows_an_effect_waits_for_it_to_be_written() -> None:
    done = turn(event("effect", 1), event("b", 2))
    assert (done.done, done.ready_ms) == (["e1"], NOW)


class Thinker(Echo):
    """Thinks longer than a slice about each event."""

    def decide(self, talk: str, state: str, event: PendingEvent, now_ms: int) -> Decided:
        ends = time.thread_time() + SLICE_S * 1.5
        while time.thread_time() < ends:
            pass
        return super().decide(talk, state, event, now_ms)


def test_one_who_makes_us_think_long_lets_others_come_between() -> None:
    events = [event("a", 1), event("b", 2), event("c", 3)]
    first = take_turn(Thinker(), new_state("U1", 0, NOW), events, NOW, 0)
    assert first.done == ["e1"]
    assert first.ready_ms == NOW + REST_MS, "others first"
    last = take_turn(Thinker(), first.state, events[2:], NOW, 0)
    assert (last.done, last.ready_ms) == (["e3"], None)


def test_effects_that_fail_undo_the_turn_and_then_give_up() -> None:
    failing = event("effect", 1)
    done = turn(failing)
    undo(done, failing, ValueError())
    assert (done.done, done.rows, done.failed) == ([], [], ["e1"])
    assert done.state.state == ""
    last = event("effect", 1, attempts=TRIES - 1)
    done = turn(last)
    undo(done, last, ValueError())
    assert (done.dead, done.state.state, len(done.rows)) == (["e1"], "", 1)
    assert b"token-e1" in done.rows[0].body


def test_one_who_floods_is_told_once_and_then_passed_over() -> None:
    burst = 5
    done = turn(*(event("x", n) for n in range(burst + 4)), burst=burst)
    assert done.state.state == "x" * burst
    assert len(done.done) == burst + 4
    assert [row.event_id for row in done.rows] == [f"e{n}" for n in range(burst + 1)]
    assert done.state.allowance == -PENALTY


def test_the_allowance_comes_back_with_time() -> None:
    state = new_state("U1", 5, NOW)
    state.allowance = -PENALTY
    sent_later = [event("x", n, after_ms=60_000) for n in (1, 2)]
    assert take_turn(Echo(), state, sent_later, NOW + 60_000, 5).state.state == "xx"


def test_what_piled_up_while_the_bot_stood_still_is_no_flood() -> None:
    state = new_state("U1", 5, NOW)
    slowly = [event("x", n, after_ms=n * 1000) for n in range(30)]
    assert take_turn(Echo(), state, slowly, NOW + 60_000, 5).state.state == "x" * 30


def test_a_quick_talk_that_waits_for_each_answer_is_never_slowed() -> None:
    state = new_state("U1", 5, NOW)
    for number in range(50):
        state = take_turn(Echo(), state, [event("x", number)], NOW, 5).state
    assert state.state == "x" * 50


def test_ids_are_the_same_on_every_try() -> None:
    assert turn(event("a", 1)).rows[0].id == turn(event("a", 1)).rows[0].id
    assert turn(event("a", 1)).rows[0].id != turn(event("a", 2)).rows[0].id
