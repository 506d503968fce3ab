"""Models taught with questions that staff labelled: wished for, trained, released or refused.

In use is the newest released one that extends the model the program brings; taking it back brings
the one before. The model is kept sealed, since its words come from what people wrote.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base
from db.questions import UnansweredQuestion
from db.session import keys
from db.staff import Staff
from db.types import UtcDateTime

WISHED, TRAINING, RELEASED, REFUSED, TAKEN_BACK, FAILED = (
    "wished",
    "training",
    "released",
    "refused",
    "taken_back",
    "failed",
)
LONGEST = timedelta(hours=2)
"""A training that is older was killed."""
KEPT = 3
"""So many models are kept, the others only with their figures."""
ENOUGH = 20
"""So many more (or fewer) labelled questions are worth a training of their own accord."""
_OPEN = (WISHED, TRAINING)


class ModelRelease(Base):
    """One training and what became of it."""

    __tablename__ = "model_releases"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    """None: of its own accord."""
    state: Mapped[str] = mapped_column(String(12), default=WISHED)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    questions: Mapped[int] = mapped_column(default=0)
    """Labelled ones there were."""
    extends: Mapped[str] = mapped_column(String(64), default="")
    """The fingerprint of the program's own model."""
    marks_json: Mapped[str] = mapped_column(Text, default="{}")
    model: Mapped[bytes | None] = mapped_column(
        LargeBinary, info={"sealed_by": "id"}, deferred=True
    )

    @property
    def marks(self) -> dict[str, Any]:
        """Figures before and after."""
        found: dict[str, Any] = json.loads(self.marks_json)
        return found

    def was_killed(self, now: datetime) -> bool:
        """Whether the training can't be going on any more."""
        return self.state == TRAINING and (self.started_at or self.asked_at) < now - LONGEST


def wish(session: Session, by: int | None, now: datetime) -> bool:
    """Ask for a training; no: one is under way."""
    _end_killed(session, now)
    if session.scalar(select(func.count()).where(ModelRelease.state.in_(_OPEN))):
        return False
    session.add(ModelRelease(id=f"{now:%Y%m%dT%H%M%S%f}", asked_at=now, asked_by=by, state=WISHED))
    session.flush()
    return True


def wished(session: Session) -> bool:
    """Whether somebody waits for a training to start."""
    return bool(session.scalar(select(func.count()).where(ModelRelease.state == WISHED)))


def worth_it(session: Session) -> bool:
    """Whether enough was labelled since the last training."""
    last = session.scalar(
        select(ModelRelease.questions)
        .where(ModelRelease.ended_at.is_not(None))
        .order_by(ModelRelease.asked_at.desc())
        .limit(1)
    )
    return abs(labelled(session) - (last or 0)) >= ENOUGH


def labelled(session: Session) -> int:
    """How many questions have a label."""
    wanted = select(func.count()).where(UnansweredQuestion.label.is_not(None))
    return session.scalar(wanted) or 0


def start(session: Session, extends: str, questions: int, now: datetime) -> str | None:
    """Begin what was wished for; none: nothing was."""
    row = session.scalar(select(ModelRelease).where(ModelRelease.state == WISHED).limit(1))
    if row is None:
        return None
    row.state, row.started_at, row.extends, row.questions = TRAINING, now, extends, questions
    session.flush()
    return row.id


def end(
    session: Session,
    number: str,
    state: str,
    marks: Mapping[str, Any],
    model: bytes | None,
    now: datetime,
) -> None:
    """Say what became of it. model: of a released one."""
    row = session.get(ModelRelease, number)
    if row is None or row.state != TRAINING:
        return
    row.state, row.ended_at = state, now
    row.marks_json = json.dumps(dict(marks))
    if model is not None:
        row.model = keys(session).seal_bytes(model, _place(number))
    session.flush()
    old = (
        select(ModelRelease.id)
        .where(ModelRelease.model.is_not(None))
        .order_by(ModelRelease.asked_at.desc())
        .offset(KEPT)
    )
    session.execute(
        update(ModelRelease)
        .where(ModelRelease.id.in_(list(session.scalars(old))))
        .values(model=None)
    )


def in_use(session: Session, extends: str) -> str | None:
    """The release that is talked to; none: the program's own model."""
    return session.scalar(
        select(ModelRelease.id)
        .where(
            ModelRelease.state == RELEASED,
            ModelRelease.extends == extends,
            ModelRelease.model.is_not(None),
        )
        .order_by(ModelRelease.asked_at.desc())
        .limit(1)
    )


def read(session: Session, number: str) -> bytes:
    """The model of a release. Raises Unreadable."""
    row = session.get_one(ModelRelease, number)
    return keys(session).open_bytes(row.model or b"", _place(number))


def take_back(session: Session, number: str) -> bool:
    """Talk to the model before; no: it was not in use any more."""
    changed = (
        update(ModelRelease)
        .where(ModelRelease.id == number, ModelRelease.state == RELEASED)
        .values(state=TAKEN_BACK)
        .returning(ModelRelease.id)
    )
    return session.scalar(changed) is not None


def newest(session: Session, most: int = 5) -> list[ModelRelease]:
    """The last trainings, newest first."""
    wanted = select(ModelRelease).order_by(ModelRelease.asked_at.desc()).limit(most)
    return list(session.scalars(wanted))


def _end_killed(session: Session, now: datetime) -> None:
    for row in session.scalars(select(ModelRelease).where(ModelRelease.state == TRAINING)):
        if row.was_killed(now):
            row.state, row.ended_at = FAILED, now


def _place(number: str) -> str:
    return f"model_releases|model|{number}"
