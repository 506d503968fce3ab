"""What stands around a question, dropped: a greeting, thanks, and what is said not to be meant
(«ไม่ได้จะเปลี่ยน จะเลิกเลย»).
"""

import re

_POLITE = (
    r"(?:ค่ะ|คะ|ครับ|คับ|ค้าบ|จ้า|จ้ะ|จ๊ะ|เจ้า|เด้อ|นะ|ฮะ|พี่|น้อง|แอดมิน|หลาน|ลูก|มาก|หลาย|ล่วงหน้า|ๆ|ด้วย| )*"
)
_GREETING = re.compile(
    rf"^(?:(?:ฮัลโหล|อัลโหล|ฮาโหล|สวัสดี|สวัดดี|หวัดดี|ดีค่ะ|ดีครับ|hello|hi(?![a-z])){_POLITE})+"
    rf"(?:สบายดี(?:ไหม|มั้ย|บ่|ก่อ){_POLITE})?"
)
_THANKS = re.compile(rf"(?:ขอบคุณ|ขอบคุน|ขอบใจ|thank you|thanks){_POLITE}$")
_QUESTION = re.compile(
    r"ไหม|มั้ย|มัย|ไง|อย่างไร|เท่า|กี่|ที่ไหน|ตรงไหน|อันไหน|เมื่อไ|หรือ|อะไร|ใคร|ทำไม|จั่งใด|จักบาท"
    r"|ม่องใด|จะใด|พรื่อ?|อยาก|ต้องการ|สมัคร|(?<=[ก-๙])(?:บ่|ก่อ|กา)(?=$| |เด้อ|น้อ|เจ้า|ล่ะ)|ป่าว|เปล่า"
    r"|หรอ|เหรอ|จักบาท|ใด๋|\b(?:can|how|what|where|when|who|which|do|does|is|are)\b"
)
_NO_QUESTION = re.compile(r"(?:ไม่|บ่)มี(?:อะไร|คำถาม|หยัง)|ไว้มี|ถ้ามี|เข้าใจ|เรียบร้อย|แล้ว(?:ค่ะ|ครับ|จ้า| )*$")
_NOT_MEANT = re.compile(
    r"^(?:แต่)?(?:ไม่|บ่)ได้(?:จะ|อยาก|ถาม|หมายถึง|พูดถึง|ว่าจะ)[^ ]{2,30}[ ,]+"
    r"(?=(?:แต่|คือ)?(?:จะ|อยาก|ถาม|หมายถึง|พูดถึง|ขอ|ต้องการ))"
)
_SHORTEST = 6


def without_courtesy(text: str) -> str:
    """The normalised message by itself, when something is asked besides the greeting or thanks."""
    bare = _NOT_MEANT.sub("", _asks(text, _GREETING.sub("", text)))
    return _asks(bare, _THANKS.sub("", bare))


def _asks(whole: str, rest: str) -> str:
    rest = rest.strip(" ,")
    asked = len(rest) >= _SHORTEST and _QUESTION.search(rest) and not _NO_QUESTION.search(rest)
    return rest if asked else whole
