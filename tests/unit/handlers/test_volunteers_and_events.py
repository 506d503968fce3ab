"""A number at an event by its code, and a volunteer's kit, as said in the chat."""

from handlers.effects import JoinVolunteers, TouchCampaign
from handlers.memory import World
from handlers.transcript import lines
from handlers.turn import Decision
from tests.unit.handlers.fakes import at_step, new_chat

CODE = "K7M29QXT"
INVITATION = "ABCDEFGH23456789JKMN"


def event_world() -> World:
    return World(campaigns={CODE: "ตลาดนัดเช้า"}, events={CODE: []})


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
    told = chat.say("ตกลง")
    assert JoinVolunteers(INVITATION) in told.effects
    kit = said(chat.say("ชุดอาสา"))
    assert "K7M2-9QXT" in kit
    assert "1. ถามก่อน" in said(chat.say("พูดกับเพื่อนบ้านยังไง"))


def test_who_says_no_is_no_volunteer() -> None:
    chat = new_chat(volunteer_world(), "U1")
    chat.say("อาสา ABCD-EFGH-2345-6789-JKMN")
    assert not chat.say("ไม่").effects
    assert "เจ้าหน้าที่เชิญ" in said(chat.say("ชุดอาสา"))


def test_an_invitation_that_is_over_gets_kind_words() -> None:
    assert "ขอใหม่" in said(new_chat().say("อาสา ABCD-EFGH-2345-6789-JKMN"))
