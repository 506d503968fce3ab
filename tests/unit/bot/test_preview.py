"""An answer is shown as LINE shows it, on the day asked for, with what LINE would refuse."""

from datetime import date

import pytest

from bot.preview import main, preview, words
from nlp.facts import facts_on
from nlp.intents import Intent
from nlp.understanding import Entities

BEFORE, AFTER = date(2025, 12, 31), date(2026, 1, 1)


@pytest.mark.parametrize("intent", Intent)
@pytest.mark.parametrize("easy", [False, True])
def test_line_takes_every_answer(intent: Intent, easy: bool) -> None:
    assert preview(intent, Entities(), AFTER, easy=easy).problems == []


def test_the_day_picks_the_law() -> None:
    lines = {
        day: "\n".join(words(preview(Intent.BENEFIT_SICKNESS, Entities(option=1), day)))
        for day in (BEFORE, AFTER)
    }
    assert lines[BEFORE] != lines[AFTER]
    assert facts_on(AFTER).fact("contact.hotline").text() in lines[AFTER]


def test_the_command_prints_bubbles_cards_and_buttons(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare_options", "--on", AFTER.isoformat()]) == 0
    printed = capsys.readouterr().out
    assert "│ " in printed
    assert "┃ " in printed
    assert "(" in printed


def test_an_unknown_intent_is_refused_with_the_usage() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["no_such_intent"])
    assert stopped.value.code == 2
