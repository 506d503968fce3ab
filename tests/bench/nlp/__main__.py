"""`make bench-nlp`: ours and peers on the test split, under typing noise, and the time taken."""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from nlp.classifier import Classifier, Mode
from nlp.corpus import Example, read
from nlp.engine import Engine
from tests.bench.nlp.memory import peak_mib
from tests.bench.nlp.noise import NOISES
from tests.bench.nlp.peers import PEERS, ask
from tests.bench.nlp.public import report

TODAY = date(2026, 11, 25)
NOISE_SEEDS = range(7, 12)

Figures = dict[str, Any]
"""By name; what is printed."""


def right(answers: Sequence[str], test: Sequence[Example]) -> float:
    """Share of first answers that are accepted."""
    return sum(a in (e.intent, *e.accept) for a, e in zip(answers, test, strict=True)) / len(test)


def ours(engine: Engine, test: Sequence[Example]) -> list[str]:
    """Our first answers."""
    return [engine.understand(example.text, today=TODAY).intent.value for example in test]


def speed(engine: Engine, test: Sequence[Example]) -> dict[str, float]:
    """CPU milliseconds of a whole `understand`, entities and all."""
    for example in test[:50]:
        engine.understand(example.text, today=TODAY)
    times = []
    for example in test:
        began = time.process_time()
        engine.understand(example.text, today=TODAY)
        times.append((time.process_time() - began) * 1000)
    return percentiles(times)


def percentiles(ms: Sequence[float]) -> dict[str, float]:
    """The middle one, and the one that one in a hundred exceeds."""
    cuts = statistics.quantiles(ms, n=100)
    return {"p50_ms": round(cuts[49], 2), "p99_ms": round(cuts[98], 2)}


def memory(test: Sequence[Example]) -> int:
    """The peak, in MiB, of `python -m nlp` once it has answered the test."""
    command = [sys.executable, "-m", "nlp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:  # noqa: S603  our own command
        if running.stdin is None or running.stdout is None:
            raise TypeError("both were asked for as pipes")
        for example in test:
            running.stdin.write(" ".join(example.text.split()).encode() + b"\n")
            running.stdin.flush()
            running.stdout.readline()
        peak = peak_mib(str(running.pid))
        running.stdin.close()
    return round(peak)


def figures_of(name: str, train: Sequence[Example], test: Sequence[Example]) -> Figures:
    """A peer's, or why there are none."""
    try:
        said = ask(name, train, test)
    except (OSError, subprocess.CalledProcessError) as error:
        return {"not measured": str(error)}
    return {
        "right": round(right(said.answers, test), 4),
        **percentiles(said.ms),
        "peak memory MiB": round(said.peak_mib),
        "seconds with learning": round(said.seconds),
    }


def times_as_fast(ours: Figures, theirs: Figures) -> Figures:
    """How many times our CPU time a message costs them."""
    return {
        name: round(theirs[name] / ours[name], 2) for name in ("p50_ms", "p99_ms") if name in theirs
    }


def noisy(test: Sequence[Example], noise: Callable[[str, Random], str], seed: int) -> list[Example]:
    """The same examples, typed badly."""
    random = Random(seed)
    return [replace(example, text=noise(example.text, random)) for example in test]


def lost_by(
    engine: Engine, test: Sequence[Example], noise: Callable[[str, Random], str], clean: float
) -> float:
    """How much less is right, over several draws: one alone is a matter of chance (±0.7 points)."""
    draws = [right(ours(engine, noisy(test, noise, seed)), test) for seed in NOISE_SEEDS]
    return round(clean - statistics.mean(draws), 4)


def our_figures(mode: Mode, test: Sequence[Example]) -> Figures:
    """Ours in this mode, as written and typed badly."""
    engine = Engine(Classifier.open(mode))
    clean = right(ours(engine, test), test)
    lost = {name: lost_by(engine, test, noise, clean) for name, noise in NOISES.items()}
    return {"right": round(clean, 4), **speed(engine, test), "points lost under noise": lost}


def compare(peers: Sequence[str]) -> Figures:
    """Ours and these peers on the test split."""
    train, test = read("train", "dev"), read("test")
    mine = {f"ours, {mode}": our_figures(mode, test) for mode in Mode}
    found: Figures = {"trained on": len(train), "tested on": len(test), **mine}
    found["ours, peak memory MiB"] = memory(test)
    for name in peers:
        found[name] = figures_of(name, train, test)
        for figures in mine.values():
            ratio = times_as_fast(figures, found[name])
            figures.setdefault("their CPU time, times ours", {})[name] = ratio
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--public", type=Path, help="a folder of Thai data of others: score on it")
    parser.add_argument("--e5", type=Path, help="e5-small-q4.bin, for --public with the encoder")
    chosen = parser.parse_args()
    if chosen.public:
        found = report(chosen.public, Engine(Classifier.open()), chosen.e5)
    else:
        found = compare(() if chosen.no_peers else list(PEERS))
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
