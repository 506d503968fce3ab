"""Every two filters that the list offers, in every order, as its addresses carry them."""

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select

from db.campaigns import Campaign
from db.demo_people import WORDS
from db.lead_order import SORTS
from db.lead_search import Scope
from db.lead_tables import STATUSES, Registration
from db.registrations import AGE_BANDS
from db.rollups import thai_day
from db.session import reading

Filters = dict[str, str]


def every(engine: Engine, scope: Scope, chance: random.Random) -> Iterator[Filters]:
    """All pairs of all values that are tried, in all orders."""
    for one, other in itertools.combinations(_choices(engine, scope, chance), 2):
        for first, second in itertools.product(one, other):
            if first.items() <= second.items():
                continue
            for sort in SORTS:
                yield first | second | {"sort": sort}


def _choices(engine: Engine, scope: Scope, chance: random.Random) -> list[list[Filters]]:
    """Values of each filter, common and rare; the places lie in the scope."""
    today = thai_day(datetime.now(UTC))
    with reading(engine) as session:
        here = select(Registration.province, Registration.district, Registration.tambon)
        if scope.provinces is not None:
            here = here.where(Registration.province.in_(scope.provinces))
        found = session.execute(here.order_by(Registration.id.desc()).limit(500)).all()
        province, district, tambon = chance.choice(found)
        codes = session.scalars(select(Campaign.code).where(Campaign.province == province)).all()
        offices = session.scalars(
            here.where(Registration.office.is_not(None))
            .with_only_columns(Registration.office)
            .order_by(Registration.id.desc())
            .limit(1)
        ).all()
    town = {"province": province, "district": district}
    provinces = sorted({row[0] for row in found})
    weeks = ((today - timedelta(days=days + 6), today - timedelta(days=days)) for days in (0, 200))
    return [
        [{"status": one} for one in ("open", *STATUSES)],
        [{"province": one} for one in chance.sample(provinces, min(2, len(provinces)))],
        [town],
        [town | {"tambon": tambon}],
        [{"option": one} for one in ("1", "3", "unsure")],
        [{"occupation": one} for one in (*WORDS["occupations"][:2], "none")],
        [{"age_band": name} for _, name in AGE_BANDS],
        [{"channel": one} for one in ("chat", "form", "helper")],
        [{"campaign": chance.choice(list(codes))}],
        [{"waiting_days": days} for days in ("3", "30", "280")],
        [{"waiting_workdays": days} for days in ("3", "60")],
        [{"recent_days": days} for days in ("1", "30")],
        [{"office": office} for office in offices],
        [{"overdue": "1"}],
        [{"mine": "1"}],
        [{"created_from": str(first), "created_to": str(last)} for first, last in weeks],
    ]
