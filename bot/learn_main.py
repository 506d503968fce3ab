"""`python -m bot learn`: train the model that was wished for on the questions page, and judge it.

The jobs start it, in a process of its own, since it takes minutes and much memory.
"""

import os
import sys
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.config import config_or_end
from bot.logs import set_up_logs
from db import model_releases, questions
from db.keyring import unlock
from db.locks import OnlyOne
from db.model_releases import FAILED, REFUSED, RELEASED
from db.session import make_engine, transaction
from nlp.artefact import FOLDER, Model, fingerprint, load, packed, unpacked
from nlp.corpus import Example, read
from nlp.encoder.runtime import Encoder
from nlp.intents import Intent
from nlp.teach import Marks, Taught, teach


def learn(
    engine: Engine, examples: list[Example], test: list[Example], encoder: Encoder | None
) -> str | None:
    """Train and judge what was wished for; what became of it, or none: nothing to do."""
    alone = OnlyOne(engine, "learning")
    if not alone.mine():
        return None
    try:
        with transaction(engine) as session:
            lessons = [Example(text, Intent(name)) for text, name in questions.labelled(session)]
            own = fingerprint()
            number = model_releases.start(session, own, len(lessons), datetime.now(UTC))
            used = _used(session, own)
        if number is None:
            return None
        state, taught = FAILED, None
        try:
            taught = teach(used, lessons, examples, test, encoder)
            state = RELEASED if taught.better else REFUSED
        finally:
            with transaction(engine) as session:
                kept = packed(taught.model) if taught and state == RELEASED else None
                figures = _figures(taught) if taught else {}
                model_releases.end(session, number, state, figures, kept, datetime.now(UTC))
        return state
    finally:
        alone.release()


def _used(session: Session, own: str) -> Model:
    number = model_releases.in_use(session, own)
    return unpacked(model_releases.read(session, number), number) if number else load()


def _figures(taught: Taught) -> dict[str, object]:
    def pair(both: tuple[Marks, Marks]) -> dict[str, object]:
        old, new = both
        return {
            "lines": new.lines,
            "right": [old.right, new.right],
            "wrong": [old.wrong, new.wrong],
        }

    return {"learnt": taught.learnt, "test": pair(taught.test), "kept": pair(taught.kept)}


def main() -> int:
    """The command."""
    config = config_or_end()
    set_up_logs()
    os.nice(15)
    engine = unlock(make_engine(config.database_url), config.outer_keys)
    encoder = Encoder(FOLDER) if (FOLDER / "encoder.onnx").exists() else None
    state = learn(engine, read("train", "dev"), read("test"), encoder)
    print(f"learning: {state or 'nothing was wished for'}")  # noqa: T201  the command's output
    return 0


if __name__ == "__main__":
    sys.exit(main())
