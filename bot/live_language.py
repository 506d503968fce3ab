"""The model people talk to: the program's own, or one that learnt from questions staff labelled."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db import model_releases
from db.crypto import Unreadable
from db.session import reading
from nlp import ModelError
from nlp.artefact import fingerprint, unpacked
from nlp.engine import engine as language
from nlp.understanding import Topic, Understanding

LOOK_EVERY_S = 30.0
"""So soon every process talks with a new model, or with the old one again."""
log = logging.getLogger(__name__)


class LiveLanguage:
    """`understand` of the model in use; looks every half a minute which that is.

    A new one is read beside the talks: nobody waits for it, and what can't be read changes nothing.
    """

    def __init__(self, engine: Engine, ticks: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._ticks = ticks
        self._own = self._used = language()
        self._fingerprint = fingerprint()
        self._number: str | None = None
        self._looked_at = float("-inf")
        self._looking = threading.Lock()

    def understand(self, text: str, topic: Topic | None, today: date) -> Understanding:
        """What a message means."""
        if self._ticks() - self._looked_at >= LOOK_EVERY_S and self._looking.acquire(
            blocking=False
        ):
            self._looked_at = self._ticks()
            threading.Thread(target=self._look, name="model", daemon=True).start()
        return self._used.understand(text, topic, today)

    def _look(self) -> None:
        try:
            with reading(self._engine) as session:
                number = model_releases.in_use(session, self._fingerprint)
                if number == self._number:
                    return
                kept = model_releases.read(session, number) if number else None
            self._used = (
                self._own if kept is None else self._own.with_model(unpacked(kept, "a release"))
            )
            self._number = number
            log.info("another model is in use", extra={"model": number or "own"})
        except (SQLAlchemyError, Unreadable, ModelError) as error:
            log.warning("a model can't be read", extra={"error": type(error).__name__})
        finally:
            self._looking.release()
