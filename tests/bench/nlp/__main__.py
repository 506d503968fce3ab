"""`make bench-nlp`: ours and peers on the test split, under typing noise, and the time taken."""

import argparse
import json
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from nlp.classifier import Classifier, Mode
from nlp.corpus import Example, read
from nlp.engine import Engine
from tests.bench.nlp.noise import NOISES
from tests.bench.nlp.peers import PEERS, PLACE, first_answers
from tests.bench.nlp.public import report

TODAY = date(2026, 11, 25)


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
    cuts = statistics.quantiles(times, n=100)
    return {"p50_ms": round(cuts[49], 2), "p99_ms": round(cuts[98], 2)}


def noisy(test: Sequence[Example], noise: Callable[[str, Random], str]) -> list[Example]:
    """The same examples, typed badly."""
    random = Random(7)
    return [replace(example, text=noise(example.text, random)) for example in test]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--public", type=Path, help="a folder of Thai data of others: score on it")
    parser.add_argument("--e5", type=Path, help="e5-small-q4.bin, for --public with the encoder")
    chosen = parser.parse_args()
    if chosen.public:
        engine = Engine(Classifier.open())
        print(json.dumps(report(chosen.public, engine, chosen.e5), ensure_ascii=False, indent=1))
        return
    train, test = read("train", "dev"), read("test")
    found: dict[str, object] = {"trained on": len(train), "tested on": len(test)}
    for mode in Mode:
        engine = Engine(Classifier.open(mode))
        clean = right(ours(engine, test), test)
        lost = {
            name: round(clean - right(ours(engine, noisy(test, noise)), test), 4)
            for name, noise in NOISES.items()
        }
        found[f"ours, {mode}"] = {
            "right": round(clean, 4),
            **speed(engine, test),
            "lost under noise": lost,
        }
    found["peak memory MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for name in () if chosen.no_peers else PEERS:
        try:
            answers, seconds = first_answers(name, train, test)
            found[name] = {"right": round(right(answers, test), 4), "seconds": round(seconds)}
        except (OSError, subprocess.CalledProcessError) as error:
            found[name] = f"not measured: {error}"
    print(json.dumps(found, ensure_ascii=False, indent=1))
    PLACE.mkdir(parents=True, exist_ok=True)
    Path(PLACE / "result.json").write_text(
        json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
