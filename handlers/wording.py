"""The words of the flow's steps, from registration.toml: questions, refusals, options."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from handlers.steps.choices import Options

_STEP_KEYS = frozenset(
    [
        "version",
        "label",
        "label_en",
        "names",
        "ask",
        "easy",
        "en",
        "why",
        "why_en",
        "invalid",
        "more",
        "more_en",
        "options",
        "more_options",
    ]
)


@dataclass(frozen=True, slots=True)
class OptionWords:
    """An answer to tap, and the words (regular expressions) by which people say it."""

    id: str
    label: str
    en: str
    words: tuple[str, ...]
    shown: bool = True
    """Has a button of its own; the others are only understood."""


@dataclass(frozen=True, slots=True)
class StepWords:
    """All words of one step."""

    id: str
    label: str
    label_en: str
    names: tuple[str, ...]
    ask: str
    easy: str
    en: str
    why: str
    why_en: str
    invalid: Mapping[str, tuple[str, ...]]
    more: Mapping[str, tuple[str, ...]]
    more_en: Mapping[str, str]
    options: tuple[OptionWords, ...]

    def title(self, lang: str) -> str:
        return self.label_en if lang == "en" else self.label

    def question(self, lang: str, easy: bool) -> str:
        if lang == "en":
            return self.en
        return self.easy if easy and self.easy else self.ask

    def option_label(self, value: str, lang: str) -> str | None:
        """The label of an option's id; None for anything else."""
        found = next((o for o in self.options if o.id == value), None)
        if found is None:
            return None
        return found.en if lang == "en" else found.label


@cache
def steps() -> dict[str, StepWords]:
    """The words of all steps, checked once."""
    raw = tomllib.loads((Path(__file__).parent / "registration.toml").read_text(encoding="utf-8"))
    return {step_id: _step(step_id, table) for step_id, table in raw.items()}


def consent_version() -> str:
    """The version of the consent text: stored with every consent."""
    raw = tomllib.loads((Path(__file__).parent / "registration.toml").read_text(encoding="utf-8"))
    version: str = raw["consent"]["version"]
    return version


def options(step_id: str, *, numbered: bool = True, free: bool = False) -> Options:
    """The spellings of a step's options, for its parser."""
    words = {o.id: o.words for o in steps()[step_id].options}
    return Options(words, numbered=numbered, free=free)


def _step(step_id: str, table: Mapping[str, Any]) -> StepWords:
    unknown = set(table) - _STEP_KEYS
    if unknown:
        raise ValueError(f"registration.toml [{step_id}]: unknown keys {sorted(unknown)}")
    return StepWords(
        id=step_id,
        label=table["label"],
        label_en=table["label_en"],
        names=tuple(table.get("names", ())),
        ask=table["ask"],
        easy=table.get("easy", ""),
        en=table["en"],
        why=table.get("why", ""),
        why_en=table.get("why_en", ""),
        invalid={code: tuple(words) for code, words in table.get("invalid", {}).items()},
        more={code: tuple(words) for code, words in table.get("more", {}).items()},
        more_en=dict(table.get("more_en", {})),
        options=(
            *_options(table.get("options", {}), shown=True),
            *_options(table.get("more_options", {}), shown=False),
        ),
    )


def _options(table: Mapping[str, Any], *, shown: bool) -> tuple[OptionWords, ...]:
    return tuple(
        OptionWords(key, o["label"], o["en"], tuple(o["words"]), shown) for key, o in table.items()
    )
