"""Every word of the console is there in Thai and in English."""

import tomllib
from importlib.resources import files
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from db import lead_work
from db.bulk_jobs import ACTIONS
from db.lead_tables import STATUSES
from db.staff import Role

STAFF = Path(str(files("bot.staff")))
CATALOGUE = STAFF / "translations" / "en" / "LC_MESSAGES"
HOW = [("**.py", "python"), ("templates/**.html", "jinja2")]


def test_everything_is_translated_and_nothing_is_left_over() -> None:
    said = {
        message for _, _, message, _, _ in extract_from_dir(STAFF, HOW) if isinstance(message, str)
    }
    with (CATALOGUE / "messages.po").open("rb") as file:
        known = {str(entry.id) for entry in read_po(file) if entry.id and entry.string}
    assert said - known == set()
    assert known - said == set()


def test_the_compiled_words_are_those_of_the_text_file() -> None:
    with (
        (CATALOGUE / "messages.po").open("rb") as text,
        (CATALOGUE / "messages.mo").open("rb") as made,
    ):
        wanted = {entry.id: entry.string for entry in read_po(text) if entry.id}
        found = {entry.id: entry.string for entry in read_mo(made) if entry.id}
    assert found == wanted


def test_every_id_has_its_words() -> None:
    words = tomllib.loads((STAFF / "labels.toml").read_text(encoding="utf-8"))
    for group, ids in {
        "status": STATUSES,
        "outcome": lead_work.OUTCOMES,
        "role": tuple(Role),
        "bulk_action": ACTIONS,
        **{f"reason_{status}": ids for status, ids in lead_work.REASONS.items()},
    }.items():
        assert set(words[group]) == set(ids), group
    for group, told in words.items():
        for key, pair in told.items():
            assert set(pair) == {"th", "en"}, f"{group}.{key}"
            assert all(pair.values()), f"{group}.{key}"
