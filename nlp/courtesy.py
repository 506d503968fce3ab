"""A greeting before a question and thanks after it, dropped: «สมัครยังไง ขอบคุณค่ะ» asks how
to join.
"""

import re

_POLITE = (
    r"(?:ค่ะ|คะ|ครับ|คับ|ค้าบ|จ้า|จ้ะ|จ๊ะ|เจ้า|เด้อ|นะ|ฮะ|พี่|น้อง|แอดมิน|หลาน|ลูก|มาก|หลาย|ล่วงหน้า|ๆ|ด้วย| )*"
)
_GREETING = re.compile(
    rf"^(?:สวัสดี|สวัดดี|หวัดดี|ดีค่ะ|ดีครับ|hello|hi(?![a-z])){_POLITE}"
    rf"(?:สบายดี(?:ไหม|มั้ย|บ่|ก่อ){_POLITE})?"
)
_THANKS = re.compile(rf"(?:ขอบคุณ|ขอบคุน|ขอบใจ|thank you|thanks){_POLITE}$")
_QUESTION = re.compile(
    r"ไหม|มั้ย|มัย|ไง|อย่างไร|เท่า|กี่|ที่ไหน|ตรงไหน|อันไหน|เมื่อไ|หรือ|อะไร|ใคร|ทำไม|จั่งใด|จักบาท"
    r"|ม่องใด|จะใด|พรื่อ|อยาก|ต้องการ|สมัคร"
)
_NO_QUESTION = re.compile(r"(?:ไม่|บ่)มี(?:อะไร|คำถาม|หยัง)|ไว้มี|ถ้ามี|เข้าใจ|เรียบร้อย|แล้ว(?:ค่ะ|ครับ|จ้า| )*$")
_SHORTEST = 6


def without_courtesy(text: str) -> str:
    """The normalised message by itself, when something is asked besides the greeting or thanks."""
    bare = _asks(text, _GREETING.sub("", text))
    return _asks(bare, _THANKS.sub("", bare))


def _asks(whole: str, rest: str) -> str:
    rest = rest.strip(" ,")
    asked = len(rest) >= _SHORTEST and _QUESTION.search(rest) and not _NO_QUESTION.search(rest)
    return rest if asked else whole
