"""Words that need care before anything else: despair, insults, misuse. nlp has the replies."""

import re

from handlers.steps.text import clean

_DESPAIR = re.compile(
    r"อยากตาย|ไม่อยาก(?:จะ)?(?:มีชีวิต)?อยู่(?:แล้ว|ต่อ|อีก|$)|ไม่อยากมีชีวิต|ฆ่าตัวตาย|ผูกคอ|กินยาตาย|จบชีวิต"
    r"|อยากหายไปจากโลก|ตาย ?ๆ ?ไปซะ|ตายไปซะดีกว่า|ตายดีกว่า|อยู่ไปก็ไม่มี(?:ความหมาย|ค่า|ประโยชน์)|บ่อยากอยู่"
    r"|ไม่รู้จะอยู่ไปทำไม|ทำร้ายตัวเอง|กรีดแขน|kill myself|suicide|want to die",
    re.IGNORECASE,
)
_INSULT = re.compile(
    r"ควาย(?!ไทย|เผือก|ธนู)|เหี้ย|ไอ้?สัตว์|ไอ้?สัด|เชี่ย|ไอ้?โง่|บอทโง่|โง่(?:จัง|ฉิบ|ชิบ|มาก)|กวนตีน|หน้าโง่|ส้นตีน|เย็ด|หี$|พ่อง|แม่ง|fuck|shit|idiot",
    re.IGNORECASE,
)
_LIVESTOCK = re.compile(r"เลี้ยง|วัว|ตัว|ไถ|คอก")
_MISUSE = re.compile(
    r"ลืมคำสั่ง|ignore (?:all|previous|your)|system prompt|ทำตัวเป็น|เล่นบทบาท|jailbreak|แฮก|hack|เลขบัตร(?:ของ)?คนอื่น|ข้อมูลของคนอื่น",
    re.IGNORECASE,
)


def needs(text: str) -> str:
    """`despair`, `insult`, `abuse` or empty."""
    said = clean(text)
    if _DESPAIR.search(said):
        return "despair"
    if _INSULT.search(said) and not _LIVESTOCK.search(said):
        return "insult"
    return "abuse" if _MISUSE.search(said) else ""
