"""«ที่มา»: the button, its data, and what it shows."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from handlers.replies import Say, Show
from handlers.sources import MAX_DATA, MAX_URI, source_button, web_address
from handlers.transcript import Chat
from nlp.answering.buttons import entities_of
from nlp.answers import answer
from nlp.cards import Button
from nlp.intents import Intent
from nlp.understanding import Entities
from tests.unit.handlers.fakes import TODAY, at_step, new_chat

DEATH = answer(Intent.BENEFIT_DEATH, Entities(option=2), today=TODAY)


def _opened(chat: Chat, data: str) -> tuple[Button, ...]:
    shown = [m for m in chat.send_data(data).replies.messages if isinstance(m, Show)]
    return tuple(b for m in shown for card in m.cards for b in card.buttons)


@pytest.mark.parametrize("intent", Intent)
def test_every_answer_with_sources_has_the_button_and_no_other_has(intent: Intent) -> None:
    told = answer(intent, Entities(), today=TODAY)
    chat = new_chat()
    quick = chat.send_data(f"ask:{intent.value}").replies.quick
    found = [b for b in quick if b.data.startswith("do:source=")]
    asks = not any(b.data == "do:cancel" for b in quick) and chat.talk.form is None
    assert bool(found) == (bool(told.sources) and asks and chat.talk.topic is not None)
    for button in found:
        opened = _opened(chat, button.data)
        assert [b.uri for b in opened] == [web_address(s.url) for s in told.sources]


def test_the_button_names_what_the_answer_was_about() -> None:
    about = Entities(option=2, options=(2, 3), in_hospital=True, province="ขอนแก่น", age=0)
    data = source_button(DEATH, about, "th").data
    assert entities_of(data.partition("?")[2]) == about


def test_too_much_to_name_leaves_the_question_alone() -> None:
    about = Entities(province="ก" * 50)
    data = source_button(DEATH, about, "th").data
    assert data == "do:source=benefit_death"
    assert len(data) <= MAX_DATA


def test_an_address_goes_on_a_button_as_line_takes_it() -> None:
    assert web_address("https://a.go.th/ม.40?q=1%20") == "https://a.go.th/%E0%B8%A1.40?q=1%20"
    refused = ["javascript:alert(1)", "ftp://a.go.th/x", "https:///x", "เอกสาร", ""]
    assert [web_address(url) for url in refused] == [""] * len(refused)
    assert web_address("https://a.go.th/" + "ก" * 200) == ""
    assert all(len(web_address(s.url)) <= MAX_URI for s in DEATH.sources)
    assert all(urlsplit(web_address(s.url)).netloc for s in DEATH.sources)


def test_a_made_up_or_late_button_of_no_question_says_where_things_stand() -> None:
    for data in ("do:source=nothing", "do:source=benefit_death?option=ก&x=1", "do:source="):
        assert new_chat().send_data(data).replies.messages


def test_a_button_pressed_in_a_form_brings_the_open_question_back() -> None:
    chat = at_step("phone")
    before = chat.talk.form
    decision = chat.send_data("do:source=benefit_death?option=2")
    assert before is not None
    assert chat.talk.form is not None
    assert chat.talk.form.at == before.at
    assert isinstance(decision.replies.messages[0], Show)
    last = decision.replies.messages[-1]
    assert isinstance(last, Say)
    assert "เบอร์" in last.text


def test_typed_after_the_topic_lapsed_it_asks_which() -> None:
    chat = new_chat()
    chat.say("ตายได้เงินไหม")
    first = chat.say("ที่มา").replies.messages
    chat.talk = replace(chat.talk, topic=None)
    assert isinstance(first[0], Show)
    assert isinstance(chat.say("ที่มา").replies.messages[0], Say)
