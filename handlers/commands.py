"""Command words: what a person types, or a button does, whatever else is going on."""

import re
import tomllib
from functools import cache
from pathlib import Path

from handlers.steps.text import clean, plain
from nlp.language import language_of

_CLAIM = re.compile(r"^(?:รับเรื่อง|claim)\s*:?\s*([0-9A-Za-z\- ]{8,60})$", re.IGNORECASE)
_INVITATION = re.compile(r"^(?:อาสา|volunteer)\s*:?\s*([0-9A-Za-z\- ]{20,40})$", re.IGNORECASE)
_CAMPAIGN = re.compile(r"^(?:รหัส|โค้ด|code)\s*:?\s*([0-9a-z][0-9a-z\- ]{5,16})$")
_BARE_CODE = re.compile(r"^[0-9a-z]{4}[\- ]?[0-9a-z]{4}$")
BOT_NAME = re.compile(r"@?(?:น้อง|นอง)\s?(?:สี่สิบ|40|๔๐)|nong\s?sisip", re.IGNORECASE)


@cache
def patterns(group: str) -> dict[str, re.Pattern[str]]:
    """The expressions of a table of commands.toml."""
    raw = tomllib.loads((Path(__file__).parent / "commands.toml").read_text(encoding="utf-8"))
    return {key: re.compile("|".join(words), re.IGNORECASE) for key, words in raw[group].items()}


def command(text: str, *, in_form: bool) -> str:
    """The command that the whole message is; empty: it is none."""
    said = plain(text)
    known = patterns("anywhere") | (patterns("in_form") if in_form else {})
    return next((name for name, words in known.items() if words.fullmatch(said)), "")


def language(text: str, now: str) -> str:
    """The language of a message; what is neither Thai nor plain English changes nothing."""
    return language_of(text) or now


def yes_or_no(text: str) -> bool | None:
    """A plain yes or no to a question of ours; None: neither."""
    said = plain(text)
    if patterns("answer")["no"].fullmatch(said):
        return False
    return True if patterns("answer")["yes"].fullmatch(said) else None


def claim_code(text: str) -> str:
    """The hand-over code of «รับเรื่อง …»; empty: none."""
    found = _CLAIM.match(clean(text))
    return _letters(found[1]) if found else ""


def campaign_code(text: str) -> str:
    """The poster's code of «รหัส …»; empty: none."""
    found = _CAMPAIGN.match(plain(text))
    return _letters(found[1]) if found else ""


def volunteer_code(text: str) -> str:
    """The invitation of «อาสา …»; empty: none."""
    found = _INVITATION.match(clean(text))
    return _letters(found[1]) if found else ""


def bare_code(text: str) -> str:
    """What could be a poster's code without the word «รหัส»; empty: it could not."""
    said = plain(text)
    return _letters(said) if _BARE_CODE.match(said) else ""


def _letters(code: str) -> str:
    return re.sub(r"[\s\-]", "", code).upper()
