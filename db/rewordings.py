"""Answers reworded by staff: written by one, approved by another, told from a day on.

What is told at a place is the newest approved wording whose day has come and that nobody took
back; taking it back brings the one before, in the end the words of the file. Which words may stand
there is not this module's business.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.lead_tables import BigId
from db.types import UtcDateTime

DRAFT, APPROVED, REFUSED, TAKEN_BACK = "draft", "approved", "refused", "taken_back"


class NotAllowed(Exception):
    """The step does not fit where the wording stands; `code` names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AnswerRewording(Base):
    """Other words for one place of an answer."""

    __tablename__ = "answer_rewordings"
    __table_args__ = (
        Index("ix_answer_rewordings_page", "page", "id"),
        Index("ix_answer_rewordings_state", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    page: Mapped[str] = mapped_column(String(40))
    variant: Mapped[str] = mapped_column(String(60))
    until: Mapped[date | None] = mapped_column(Date)
    """The last day of the older law the words are for; none: today's."""
    style: Mapped[str] = mapped_column(String(8))
    instead_of: Mapped[str] = mapped_column(String(64))
    """The fingerprint of the file's words; with other words in the file it no longer counts."""
    words_json: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12), default=DRAFT)
    written_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def words(self) -> tuple[str, ...]:
        """A bubble each."""
        return tuple(json.loads(self.words_json))


@dataclass(frozen=True, slots=True)
class Where:
    """A place of an answer, as the table names it."""

    page: str
    variant: str
    until: date | None
    style: str


def draft(
    session: Session,
    where: Where,
    instead_of: str,
    words: Sequence[str],
    from_on: date,
    author: int,
    now: datetime,
) -> AnswerRewording:
    """Keep new words, to be approved."""
    row = AnswerRewording(
        page=where.page,
        variant=where.variant,
        until=where.until,
        style=where.style,
        instead_of=instead_of,
        words_json=json.dumps(list(words), ensure_ascii=False),
        from_on=from_on,
        state=DRAFT,
        written_by=author,
        written_at=now,
    )
    session.add(row)
    session.flush()
    return row


def decide(session: Session, number: int, by: int, now: datetime, *, approved: bool) -> None:
    """Approve or refuse a draft. Nobody approves their own; refusing one's own is fine."""
    row = session.get(AnswerRewording, number)
    if row is None or row.state != DRAFT:
        raise NotAllowed("decided_already")
    if approved and row.written_by == by:
        raise NotAllowed("own")
    _step(session, number, DRAFT, APPROVED if approved else REFUSED, decided_by=by, decided_at=now)


def take_back(session: Session, number: int, by: int, now: datetime) -> None:
    """Tell what was told before."""
    _step(session, number, APPROVED, TAKEN_BACK, taken_back_by=by, taken_back_at=now)


def told_on(session: Session, day: date) -> list[AnswerRewording]:
    """What is told on a day, one for each place."""
    wanted = (
        select(AnswerRewording)
        .where(AnswerRewording.state == APPROVED, AnswerRewording.from_on <= day)
        .order_by(AnswerRewording.from_on, AnswerRewording.decided_at, AnswerRewording.id)
    )
    last = {(r.page, r.variant, r.until, r.style): r for r in session.scalars(wanted)}
    return list(last.values())


def of_page(session: Session, page: str) -> list[AnswerRewording]:
    """Everything ever written for a page, newest first."""
    wanted = select(AnswerRewording).where(AnswerRewording.page == page)
    return list(session.scalars(wanted.order_by(AnswerRewording.id.desc())))


def drafts(session: Session) -> list[AnswerRewording]:
    """What waits for a second person, oldest first."""
    wanted = select(AnswerRewording).where(AnswerRewording.state == DRAFT)
    return list(session.scalars(wanted.order_by(AnswerRewording.id)))


def _step(session: Session, number: int, old: str, new: str, **told: object) -> None:
    """Two at once: only one of them finds the old state."""
    row = AnswerRewording
    changed = (
        update(row)
        .where(row.id == number, row.state == old)
        .values(state=new, **told)
        .returning(row.id)
    )
    if session.scalar(changed) is None:
        raise NotAllowed("decided_already")
