"""Our own events: the form page, news from the console, reminders; and the codes people type."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db import event_queue, touches
from db.lead_tables import OPEN
from db.retention import IDLE_TALK, MESSAGES
from handlers import events
from handlers.effects import ClaimLead, ReopenRegistration, SubmitRegistration
from handlers.form import DRAFT_DAYS
from handlers.leads import MAX_WRONG_CODES
from handlers.memory import World
from handlers.phrases import has
from handlers.replies import Say
from handlers.rights import CODE_DAYS, MESSAGE_DAYS, NUMBER_DAYS
from handlers.transcript import Chat
from handlers.turn import Decision
from tests.unit.handlers.fakes import STRAIGHT, at_step, new_chat

ANSWERS = [list(pair) for pair in STRAIGHT]


def send(chat: Chat, **raw: object) -> Decision:
    source = {"type": "user", "userId": chat.tools.user}
    return chat.send(events.parse({"webhookEventId": "x", "source": source, **raw}))


def registered(world: World | None = None, user: str = "me", opening: str = "") -> Chat:
    """A chat with one registration sent."""
    chat = new_chat(world, user)
    for text in ("สมัคร", *(opening.split("|") if opening else ["ยินยอม"])):
        chat.say(text)
    for _, text in STRAIGHT[1:]:
        chat.say(text)
    chat.say("ส่งเลย")
    return chat


def said(decision: Decision) -> str:
    return " ".join(m.text for m in decision.replies.messages if isinstance(m, Say))


def test_the_form_page_sends_a_whole_registration() -> None:
    chat = new_chat()
    decision = send(chat, type="form", answers=ANSWERS, submit=True)
    assert any(isinstance(effect, SubmitRegistration) for effect in decision.effects)
    assert chat.tools.world.leads[0].form == replace(
        registered().tools.world.leads[0].form,
        reference=chat.tools.world.leads[0].form.reference,
        callback_words=chat.tools.world.leads[0].form.callback_words,
    )


def test_what_was_begun_in_the_chat_is_finished_on_the_page_and_back() -> None:
    chat = at_step("name")
    send(chat, type="form", answers=ANSWERS[4:6])
    assert chat.talk.form is not None
    assert chat.talk.form.at == "phone"
    chat.say("0812345678")
    assert chat.talk.form.at == "address"


def test_the_form_page_cannot_skip_the_consent() -> None:
    chat = new_chat()
    send(chat, type="form", answers=ANSWERS[1:], submit=True)
    assert chat.tools.world.leads == []
    assert chat.talk.form is not None
    assert set(chat.talk.form.answers) == set()


def test_an_answer_from_the_page_that_will_not_do_is_asked_here() -> None:
    chat = at_step("phone")
    send(chat, type="form", answers=[["phone", "0812"], ["no_such_step", "x"]], submit=True)
    assert chat.talk.form is not None
    assert chat.talk.form.at == "phone"


@pytest.mark.parametrize("status", [*OPEN, "member", "ineligible", "unreachable", "withdrawn"])
def test_every_status_the_console_knows_has_news_and_a_name(status: str) -> None:
    assert has("news", status)
    assert has("status", status)
    values = {"reference": "S40-AAAA-BBBB", "first_name": "บุญมี", "for_other": "1"}
    decision = send(new_chat(), type="staff", kind=status, values=values)
    assert "S40-AAAA-BBBB" in said(decision)


def test_news_without_values_is_no_error() -> None:
    assert send(new_chat(), type="staff", kind="appointment").replies.messages


def test_a_reminder_comes_only_to_who_asked_for_it() -> None:
    chat = at_step("phone")
    assert send(chat, type="reminder", kind="unfinished").replies.messages == ()
    chat.say("เตือนฉันด้วย")
    assert "เบอร์โทร" in said(send(chat, type="reminder", kind="unfinished"))
    assert send(chat, type="reminder", kind="unfinished").replies.messages == ()


def test_a_form_expires_only_after_its_days_of_rest() -> None:
    chat = at_step("phone")
    send(chat, type="reminder", kind="expire")
    assert chat.talk.form is not None
    chat.tools.now += timedelta(days=DRAFT_DAYS)
    assert send(chat, type="reminder", kind="expire").replies.messages == ()
    assert chat.talk.form is None


def test_the_periods_told_are_those_that_are_kept() -> None:
    assert timedelta(days=MESSAGE_DAYS) == MESSAGES
    assert timedelta(days=CODE_DAYS) == touches.LASTS
    assert timedelta(days=NUMBER_DAYS) == event_queue.LASTS
    assert timedelta(days=DRAFT_DAYS) == IDLE_TALK


def test_a_hand_over_moves_the_lead_and_the_helper_sees_nothing_more() -> None:
    world = World()
    helper = registered(world, "helper", "สมัครให้คนอื่น|ลูก|ยินยอม ฉันอ่านให้")
    offer = helper.tap("ให้เจ้าตัวดูเอง")
    code = next(m.text for m in offer.replies.messages[1:] if isinstance(m, Say))
    person = new_chat(world, "person")
    person.say(code)
    assert ClaimLead(next(iter(world.codes))) in person.say("ใช่").effects
    assert [lead.first_name for lead in person.tools.leads()] == ["บุญมี"]
    assert helper.tools.leads() == ()
    again = new_chat(world, "third")
    again.say(code)
    again.say("ใช่")
    assert again.tools.leads() == ()


def test_guessing_hand_over_codes_is_stopped_for_an_hour() -> None:
    chat = new_chat()
    for _ in range(MAX_WRONG_CODES):
        first = said(chat.say("รับเรื่อง AAAA-BBBB-CCCC"))
    locked = said(chat.say("รับเรื่อง AAAA-BBBB-CCCC"))
    assert locked != first
    chat.tools.now += timedelta(hours=2)
    assert said(chat.say("รับเรื่อง AAAA-BBBB-CCCC")) == first


@pytest.mark.parametrize("command", ["reopen", "fix", "withdraw", "handover"])
def test_a_button_reaches_only_the_registrations_of_its_own_account(command: str) -> None:
    world = World()
    registered(world, "owner")
    reference = world.leads[0].form.reference
    stranger = new_chat(world, "stranger")
    decision = stranger.send_data(f"do:{command}={reference}")
    assert decision.effects == ()
    assert reference not in repr(decision.replies)
    assert "บุญมี" not in repr(decision.replies)


def test_nobody_called_puts_the_registration_back() -> None:
    chat = registered()
    decision = chat.say("ยังไม่มีใครโทรมาเลย")
    assert decision.effects == (ReopenRegistration(chat.tools.leads()[0].reference),)


def test_the_same_id_number_is_told_without_a_word_about_the_other() -> None:
    world = World()
    registered(world, "first")
    second = new_chat(world, "second")
    for text in ("สมัคร", *(text for _, text in STRAIGHT)):
        second.say(text)
    decision = second.say("ส่งเลย")
    assert decision.effects == ()
    assert world.leads[0].form.reference not in repr(decision.replies)
    assert len(world.leads) == 1
