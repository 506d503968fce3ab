"""The written examples: who wrote them, how, and which may be trained on."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.intents import Intent

EXAMPLES = Path(__file__).parent / "examples"
MANNERS = (
    "plain",
    "colloquial",
    "isan",
    "northern",
    "southern",
    "typo",
    "elliptical",
    "story",
    "no_question",
    "english",
    "numerals",
    "voice",
    "poor_thai",
    "negative",
    "two_sentences",
)


@dataclass(frozen=True, slots=True)
class Example:
    """An utterance with the intent a Thai officer would give it; `accept` are readings as good."""

    text: str
    intent: Intent
    accept: tuple[Intent, ...] = ()
    writer: str = ""
    persona: str = ""
    manner: str = ""


def splits() -> dict[str, list[str]]:
    """Which writers' folders are for training, development and the final test."""
    return tomllib.loads((EXAMPLES / "splits.toml").read_text(encoding="utf-8"))


def read(*split_names: str) -> list[Example]:
    """All examples of these splits, in a fixed order."""
    writers = [w for name in split_names for w in splits()[name]]
    return [example for writer in writers for example in read_writer(writer)]


def read_writer(writer: str) -> list[Example]:
    """One writer's examples; a folder that isn't there is an empty one."""
    return [
        example
        for intent in Intent
        for path in [EXAMPLES / writer / f"{intent}.txt"]
        if path.exists()
        for example in _lines(path, intent, writer)
    ]


def _lines(path: Path, intent: Intent, writer: str) -> Iterator[Example]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            yield parse(line, intent, writer)
        except ValueError as error:
            raise ValueError(f"{path}:{number}: {error}") from error


def parse(line: str, intent: Intent, writer: str) -> Example:
    """``persona|manner|text[|also=intent,intent]``."""
    persona, manner, *rest = line.split("|")
    if manner not in MANNERS:
        raise ValueError(f"no such manner: {manner}")
    also: tuple[Intent, ...] = ()
    if len(rest) > 1 and rest[-1].startswith("also="):
        also = tuple(Intent(name.strip()) for name in rest.pop()[5:].split(",") if name.strip())
    return Example("|".join(rest).strip(), intent, also, writer, persona, manner)
