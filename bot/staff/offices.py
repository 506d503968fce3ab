"""Which offices somebody may be bound to, and a lead handed to: those of provinces with several.

In a province with one office, the province says it all.
"""

from collections.abc import Iterable
from functools import cache

from nlp.offices import Office, offices_in, provinces

COMMON = "สำนักงานประกันสังคม"
"""How all names begin: in a list of choices it only hides what tells them apart."""


@cache
def several() -> tuple[Office, ...]:
    """The offices of all provinces that have more than one."""
    found = (offices_in(name) for name in provinces())
    return tuple(office for offices in found if len(offices) > 1 for office in offices)


def choices_in(places: Iterable[str]) -> list[tuple[str, str]]:
    """Id and short name of the offices to choose from in these provinces."""
    wanted = set(places)
    return [
        (office.id, office.name.removeprefix(COMMON))
        for office in several()
        if office.province in wanted
    ]


def provinces_of(ids: Iterable[str]) -> set[str]:
    """The provinces in which these offices lie."""
    wanted = set(ids)
    return {office.province for office in several() if office.id in wanted}
