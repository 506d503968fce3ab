"""«ที่มา»: the button, its data, and what it shows."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest

from handlers.replies import Say, Show
from handlers.sources import MAX_DATA, MAX_URI, source_button, web_address
from handlers.transcript import Chat
from nlp.answering.buttons import entities_of
from nlp.answers import answer
from nlp.cards import Button
from nlp.facts import facts_on, source
from nlp.intents import Intent
from nlp.understanding import Entities
from tests.unit.handlers.fakes import TODAY, at_step, new_chat

MOST = 3
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
    answered = chat.talk.topic is not None and chat.talk.topic.intent is not Intent.TALK_TO_STAFF
    asks = not any(b.data == "do:cancel" for b in quick) and chat.talk.form is None
    assert bool(found) == (bool(told.sources) and asks and answered)
    for button in found:
        opened = _opened(chat, button.data)
        assert [b.uri for b in opened] == [web_address(s.url) for s in told.sources]


def test_the_button_names_what_the_answer_was_about() -> None:
    day = date(2025, 12, 1)
    about = Entities(option=2, options=(2, 3), in_hospital=True, province="ขอนแก่น", age=0, on=day)
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


def test_a_day_that_is_none_is_left_out() -> None:
    assert entities_of("option=2&on=2025-13-40") == Entities(option=2)


def test_an_old_day_opens_the_sources_of_its_law() -> None:
    now, then = (Entities(option=3, on=day) for day in (None, date(2025, 12, 1)))
    about = [source_button(DEATH, e, "th").data.replace("death", "child") for e in (now, then)]
    opened = [[b.uri for b in _opened(new_chat(), data)] for data in about]
    assert opened[0]
    assert opened[1]
    assert opened[0] != opened[1]


def test_an_answer_inside_a_form_shows_its_source_beside_the_buttons_of_the_form() -> None:
    chat = at_step("option")
    own = chat.talk.form and {b.label for b in chat.say("ไม่เข้าใจ").replies.quick}
    asked = chat.say("ตายได้เงินไหม").replies
    found = [b for b in asked.quick if b.data.startswith("do:source=")]
    assert len(found) == 1
    assert len(asked.quick) > 1
    assert own
    assert {b.label for b in asked.quick} & own
    assert chat.send_data(found[0].data).replies.messages
    assert chat.talk.form is not None


@pytest.mark.parametrize("option", [1, 2, 3])
def test_every_number_of_the_options_side_by_side_opens_a_source(option: int) -> None:
    chat = new_chat()
    shown = chat.send_data("ask:compare_options").replies.messages
    card = next(m.cards[option - 1] for m in shown if isinstance(m, Show))
    (button,) = [b for b in card.buttons if b.data.startswith("do:source=")]
    urls = {b.uri for b in _opened(chat, button.data)}
    law = facts_on(TODAY)
    told = [f"contribution.option{option}", "sickness.inpatient_per_day"]
    told += [f"sickness.days_option{option}", f"death.funeral_option{option}"]
    told += ["disability.max_option3", "child.amount"] if option == MOST else []
    for key in told:
        assert urls & {web_address(source(name).url) for name in law.fact(key).sources}, key


def test_typed_after_the_topic_lapsed_it_asks_which() -> None:
    chat = new_chat()
    chat.say("ตายได้เงินไหม")
    first = chat.say("ที่มา").replies.messages
    chat.talk = replace(chat.talk, topic=None)
    assert isinstance(first[0], Show)
    assert isinstance(chat.say("ที่มา").replies.messages[0], Say)
