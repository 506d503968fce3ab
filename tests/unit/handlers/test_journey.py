"""Whatever happens on the way, the same answers become the same lead."""

from dataclasses import asdict, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import events
from handlers.conversation import Conversation, Form
from handlers.flow import REVIEW
from handlers.memory import Kept
from handlers.transcript import Chat
from tests.unit.handlers.fakes import QUESTIONS, STRAIGHT, new_chat

DETOURS = st.sampled_from(
    [
        *(text for text in QUESTIONS if text != "สมัคร"),
        "(sticker)",
        "(image)",
        "(location)",
        "(stale)",
        "(unknown button)",
        "(restart)",
        "(gone step)",
        "ย้อนกลับ",
        "แก้ไข",
        "พักก่อน",
        "สมัครต่อ",
        "สมัคร",
        "เมนู",
        "ข้อมูลของฉัน",
        "ดูสถานะ",
        "ทำไมต้องถาม",
        "!!!",
        "(fix phone)",
        "(fix name)",
        "(cancel, no)",
    ]
)
ANSWERS = dict(STRAIGHT)


def lead(chat: Chat) -> dict[str, object]:
    """What was handed over, without what is fresh each time."""
    kept: Kept = chat.tools.world.leads[-1]
    form = asdict(kept.form)
    for name in ("reference", "callback_words"):
        form.pop(name)
    return form


def straight() -> dict[str, object]:
    chat = new_chat()
    chat.say("สมัคร")
    for _, text in STRAIGHT:
        chat.say(text)
    chat.say("ส่งเลย")
    return lead(chat)


def detour(chat: Chat, what: str) -> None:
    """Something on the way that is no answer, or an answer taken back."""
    raw: dict[str, object] = {"source": {"type": "user", "userId": "me"}, "webhookEventId": "x"}
    message = {
        "(sticker)": {"type": "sticker", "id": "1"},
        "(image)": {"type": "image", "id": "1"},
        "(location)": {"type": "location", "id": "1", "latitude": 35.6, "longitude": 139.7},
    }.get(what)
    data = {"(stale)": "reg:option=1;f=99", "(unknown button)": "zzz"}.get(what)
    if message:
        chat.send(events.parse({**raw, "type": "message", "message": message}))
    elif data:
        chat.send(events.parse({**raw, "type": "postback", "postback": {"data": data}}))
    elif what == "(restart)":
        chat.talk = Conversation.from_json(chat.talk.to_json())
    elif what == "(gone step)" and chat.talk.form:
        form = chat.talk.form
        gone = replace(form, at="a_step_of_before", partial={}, asking={})
        chat.talk = Conversation.from_json({**chat.talk.to_json(), "form": as_dict(gone)})
    elif what == "(fix phone)":
        chat.say("เบอร์ผิด เอา 0812345678")
    elif what == "(fix name)":
        chat.say("ชื่อผิด นางบุญมี ศรีสุข")
    elif what == "(cancel, no)":
        chat.say("ยกเลิก")
        chat.say("ไม่")
        if chat.talk.form is None:
            chat.say("สมัคร")
    elif not what.startswith("("):
        chat.say(what)


def as_dict(form: Form) -> dict[str, object]:
    return {name: getattr(form, name) for name in Form.__dataclass_fields__}


@settings(max_examples=150)
@given(st.lists(st.lists(DETOURS, max_size=2), min_size=14, max_size=14), st.booleans())
def test_detours_end_in_the_same_lead_as_the_straight_path(
    detours: list[list[str]], doubled: bool
) -> None:
    chat = new_chat()
    chat.say("สมัคร")
    waits = iter(detours)
    for _ in range(60):
        for what in next(waits, []):
            detour(chat, what)
        form = chat.talk.form
        assert form is not None
        if form.at == REVIEW:
            break
        chat.say(ANSWERS.get(form.at, "สมัครต่อ"))
    chat.say("ส่งเลย")
    if doubled:
        chat.send_data("do:submit;f=1")
    assert len(chat.tools.world.leads) == 1
    assert lead(chat) == straight()
