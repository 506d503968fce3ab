"""All that a message names, and the message with it masked for the classifier."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from nlp.extract.children import find_child_ages
from nlp.extract.dates import find_dates
from nlp.extract.groups import find_benefit, find_occupation, find_schemes, in_hospital
from nlp.extract.illness import find_spell
from nlp.extract.options import find_options
from nlp.extract.places import find_places
from nlp.extract.quantities import find_quantities, is_sick
from nlp.extract.spans import Sign, Span, masked, overlaps
from nlp.facts import facts_on
from nlp.understanding import Entities

_SECTION_40 = re.compile(r"มาตรา 40(?! ?[0-9(])")
"""Not the sub-sections of the Revenue Code, such as 40(8)."""

CALLED_AFTER = 30
"""What the gold card is called after; nothing of Section 40 costs as much."""


@dataclass(frozen=True, slots=True)
class Found:
    """entities: what was named. masked: the text with a sign for each."""

    entities: Entities
    masked: str


@lru_cache(maxsize=8)
def _prices(today: date) -> Mapping[int, int]:
    """Baht a month → option: people call an option by what it costs."""
    facts = facts_on(today)
    return {facts[f"contribution.option{option}"]: option for option in (1, 2, 3)}


def find(text: str, today: date) -> Found:
    """Read a normalised message."""
    options, option_spans = find_options(text, _prices(today))
    dates, date_spans = find_dates(text, today)
    place, place_spans = find_places(text)
    taken = [*option_spans, *date_spans, *place_spans]
    taken += [
        Span(one.start(), one.end(), Sign.SECTION)
        for one in _SECTION_40.finditer(text)
        if not overlaps(one.start(), one.end(), taken)
    ]
    numbers, number_spans = find_quantities(text, taken)
    schemes, spell = find_schemes(text), find_spell(text)
    days = numbers.days if numbers.days is not None or not is_sick(text) else dates.days
    entities = Entities(
        option=options[0] if len(options) == 1 else None,
        options=options,
        age=dates.age if dates.age is not None else numbers.age,
        birth_date=dates.birth_date,
        months=numbers.months,
        missed=numbers.missed,
        amount=_amount(numbers.amount, options, schemes, today),
        days=days if spell.stay_days is None else spell.stay_days,
        in_hospital=in_hospital(text) if spell.stay_days is None else True,
        rest_days=spell.rest_days,
        visits=spell.visits,
        children=numbers.children,
        child_ages=find_child_ages(text),
        on=dates.on,
        on_words=dates.on_words,
        province=place.province,
        district=place.district,
        tambon=place.tambon,
        occupation=find_occupation(text),
        benefit=find_benefit(text),
        schemes=schemes,
    )
    return Found(entities, masked(text, [*taken, *number_spans]))


def _amount(
    amount: int | None, options: tuple[int, ...], schemes: tuple[str, ...], today: date
) -> int | None:
    """«อัน 70 กับอัน 100» names two options, «สามสิบบาท» the gold card: no amount."""
    names_options = len(options) > 1 and amount in _prices(today)
    names_card = "gold_card" in schemes and amount == CALLED_AFTER
    return None if names_options or names_card else amount
