"""The few sentences of bot/words.toml."""

import tomllib
from pathlib import Path

WORDS: dict[str, str] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)


def text_message(key: str, **values: object) -> dict[str, str]:
    """One LINE text message with these words."""
    return {"type": "text", "text": WORDS[key].format(**values)}
