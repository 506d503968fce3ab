"""Short words that answers share: names of options and occupations, closing lines, labels."""

import tomllib
from functools import cache

from nlp.answering.content import FOLDER


@cache
def words() -> dict[str, dict[str, str]]:
    """content/words.toml, a table a group."""
    return tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))


def word(group: str, key: str, lang: str = "th") -> str:
    """A shared word in a language; Thai where the other language has none."""
    table = words()
    return (
        table.get(f"{group}_en", {}).get(key, table[group][key])
        if lang == "en"
        else table[group][key]
    )
