"""Questions the bot could not answer, for the content editors; masked before they get here."""

from datetime import datetime

from sqlalchemy import ColumnElement, Index, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.session import keys
from db.types import UtcDateTime

COUNT_CAP, LEARNT = 1_000, 5_000
"""How far the waiting are counted; of how many labelled ones a training learns."""


class UnansweredQuestion(Base):
    """One question, without the one who asked it."""

    __tablename__ = "unanswered_questions"
    __table_args__ = (Index("ix_unanswered_questions_label", "label", "asked_at"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    question: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed_by": "id"})
    outcome: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    label: Mapped[str | None] = mapped_column(String(40))
    """The intent an editor gave it."""


def note(session: Session, key: str, question: str, outcome: str, now: datetime) -> None:
    """Keep a question once; `key` comes from its event."""
    if session.get(UnansweredQuestion, key) is None:
        sealed = keys(session).seal(
            question[:500], table="unanswered_questions", column="question", row=key
        )
        session.add(UnansweredQuestion(id=key, question=sealed, outcome=outcome[:20], asked_at=now))
        session.flush()


def read(session: Session, row: UnansweredQuestion) -> str:
    """The words of the question."""
    return keys(session).open(
        row.question, table="unanswered_questions", column="question", row=row.id
    )


def waiting(session: Session) -> int:
    """How many have no label, counted up to the cap."""
    return _counted(session, UnansweredQuestion.label.is_(None), COUNT_CAP)


def taught(session: Session) -> int:
    """How many a training would learn from."""
    return _counted(session, UnansweredQuestion.label.is_not(None), LEARNT)


def _counted(session: Session, which: ColumnElement[bool], most: int) -> int:
    some = select(UnansweredQuestion.id).where(which).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def labelled(session: Session, most: int = LEARNT) -> list[tuple[str, str]]:
    """Questions with the intent an editor gave them, newest first."""
    wanted = (
        select(UnansweredQuestion)
        .where(UnansweredQuestion.label.is_not(None))
        .order_by(UnansweredQuestion.asked_at.desc(), UnansweredQuestion.id)
        .limit(most)
    )
    return [(read(session, row), row.label or "") for row in session.scalars(wanted)]
