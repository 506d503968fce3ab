"""Campaign codes and targets for made-up leads, so that the outreach pages show something."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import geothai
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import campaigns, targets
from db.campaigns import Campaign
from db.demo_people import WORDS
from db.rollups import thai_day
from db.tallies import place_key

KINDS = ("province", "event", "volunteer", "group")
"""What the names in demo.toml are, in their order."""
BEGAN = timedelta(days=300)
WANTED = 60
"""Members a district wants by the end of the year."""


def ensure(session: Session, provinces: Sequence[str], now: datetime) -> None:
    """Codes and targets for those of these provinces (all, if none is named) that have no code."""
    there = codes(session)
    today = thai_day(now)
    wanted = []
    for province in geothai.provinces():
        name = province.name_th
        if name in there or (provinces and name not in provinces):
            continue
        districts = [one.name_th for one in geothai.districts(province.code)]
        for kind, words in zip(KINDS, WORDS["campaigns"], strict=True):
            whole = kind == "province"
            campaigns.create(
                session,
                kind=kind,
                name=f"{words}{name}" if whole else words,
                province=name,
                district="" if whole else districts[0],
                target=WANTED,
                starts_on=today - BEGAN,
                now=now,
            )
        end = date(today.year, 12, 31)
        wanted += [targets.Wanted(place_key(name, one), WANTED, end) for one in districts]
    targets.load(session, wanted)


def codes(session: Session) -> dict[str, list[str]]:
    """The codes of each province; an empty one stands for nobody's."""
    found: dict[str, list[str]] = {}
    for code, province in session.execute(select(Campaign.code, Campaign.province)):
        found.setdefault(province, ["", "", ""]).append(code)
    return found
