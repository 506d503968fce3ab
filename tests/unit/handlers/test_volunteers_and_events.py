"""A number at an event by its code, and a volunteer's kit, as said in the chat."""

from dataclasses import replace

import pytest

from handlers.effects import AllowHelp, CallNumber, NameVolunteer, TouchCampaign
from handlers.memory import World
from handlers.transcript import lines
from handlers.turn import Decision
from handlers.volunteers import first_name_waiting
from tests.unit.handlers.fakes import at_step, new_chat

CODE = "K7M29QXT"
INVITATION = "ABCDEFGH23456789JKMN"


def event_world() -> World:
    return World(campaigns={CODE: "ตลาดนัดเช้า"}, events={CODE: []}, invitations={INVITATION: CODE})


def volunteer_world() -> World:
    return World(campaigns={CODE: "อสม. สมใจ"}, invitations={INVITATION: CODE})


def said(decision: Decision) -> str:
    return "\n".join(lines(decision.replies))


def test_an_events_code_gives_a_number_and_the_same_one_again() -> None:
    world = event_world()
    assert "หมายเลข 1" in said(new_chat(world, "U1").say("รหัส K7M2-9QXT"))
    second = new_chat(world, "U2")
    told = second.say("รหัส K7M2-9QXT")
    assert "หมายเลข 2" in said(told)
    assert TouchCampaign(CODE) in told.effects
    assert "หมายเลข 2" in said(second.say("รหัส K7M2-9QXT"))
    assert "หมายเลข 2" in said(second.say("คิวของฉัน"))


def test_who_has_no_number_is_told_how_to_get_one() -> None:
    assert "สแกน QR" in said(new_chat().say("คิวของฉัน"))


def test_a_form_goes_on_after_the_number() -> None:
    chat = at_step("phone")
    chat.tools.world.campaigns[CODE] = "ตลาดนัดเช้า"
    chat.tools.world.events[CODE] = []
    told = said(chat.say("รหัส K7M2-9QXT"))
    assert "หมายเลข 1" in told
    assert "เบอร์" in told


def test_a_volunteer_agrees_to_the_rules_first() -> None:
    chat = new_chat(volunteer_world(), "U1")
    rules = said(chat.say("อาสา ABCD-EFGH-2345-6789-JKMN"))
    assert "ไม่เก็บเงิน" in rules
    assert chat.tools.volunteer() is None
    chat.say("ตกลง")
    kit = said(chat.say("ชุดอาสา"))
    assert "K7M2-9QXT" in kit
    assert "1. ถามก่อน" in said(chat.say("พูดกับเพื่อนบ้านยังไง"))


def test_who_says_no_is_no_volunteer() -> None:
    chat = new_chat(volunteer_world(), "U1")
    chat.say("อาสา ABCD-EFGH-2345-6789-JKMN")
    chat.say("ไม่")
    assert "เจ้าหน้าที่เชิญ" in said(chat.say("ชุดอาสา"))


def test_an_invitation_that_is_over_gets_kind_words() -> None:
    assert "ขอใหม่" in said(new_chat().say("อาสา ABCD-EFGH-2345-6789-JKMN"))


def test_of_two_who_type_one_invitation_the_first_is_welcomed_and_the_other_told() -> None:
    world = volunteer_world()
    first, second = new_chat(world, "U1"), new_chat(world, "U2")
    for chat in (first, second):
        assert "ไม่เก็บเงิน" in said(chat.say("อาสา ABCD-EFGH-2345-6789-JKMN"))
    assert "ยินดีต้อนรับ" in said(first.say("ตกลง"))
    assert "มีคนใช้ไปก่อน" in said(second.say("ตกลง"))
    assert second.tools.volunteer() is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("นางทองดี ใจงาม", "นางทองดี ใจงาม"),
        ("ป้าทองดี", "ป้าทองดี"),
        ("ชื่ออาสา สมชาย มีสุข", "สมชาย มีสุข"),
    ],
)
def test_the_thank_you_says_the_name_as_it_was_given(typed: str, name: str) -> None:
    chat = new_chat(volunteer_world(), "U1")
    chat.say("อาสา ABCD-EFGH-2345-6789-JKMN")
    chat.say("ตกลง")
    assert NameVolunteer(name) in chat.say(typed).effects


@pytest.mark.parametrize("typed", ["ชุดอาสา", "เมนู", "จ่ายเท่าไหร่", "ไม่", "12345"])
def test_what_is_no_name_is_not_taken_for_one(typed: str) -> None:
    chat = new_chat(volunteer_world(), "U1")
    chat.say("อาสา ABCD-EFGH-2345-6789-JKMN")
    chat.say("ตกลง")
    assert not any(isinstance(e, NameVolunteer) for e in chat.say(typed).effects)
    assert chat.talk.pending != "volunteer_name"


def helped_world() -> World:
    return World(campaigns={CODE: "อสม. สมใจ"}, volunteers={CODE: "U1"})


def test_a_guest_of_a_volunteer_is_asked_once_whether_they_may_help() -> None:
    world = helped_world()
    guest = new_chat(world, "U2")
    assert "เห็นชื่อต้น" in said(guest.say("รหัส K7M2-9QXT"))
    assert AllowHelp(True) in guest.say("ได้ค่ะ").effects
    assert world.helped == {"U2": CODE}
    assert "เห็นชื่อต้น" not in said(guest.say("รหัส K7M2-9QXT"))
    kit = said(new_chat(world, "U1").say("ชุดอาสา"))
    assert "ยินดีให้คุณช่วย: U2" in kit
    guest.say("ไม่ให้อาสาช่วย")
    assert world.helped == {}


def test_no_is_no_and_a_pause_offers_it_again_by_a_button() -> None:
    world = helped_world()
    guest = new_chat(world, "U2")
    guest.say("รหัส K7M2-9QXT")
    assert AllowHelp(False) in guest.say("ไม่").effects
    at_step("phone", guest)
    assert "[ให้อาสาช่วย]" in said(guest.say("พัก"))
    assert AllowHelp(True) in guest.tap("ให้อาสาช่วย").effects


def test_without_a_volunteer_nobody_is_asked() -> None:
    guest = new_chat(World(campaigns={CODE: "บ้านหนองบัว"}), "U2")
    assert "อาสา" not in said(guest.say("รหัส K7M2-9QXT"))
    assert not guest.say("ให้อาสาช่วย").effects


@pytest.mark.parametrize(
    ("step", "talked_of", "name"),
    [("phone", "self", "บุญมี"), ("card", "self", ""), ("phone", "other", "")],
)
def test_only_the_first_name_of_ones_own_form_that_waits_is_seen(
    step: str, talked_of: str, name: str
) -> None:
    talk = at_step(step).talk
    assert talk.form is not None
    answers = {**talk.form.answers, "consent": talked_of}
    waiting = replace(talk, form=replace(talk.form, answers=answers))
    assert first_name_waiting(waiting) == name
    assert first_name_waiting(replace(waiting, form=None)) == ""


def test_an_organiser_sees_figures_and_calls_each_number_once() -> None:
    world = event_world()
    organiser = new_chat(world, "U9")
    assert "ไม่เห็นชื่อใคร" in said(organiser.say("อาสา ABCD-EFGH-2345-6789-JKMN"))
    organiser.say("ตกลง")
    for user in ("U1", "U2"):
        new_chat(world, user).say("รหัส K7M2-9QXT")
    desk = organiser.say("คุมคิว")
    assert "รออยู่: 2" in said(desk)
    assert CallNumber(CODE, 1) in organiser.tap("เรียกหมายเลข 1").effects
    assert not organiser.send_data(f"do:call_number={CODE}:1").effects
    assert CallNumber(CODE, 2) in organiser.send_data(f"do:call_number={CODE}:2").effects
    assert "รออยู่: 0" in said(organiser.say("ชุดอาสา"))


@pytest.mark.parametrize("data", ["K7M29QXT:1", "ZZZZZZZZ:1", "K7M29QXT:x", "1", ""])
def test_a_stranger_calls_nobody(data: str) -> None:
    world = event_world()
    new_chat(world, "U1").say("รหัส K7M2-9QXT")
    told = new_chat(world, "U2").send_data(f"do:call_number={data}")
    assert not told.effects
