"""A shared location: the province its address names, else the one whose capital is nearest."""

import csv
import math
import re
from functools import cache
from pathlib import Path

import geothai

from handlers.steps.places import province_of

BORDERS = (5.5, 20.6, 97.2, 105.8)
"""South, north, west, east of Thailand, a little generous."""
_PROVINCE = re.compile(r"(?:จ\.|จังหวัด)\s*([\u0e00-\u0e7f]+)")


def province_at(latitude: float, longitude: float, address: str) -> str | None:
    """The likely province: a guess to be confirmed. None outside Thailand."""
    named = _named(address)
    if named:
        return named
    south, north, west, east = BORDERS
    if not (south <= latitude <= north and west <= longitude <= east):
        return None
    code = min(_capitals(), key=lambda c: _distance(_capitals()[c], latitude, longitude))
    found = geothai.province(code)
    return found.name_th if found else None


def _named(address: str) -> str | None:
    marked = _PROVINCE.search(address)
    words = (
        [marked[1]] if marked else re.sub(r"\d+|,|ประเทศไทย|Thailand", " ", address).split()[-2:]
    )
    return next((p for word in reversed(words) if len(word) > 2 and (p := province_of(word))), None)


def _distance(capital: tuple[float, float], latitude: float, longitude: float) -> float:
    """Good enough to compare: degrees, with the longitude shortened as it is that far north."""
    lat, lon = capital
    return math.hypot(lat - latitude, (lon - longitude) * math.cos(math.radians(lat)))


@cache
def _capitals() -> dict[str, tuple[float, float]]:
    """Province code → about where its capital lies."""
    path = Path(__file__).parent / "provinces.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["code"]: (float(row["lat"]), float(row["lon"])) for row in rows}
