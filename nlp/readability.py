"""How easy the answers read: sentence length, and the share of officialese."""

import statistics
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from pythainlp.tokenize import word_tokenize

from nlp.answering.compose import fill_all
from nlp.answering.content import FOLDER, content
from nlp.facts import facts_on
from nlp.intents import Intent


@dataclass(frozen=True, slots=True)
class Readability:
    """One variant of an answer: words a sentence (median), and official words among all."""

    name: str
    words_a_sentence: float
    longest: int
    officialese: float

    def __str__(self) -> str:
        return (
            f"{self.words_a_sentence:5.1f} words a sentence, longest {self.longest:3},"
            f" officialese {self.officialese:5.1%}  {self.name}"
        )


def readability_report(today: date) -> list[Readability]:
    """Every variant of every answer as it reads under the law of a day, hardest first."""
    facts = facts_on(today)
    rows = []
    for intent in Intent:
        for key, last, variant in content(intent).every():
            shown = facts_on(last) if last else facts
            texts, _ = fill_all(variant.text, shown, "th", _Blank())
            rows.append(
                measure(f"{intent.value} {key}" + (f" until {last}" if last else ""), texts)
            )
    return sorted(rows, key=lambda row: (row.words_a_sentence, row.officialese), reverse=True)


def measure(name: str, texts: Iterable[str]) -> Readability:
    """The readability of some texts; a line, or a part between spaces and ค่ะ, is a sentence."""
    sentences = [tokens for text in texts for tokens in _sentences(text)]
    lengths = [len(tokens) for tokens in sentences] or [0]
    words = [token for tokens in sentences for token in tokens]
    official = sum(token in _officialese() for token in words)
    return Readability(
        name, statistics.median(lengths), max(lengths), official / max(1, len(words))
    )


def _sentences(text: str) -> list[list[str]]:
    parts = text.replace("ค่ะ", "ค่ะ\n").replace("นะคะ", "นะคะ\n").split("\n")
    cut = [word_tokenize(part, engine="newmm", keep_whitespace=False) for part in parts]
    return [tokens for tokens in cut if tokens]


@cache
def _officialese() -> frozenset[str]:
    words = tomllib.loads((FOLDER / "officialese.toml").read_text(encoding="utf-8"))
    return frozenset(words["words"])


class _Blank(dict[str, int | str]):
    """Stands for the values of a question: a short number for each."""

    def __missing__(self, key: str) -> str:
        return "9"
