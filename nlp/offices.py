"""The social security offices by province: names only, for nothing else about them is confirmed."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = Path(__file__).parent / "content" / "offices.csv"
BANGKOK = "กรุงเทพมหานคร"
_ALIASES = {
    "กรุงเทพ": BANGKOK,
    "กรุงเทพฯ": BANGKOK,
    "กทม": BANGKOK,
    "กทม.": BANGKOK,
    "โคราช": "นครราชสีมา",
}


@dataclass(frozen=True, slots=True)
class Office:
    """An office: its id, name and province (Thai name without the word จังหวัด)."""

    id: str
    name: str
    province: str


@cache
def _by_province() -> dict[str, tuple[Office, ...]]:
    found: dict[str, list[Office]] = {}
    with PATH.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            office = Office(row["office_id"], row["name_th"], row["province_th"])
            found.setdefault(office.province, []).append(office)
    return {province: tuple(offices) for province, offices in found.items()}


def offices_in(province: str) -> tuple[Office, ...]:
    """The offices that take applications in a province; empty for an unknown name."""
    name = province.strip().removeprefix("จังหวัด")
    return _by_province().get(_ALIASES.get(name, name), ())


def provinces() -> tuple[str, ...]:
    """All provinces with an office."""
    return tuple(_by_province())
