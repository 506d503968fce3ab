"""A chat with a small fake of nlp: a few questions it is sure of, nothing else."""

from datetime import UTC, date, datetime

from handlers.memory import MemoryTools, World
from handlers.transcript import Chat
from nlp.intents import Intent
from nlp.understanding import Outcome, Topic, Understanding

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
QUESTIONS = {
    "จ่ายเท่าไหร่": Intent.CONTRIBUTION_RATE,
    "ตายได้เงินไหม": Intent.BENEFIT_DEATH,
    "ใช้เอกสารอะไรบ้าง": Intent.REGISTER_DOCUMENTS,
    "สมัคร": Intent.REGISTER_START,
    "สวัสดี": Intent.GREET,
}
STRAIGHT = (
    ("consent", "ยินยอม"),
    ("birth_date", "5 ม.ค. 2520"),
    ("schemes", "ไม่มี"),
    ("card", "คนไทย"),
    ("name", "นางบุญมี ศรีสุข"),
    ("id_number", "1101700123456"),
    ("phone", "0812345678"),
    ("address", "ต.บ้านเป็ด อ.เมือง จ.ขอนแก่น"),
    ("occupation", "ทำนา"),
    ("option", "ทางเลือก 2"),
    ("contact_time", "เย็น"),
)
"""The answers of one person, by step, in the order they are asked."""


def understand(text: str, topic: Topic | None, today: date) -> Understanding:
    """Sure of QUESTIONS, of nothing else."""
    intent = QUESTIONS.get(text.strip())
    if intent is None:
        return Understanding(text, Intent.OUT_OF_SCOPE, 0.2, Outcome.UNKNOWN)
    return Understanding(text, intent, 0.95, Outcome.ANSWER)


def new_chat(world: World | None = None, user: str = "me") -> Chat:
    """A person who has never written before."""
    return Chat(MemoryTools(NOW, user, world or World(), hear=understand))


def at_step(step: str, chat: Chat | None = None) -> Chat:
    """A chat (a new one with the fake of nlp) whose form asks this step, all before it answered."""
    chat = chat or new_chat()
    chat.say("สมัคร")
    for name, text in STRAIGHT:
        if name == step:
            break
        chat.say(text)
    return chat
