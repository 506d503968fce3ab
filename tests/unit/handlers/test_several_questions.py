"""Several questions in one message: the first two are answered, the others become buttons."""

from handlers.answering import answered
from handlers.turn import Turn
from nlp.intents import Intent
from nlp.understanding import Entities, Outcome, Understanding
from tests.unit.handlers.fakes import new_chat

ASKED = (Intent.REGISTER_HOW, Intent.PAYMENT_CHANNEL, Intent.BENEFIT_DEATH, Intent.TAX_DEDUCTION)


def _turn() -> Turn:
    chat = new_chat()
    return Turn(chat.talk, chat.tools)


def _heard(*intents: Intent) -> Understanding:
    first, *others = (Understanding("", i, 0.9, Outcome.ANSWER, Entities()) for i in intents)
    return Understanding("", first.intent, 0.9, Outcome.ANSWER, Entities(), others=tuple(others))


def test_more_than_two_leave_buttons_for_the_rest_and_the_menu() -> None:
    two = answered(_turn(), _heard(*ASKED[:2])).replies
    four = answered(_turn(), _heard(*ASKED)).replies
    assert four.messages == two.messages
    data = [button.data for button in four.quick]
    assert data[:3] == ["ask:benefit_death", "ask:tax_deduction", "do:menu"]
    many = answered(_turn(), _heard(*ASKED, Intent.CLAIM_HOW, Intent.EXTRA_SAVINGS)).replies
    assert "do:menu" in [button.data for button in many.quick]
    assert "do:menu" not in [button.data for button in two.quick]
