"""Groups in which the bot is a guest: the code they belong to, and whether they want a weekly
card.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Boolean, Date, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.campaigns import Campaign
from db.types import UtcDateTime


class GroupChat(Base):
    """A group of a community that gave its code."""

    __tablename__ = "group_chats"

    chat: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), default="")
    weekly: Mapped[bool] = mapped_column(Boolean, default=False)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    told_week: Mapped[date | None] = mapped_column(Date)


@dataclass(frozen=True, slots=True)
class Known:
    """What a group is known as."""

    code: str
    weekly: bool


def link(session: Session, chat: str, code: str, now: datetime) -> None:
    """The group says which code is its own; an unknown one changes nothing."""
    if session.get(Campaign, code) is not None:
        _row(session, chat, now).code = code


def ask_weekly(session: Session, chat: str, wanted: bool, now: datetime) -> None:
    """The group wants the weekly card, or no longer."""
    _row(session, chat, now).weekly = wanted


def known(session: Session, chat: str) -> Known:
    """What is known of a group."""
    found = session.get(GroupChat, chat)
    return Known(found.code, found.weekly) if found is not None else Known("", False)


def due_cards(session: Session, week: date, limit: int = 100) -> list[GroupChat]:
    """Groups that asked for the card and have not had this week's; they are marked as told."""
    query = (
        select(GroupChat)
        .where(
            GroupChat.weekly,
            GroupChat.code != "",
            (GroupChat.told_week.is_(None)) | (GroupChat.told_week < week),
        )
        .order_by(GroupChat.chat)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = list(session.scalars(query))
    for group in found:
        group.told_week = week
    return found


def forget(session: Session, chat: str) -> None:
    """The bot left, or was put out."""
    found = session.get(GroupChat, chat)
    if found is not None:
        session.delete(found)


def _row(session: Session, chat: str, now: datetime) -> GroupChat:
    found = session.get(GroupChat, chat)
    if found is None:
        found = GroupChat(chat=chat, since=now)
        session.add(found)
        session.flush()
    return found
