"""An officer talks in the bot's place: the bot is silent until it is given back, or time passes."""

from datetime import timedelta

from handlers import events
from handlers.conversation import Conversation
from handlers.ours import OFFICER_TALKS
from handlers.replies import Say
from handlers.transcript import Chat
from handlers.turn import Decision
from tests.unit.handlers.fakes import at_step, new_chat


def staff(chat: Chat, kind: str, **values: str) -> Decision:
    source = {"type": "user", "userId": chat.tools.user}
    raw = {"type": "staff", "webhookEventId": kind, "source": source, "kind": kind}
    return chat.send(events.parse({**raw, "values": values}))


def said(decision: Decision) -> str:
    return " ".join(m.text for m in decision.replies.messages if isinstance(m, Say))


def silent(decision: Decision) -> bool:
    return not decision.replies.messages


def test_the_bot_is_silent_while_an_officer_talks_and_speaks_when_given_back() -> None:
    chat = new_chat()
    assert "อุดร" in said(staff(chat, "taken", office="อุดร"))
    assert silent(chat.say("มาตรา 40 คืออะไร"))
    assert "สวัสดี" in said(staff(chat, "message", text="สวัสดี", office="อุดร"))
    assert not silent(staff(chat, "given_back", office="อุดร"))
    assert not silent(chat.say("มาตรา 40 คืออะไร"))


def test_it_ends_by_itself_and_each_word_of_the_officer_renews_it() -> None:
    chat = new_chat()
    staff(chat, "taken", office="อุดร")
    chat.tools.now += OFFICER_TALKS - timedelta(minutes=1)
    staff(chat, "message", text="ยังอยู่ค่ะ", office="อุดร")
    chat.tools.now += timedelta(minutes=2)
    assert silent(chat.say("ครับ"))
    chat.tools.now += OFFICER_TALKS
    assert not silent(chat.say("มาตรา 40 คืออะไร"))


def test_a_form_waits_where_it_was_and_a_cry_for_help_is_answered() -> None:
    chat = at_step("phone")
    staff(chat, "taken", office="อุดร")
    assert silent(chat.say("0812345678"))
    assert not silent(chat.say("ไม่อยากอยู่แล้ว อยากตาย"))
    staff(chat, "given_back", office="อุดร")
    assert chat.talk.form is not None
    assert chat.talk.form.at == "phone"


def test_the_state_survives_being_stored() -> None:
    chat = new_chat()
    staff(chat, "taken", office="อุดร")
    assert Conversation.from_json(chat.talk.to_json()).officer_until == chat.talk.officer_until
