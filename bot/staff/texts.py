"""The canned texts officers may send, with places for what changes; they live in texts.toml."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Canned:
    """One text: its id, its name in the list, its words."""

    id: str
    name: str
    words: str


CANNED: tuple[Canned, ...] = tuple(
    Canned(key, told["name"], told["words"])
    for key, told in tomllib.loads(
        (files("bot.staff") / "texts.toml").read_text(encoding="utf-8")
    ).items()
)
BY_ID = {text.id: text for text in CANNED}
