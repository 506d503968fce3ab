"""Cost of an answer, from its templates to LINE's JSON: `python -m tests.bench.answers`."""

import time
from datetime import date

from bot.line.render import render
from handlers.answering import shown
from handlers.replies import Replies
from nlp.answers import answer
from nlp.intents import Intent
from nlp.understanding import Entities

TODAY = date(2026, 11, 25)
ASKED = (
    Entities(),
    Entities(option=3, months=8, days=5, in_hospital=True),
    Entities(on=date(2025, 12, 1), option=2, months=70),
    Entities(schemes=("nsf", "gold_card"), age=62),
)
ROUNDS = 50


def times_us() -> list[float]:
    """Microseconds of each answer, all questions and entities in turn, in order of size."""
    for intent in Intent:
        for entities in ASKED:
            answer(intent, entities, today=TODAY)
    times = []
    for _ in range(ROUNDS):
        for intent in Intent:
            for entities in ASKED:
                started = time.perf_counter_ns()
                told = answer(intent, entities, today=TODAY)
                render(Replies(tuple(shown(told)), told.next), "https://bot.example")
                times.append((time.perf_counter_ns() - started) / 1000)
    return sorted(times)


def main() -> None:
    """Print the figures."""
    times = times_us()
    median, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"answers: {len(times)} rendered, p50 {median:.0f} µs, p99 {p99:.0f} µs")  # noqa: T201  # a bench prints


if __name__ == "__main__":
    main()
