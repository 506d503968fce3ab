"""Labelled questions are learnt, examined, released to every process or refused, and taken back."""

import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.learn_main import learn
from bot.live_language import LOOK_EVERY_S, LiveLanguage
from db import model_releases, questions
from db.questions import UnansweredQuestion
from db.session import reading, transaction
from nlp import artefact
from nlp.corpus import Example, read
from nlp.intents import Intent
from nlp.teach import is_kept_apart

pytestmark = pytest.mark.db
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
ASKED = [f"อยากได้ตะกร้าหวายป้าแจ๋ว{end}" for end in ("", "ครับ", "จ้า", "มาก", "ด่วน", "หน่อย", "นะ")]


def some_of(split: str, each: int) -> list[Example]:
    """So many examples of each intent."""
    seen: Counter[Intent] = Counter()
    found = []
    for example in read(split):
        seen[example.intent] += 1
        if seen[example.intent] <= each:
            found.append(example)
    return found


@pytest.fixture(scope="module")
def few() -> list[Example]:
    """What a quick training needs: a little of everything."""
    return some_of("train", 4)


@pytest.fixture
def labelled(engine: Engine) -> Engine:
    """Questions with a label that nobody could guess."""
    with transaction(engine) as session:
        for number, words in enumerate(ASKED):
            questions.note(session, f"q/{number}", words, "unknown", NOW)
            session.get_one(UnansweredQuestion, f"q/{number}").label = Intent.PROJECT_INFO
        assert model_releases.wish(session, None, NOW)
    return engine


def newest(engine: Engine) -> model_releases.ModelRelease:
    with reading(engine) as session:
        return model_releases.newest(session)[0]


def wait_for(live: LiveLanguage, clock: list[float], wanted: Intent) -> bool:
    """Whether a question comes to mean this within some seconds."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        clock[0] += LOOK_EVERY_S + 1
        if live.understand(ASKED[0], None, TODAY).intent is wanted:
            return True
        time.sleep(0.05)
    return False


def test_what_was_learnt_is_sealed_and_used_by_running_processes_until_it_is_taken_back(
    labelled: Engine, few: list[Example]
) -> None:
    clock = [0.0]
    live = LiveLanguage(labelled, lambda: clock[0])
    before = live.understand(ASKED[0], None, TODAY).intent
    assert before is not Intent.PROJECT_INFO
    assert learn(labelled, few, [], None) == "released"
    assert wait_for(live, clock, Intent.PROJECT_INFO)
    with reading(labelled) as session:
        kept = model_releases.read(session, newest(labelled).id)
        sealed = session.get_one(model_releases.ModelRelease, newest(labelled).id).model
        assert model_releases.in_use(session, "the fingerprint of another program") is None
    assert artefact.unpacked(kept, "it").views
    assert sealed is not None
    assert kept[:64] not in bytes(sealed)
    with transaction(labelled) as session:
        assert model_releases.take_back(session, newest(labelled).id)
    assert wait_for(live, clock, before)


def test_a_model_that_got_worse_is_refused(labelled: Engine, few: list[Example]) -> None:
    assert learn(labelled, few, some_of("dev", 2), None) == "refused"
    one = newest(labelled)
    assert one.marks["test"]["right"][1] < one.marks["test"]["right"][0]
    with reading(labelled) as session:
        assert model_releases.in_use(session, artefact.fingerprint()) is None


def test_a_fifth_is_kept_for_the_exam_however_it_is_typed() -> None:
    texts = [example.text for example in read("dev")]
    share = sum(map(is_kept_apart, texts)) / len(texts)
    assert 0.15 < share < 0.25
    assert is_kept_apart("จ่ายที่ไหน") == is_kept_apart("จ่าย ที่ไหน")


def test_the_command_stands_alone() -> None:
    """Elsewhere other modules have brought the tables that its own refer to."""
    asked = (
        "import bot.learn_main; from db.base import Base;"
        " print(*{key.column.table.name for t in Base.metadata.tables.values()"
        " for key in t.foreign_keys})"
    )
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-c", asked], check=True, capture_output=True, text=True
    )
    assert "staff" in told.stdout.split()


def test_one_training_at_a_time_and_one_that_was_killed_holds_nothing_up(engine: Engine) -> None:
    with transaction(engine) as session:
        assert model_releases.wish(session, None, NOW)
        assert not model_releases.wish(session, None, NOW)
        assert model_releases.start(session, "own", 0, NOW)
        assert not model_releases.wish(session, None, NOW + timedelta(minutes=30))
        assert model_releases.wish(session, None, NOW + timedelta(hours=3))


def test_it_learns_of_its_own_accord_when_enough_was_labelled(engine: Engine) -> None:
    with transaction(engine) as session:
        for number in range(model_releases.ENOUGH):
            assert not model_releases.worth_it(session)
            questions.note(session, f"q/{number}", f"อะไร {number}", "unknown", NOW)
            session.get_one(UnansweredQuestion, f"q/{number}").label = Intent.OUT_OF_SCOPE
            session.flush()
        assert model_releases.worth_it(session)
        model_releases.wish(session, None, NOW)
        begun = model_releases.start(session, "own", model_releases.ENOUGH, NOW)
        assert begun is not None
        model_releases.end(session, begun, model_releases.REFUSED, {}, None, NOW)
        assert not model_releases.worth_it(session)
