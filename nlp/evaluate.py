"""How well messages are understood: `python -m nlp evaluate FILE`, and the figures of the
model card.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nlp.classifier import Classifier, Mode
from nlp.corpus import EXAMPLES, Example, read, read_writer, splits
from nlp.engine import Engine
from nlp.intents import Intent
from nlp.understanding import Outcome, Understanding

TODAY = date(2026, 11, 25)
_BINS = 10


@dataclass(frozen=True, slots=True)
class Result:
    """One example and what was understood."""

    example: Example
    said: Understanding

    @property
    def accepted(self) -> set[Intent]:
        return {self.example.intent, *self.example.accept}

    @property
    def right(self) -> bool:
        """The reading reported is right."""
        return self.said.intent in self.accepted

    @property
    def offered(self) -> bool:
        """The right reading is the one reported or among the choices."""
        choices = {self.said.intent, *self.said.suggestions, *(o.intent for o in self.said.others)}
        return bool(self.accepted & choices)

    @property
    def confidently_wrong(self) -> bool:
        """A wrong answer was given without asking."""
        return self.said.outcome is Outcome.ANSWER and not self.right


def results_of(examples: Sequence[Example], engine: Engine) -> list[Result]:
    """Every example understood by itself."""
    return [Result(example, engine.understand(example.text, today=TODAY)) for example in examples]


def figures(results: Sequence[Result]) -> dict[str, float]:
    """The scores by which the product is judged, as shares of 1."""
    inside = [r for r in results if r.example.intent is not Intent.OUT_OF_SCOPE]
    outside = [r for r in results if r.example.intent is Intent.OUT_OF_SCOPE]
    return {
        "top-1 right": _share(r.right for r in results),
        "top-1 right, in scope": _share(r.right for r in inside),
        "right among those offered": _share(r.offered for r in inside),
        "confidently wrong": _share(r.confidently_wrong for r in results),
        "named wrong": _share(
            not r.right and r.said.intent is not Intent.OUT_OF_SCOPE for r in results
        ),
        "asked back": _share(r.said.outcome is Outcome.ASK for r in results),
        "out of scope kept out": _share(
            r.said.outcome is not Outcome.ANSWER or r.right for r in outside
        ),
        "out of scope named so": _share(r.said.intent is Intent.OUT_OF_SCOPE for r in outside),
        "calibration error": calibration_error(results),
    }


def _share(flags: object) -> float:
    values = list(flags)  # type: ignore[call-overload]  # any iterable of bools
    return sum(values) / len(values) if values else float("nan")


def bins(results: Sequence[Result]) -> list[tuple[float, float, int]]:
    """Mean confidence, share right and size of each tenth of the confidence scale."""
    groups: dict[int, list[Result]] = defaultdict(list)
    for result in results:
        groups[min(_BINS - 1, int(result.said.confidence * _BINS))].append(result)
    return [
        (
            sum(r.said.confidence for r in group) / len(group),
            _share(r.right for r in group),
            len(group),
        )
        for _, group in sorted(groups.items())
    ]


def calibration_error(results: Sequence[Result]) -> float:
    """Expected calibration error over ten equal bins."""
    return sum(abs(sure - right) * size for sure, right, size in bins(results)) / max(
        1, len(results)
    )


def by(results: Sequence[Result], key: str) -> dict[str, tuple[float, int]]:
    """Share right and number, for each value of an example's field."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[str(getattr(result.example, key))].append(result)
    return {
        name: (_share(r.right for r in group), len(group)) for name, group in sorted(groups.items())
    }


def confusions(results: Sequence[Result], most: int = 25) -> list[tuple[str, str, int]]:
    """Pairs (meant, understood) that are mixed up most."""
    wrong = Counter((r.example.intent.value, r.said.intent.value) for r in results if not r.right)
    return [(meant, understood, count) for (meant, understood), count in wrong.most_common(most)]


def examples_from(what: str) -> list[Example]:
    """A JSONL file, a split, or one writer's folder."""
    if Path(what).is_file():
        rows = [
            json.loads(line)
            for line in Path(what).read_text(encoding="utf-8").splitlines()
            if line.strip()
        ]
        return [
            Example(
                row["text"],
                Intent(row["intent"]),
                tuple(Intent(name) for name in row.get("accept", ())),
                persona=row.get("persona", ""),
                manner=row.get("manner", ""),
            )
            for row in rows
        ]
    if what in splits():
        return read(what)
    found = read_writer(what) if (EXAMPLES / what).is_dir() else []
    if not found:
        raise SystemExit(f"{what}: no such file, split or folder of examples")
    return found


def table(results: Sequence[Result]) -> str:
    """All of it, to read."""
    lines = [f"{len(results)} messages"]
    lines += [f"  {name:28}{value:8.3f}" for name, value in figures(results).items()]
    for key in ("manner", "persona", "intent"):
        lines.append(f"right by {key}:")
        lines += [
            f"  {name:28}{right:8.3f}{count:6}"
            for name, (right, count) in by(results, key).items()
            if name
        ]
    lines.append("mixed up (meant → understood):")
    lines += [
        f"  {meant} → {understood}: {count}" for meant, understood, count in confusions(results)
    ]
    return "\n".join(lines)


def evaluate(what: str, mode: str) -> str:
    """The figures of a file, split or folder, to read."""
    return table(results_of(examples_from(what), Engine(Classifier.open(Mode(mode)))))
