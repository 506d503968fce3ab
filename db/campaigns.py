"""Campaigns: a code for a village, group, volunteer or event, and who came by it.

A code is seven random letters and a check letter (Luhn over the same alphabet), so that neither a
slip of the pen nor a guess lands in someone else's figures.
"""

import secrets
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from stdnum import luhn

from db import tallies
from db.base import Base
from db.tallies import place_key
from db.types import UtcDateTime

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 O 1 I L U: they are read for one another. An even number of letters: Luhn then notices every
single slip."""
RANDOM_LETTERS = 7
KINDS = ("province", "district", "tambon", "village", "group", "volunteer", "event")


class Campaign(Base):
    """One printed code and what it stands for."""

    __tablename__ = "campaigns"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    province: Mapped[str] = mapped_column(String(60), index=True)
    district: Mapped[str] = mapped_column(String(60), default="")
    tambon: Mapped[str] = mapped_column(String(60), default="")
    village: Mapped[str] = mapped_column(String(80), default="")
    target: Mapped[int] = mapped_column(Integer, default=0)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    parent: Mapped[str | None] = mapped_column(ForeignKey("campaigns.code"))
    created_by: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @property
    def place_key(self) -> str:
        """The place under which its figures are filed."""
        return place_key(self.province, self.district, self.tambon)

    @property
    def place(self) -> str:
        """The place as people say it, smallest first."""
        parts = (
            self.village,
            self.tambon and f"ต.{self.tambon}",
            self.district and f"อ.{self.district}",
            f"จ.{self.province}",
        )
        if self.province == "กรุงเทพมหานคร":
            parts = (
                self.village,
                self.tambon and f"แขวง{self.tambon}",
                self.district and f"เขต{self.district}",
                "กรุงเทพฯ",
            )
        return " ".join(part for part in parts if part)


def normalise(code: str) -> str | None:
    """The code as kept, from what a person typed; None when its check letter does not fit."""
    kept = "".join(letter for letter in code.upper() if letter.isalnum())
    if len(kept) != RANDOM_LETTERS + 1 or any(letter not in ALPHABET for letter in kept):
        return None
    return kept if luhn.is_valid(kept, alphabet=ALPHABET) else None


def letters(count: int) -> str:
    """Letters that nobody guesses and hardly anybody misreads."""
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def new_code() -> str:
    """A fresh code with its check letter."""
    body = letters(RANDOM_LETTERS)
    return body + str(luhn.calc_check_digit(body, alphabet=ALPHABET))


def create(
    session: Session,
    *,
    kind: str,
    name: str,
    province: str,
    district: str = "",
    tambon: str = "",
    village: str = "",
    target: int = 0,
    starts_on: date,
    ends_on: date | None = None,
    created_by: int | None = None,
    now: datetime,
) -> Campaign:
    """A new campaign with a code of its own. Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of campaign: {kind}")
    campaign = Campaign(
        code=new_code(),
        kind=kind,
        name=name,
        province=province,
        district=district,
        tambon=tambon,
        village=village,
        target=target,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=created_by,
        created_at=now,
    )
    session.add(campaign)
    session.flush()
    tallies.open_code(session, campaign.code, campaign.place_key)
    return campaign


def find(session: Session, code: str, on: date) -> Campaign | None:
    """The campaign behind a code as typed, if it is good and runs on that day."""
    kept = normalise(code)
    campaign = session.get(Campaign, kept) if kept else None
    if campaign is None or on < campaign.starts_on:
        return None
    return campaign if campaign.ends_on is None or on <= campaign.ends_on else None


def by_province(
    session: Session,
    provinces: tuple[str, ...] | None,
    district: str = "",
    *,
    limit: int,
    skip: int = 0,
) -> list[Campaign]:
    """Campaigns of these provinces (None: of all), perhaps of one district, newest first."""
    newest = (Campaign.created_at.desc(), Campaign.name, Campaign.code)
    query = select(Campaign).order_by(*newest).offset(skip).limit(limit)
    if provinces is not None:
        query = query.where(Campaign.province.in_(provinces))
    if district:
        query = query.where(Campaign.district == district)
    return list(session.scalars(query))
