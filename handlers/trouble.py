"""Words that are no question of ours but must not be met with «I don't know»: a fraud, a link,
another person's data, a bank account, a script we can't read, a mark alone (an open form knows
better what to say to that).
"""

import re

from handlers import answering
from handlers.steps.text import clean
from handlers.turn import Decision, Turn
from nlp.intents import Intent

_READ = re.compile(r"[\u0e01-\u0e2ea-z]", re.IGNORECASE)
_PLAIN = {
    "delete_chat": re.compile(r"ลบ(?:แชท|แชต|แช็ต|ประวัติแช|ห้องแช|ที่คุย)"),
    "our_dialect": re.compile(
        r"(?:อู้|เว้า|แหลง|พูด|คุย|พิมพ์)(?:ภาษา)?(?:คำ|กำ)?(?:เมือง|อีสาน|ลาว|ใต้|เหนือ)(?:ได้|เป็น)?\s?(?:ไหม|มั้ย|บ่|ก่อ|ม้าย|หม้าย|กา|หรือ|ป่าว)"
    ),
}
_TRYING = re.compile(r"(?:ทดสอบ|ทดลอง|เทส|เทสต์|test(?:ing)?)[\s\d.!]*", re.IGNORECASE)
_LINK = re.compile(
    r"https?://\S+|www\.\S+|\b[\w\-]+(?:\.[\w\-]+)*\.(?:com|net|org|xyz|info|link|me|cc|app|online|th)\b\S*",
    re.IGNORECASE,
)
_ABOUT_A_LINK = re.compile(
    r"(?:เว็บ|เวป|ลิงก์|ลิงค์|ลิ้ง|ลิ้งค์|เพจ)\S{0,8}.{0,6}(?:จริง|ปลอม|กดได้|ปลอดภัย|เข้าได้)|^.{0,12}$"
)
_TOLD_TO_TAP = re.compile(
    r"(?:ให้|บอกให้|ชวน)\S{0,4}(?:กด|เข้า|คลิก|โหลด|ติดตั้ง)\S{0,6}(?:ลิงก์|ลิงค์|ลิ้ง|แอป|เว็บ)"
    r"|ส่ง(?:ลิงก์|ลิงค์|ลิ้ง)\S{0,4}.{0,8}ให้(?:กรอก|ใส่|โอน)"
)
_CHEATED = re.compile(
    r"(?:โดน|ถูก)(?:มัน|เขา|มิจ\S*)?(?:หลอก|โกง|ต้ม|ดูดเงิน)|เผลอ(?:ไป)?(?:โอน|กด)"
    r"|(?:บอก|ให้|ใส่|ส่ง)(?:รหัส|otp)\S{0,12}ไปแล้ว|กด(?:ลิงก์|ลิงค์|ลิ้ง)?ไปแล้ว",
    re.IGNORECASE,
)
_ONLY_AFRAID = re.compile(
    r"กล[ัั๋]+ว|ย้าน|(?:จะ|ป้องกัน|ระวัง|ไม่ให้)\S{0,4}(?:โดน|ถูก)|ถ้า|หรือเปล่า|ไหม$|มั้ย$"
    r"|เพื่อน|ข้างบ้าน|คนอื่น|เขาว่า|ข่าว|ตั้งแต่|แต่ก่อน|เมื่อก่อน|เคย|เชื่อ|ของจริง|ไว้ใจ"
)
"""Feared, heard of, long ago, or told as the reason not to trust us: nothing to act on now."""
_OF_US = re.compile(r"(?:อัน|ไลน์|บอท|แชต)นี้|แอดไลน์|กดแอด")
_ASKS_WHICH = re.compile(r"ชื่ออะไร|เว็บไหน|คือเว็บ|เว็บอะไร")
_HAS_PAID = re.compile(r"โอน(?:เงิน)?(?:ไป|ให้)?(?:เขา|มัน|หมด)?(?:ไป)?แล้ว")
_OTHERS = re.compile(
    r"(?:ขอ|อยาก|ดู|เช็ค|เช็ก|บอก|ส่ง)\S{0,8}(?:ข้อมูล|รายชื่อ|เบอร์|เลขบัตร|ที่อยู่)(?:ของ)?\s?"
    r"(?:คน(?!ที่|ติด|ละ)|นาย|นาง|ผู้สมัคร|สมาชิก|ชาวบ้าน|ลูกบ้าน|เพื่อน|เมีย|ผัว|แฟน|สามี|ภรรยา|ลูกหนี้)"
)
_LISTED_BY_ME = re.compile(r"ที่(?:ฉัน|ผม|หนู|ป้า|ลุง)?(?:ลง|สมัคร|ส่ง|กรอก)(?:ไว้|ให้|ไป)")
_ACCOUNT = re.compile(r"(?:เลข(?:ที่)?บัญชี|บัญชี(?:ธนาคาร|ออมทรัพย์|เลข)).*\d[\d\- ]{7,}")


def hear(turn: Turn, text: str) -> Decision | None:
    """What is said to such words; None: they are none."""
    kind = _kind(turn, clean(text))
    return answering.spoken(turn, kind) if kind else None


def _kind(turn: Turn, said: str) -> str:
    if not _READ.search(said):
        if any(letter.isalpha() for letter in said):
            return "other_script"
        if any(sign.isalnum() for sign in said) or turn.talk.form is not None:
            return ""
        return "ask_away" if "?" in said or "." in said else "sticker"
    if _TRYING.fullmatch(said) and turn.talk.form is None:
        return "ask_away"
    if plain := next((kind for kind, words in _PLAIN.items() if words.search(said)), ""):
        return plain
    if _is_cheated(turn, said):
        return "cheated"
    if _TOLD_TO_TAP.search(said) and not _OF_US.search(said):
        return "scam_warning"
    around = _LINK.sub("", said).strip()
    if (around != said or "ลิ" in said or "เว็บ" in said) and _is_about_a_link(around, said):
        return "link"
    if _OTHERS.search(said) and not _LISTED_BY_ME.search(said):
        return "others_data"
    return "bank_account" if _ACCOUNT.search(said) else ""


def _is_cheated(turn: Turn, said: str) -> bool:
    """Told as done, not feared; «โอนไปแล้ว» alone only after talk of a fraud."""
    if _CHEATED.search(said):
        return not _ONLY_AFRAID.search(said)
    topic = turn.talk.topic_on(turn.now)
    return bool(topic and topic.intent is Intent.BOT_IDENTITY and _HAS_PAID.search(said))


def _is_about_a_link(around: str, said: str) -> bool:
    """A link with hardly a word, or words that ask whether one is genuine."""
    if around == said:
        return (
            not _ASKS_WHICH.search(said)
            and len(said) > 12
            and _ABOUT_A_LINK.search(said) is not None
        )
    return _ABOUT_A_LINK.search(around) is not None
