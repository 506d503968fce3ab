"""Command words: what a person types, or a button does, whatever else is going on."""

import re

from handlers.steps.text import clean, plain

_ANYWHERE = {
    "menu": r"เมนู|menu|ช่วยด้วย|help|หน้าแรก",
    "mydata": r"(?:ดู)?ข้อมูลของ(?:ฉัน|ผม|หนู|ดิฉัน|เรา)|my data",
    "looks": r"ใคร(?:ดู|เปิดดู|เห็น)ข้อมูล(?:ของ)?(?:ฉัน|ผม|หนู|ดิฉัน|เรา)?(?:บ้าง)?|who looked.*",
    "copy": r"(?:ขอ(?:สำเนา)?|ดาวน์โหลด)ข้อมูล(?:ของ)?(?:ฉัน|ผม|หนู)?|ขอสำเนา|copy of my data",
    "erase": r"(?:ขอ)?ลบข้อมูล(?:ของ)?(?:ฉัน|ผม|หนู|ทั้งหมด|ส่วนตัว)*(?:เลย|ให้หมด|ให้หน่อย)?|ถอนความยินยอม|delete my data",
    "status": r"(?:ขอ)?(?:ดู|เช็ค|เช็ก|ตรวจสอบ|ติดตาม)?สถานะ|my status|ติดตามเรื่อง",
    "reopen": r"ยังไม่(?:ได้รับการติดต่อ|มีใครโทร(?:มา)?|มีคนโทร(?:มา)?|มีใครติดต่อ(?:มา)?|มีเจ้าหน้าที่โทร(?:มา)?)(?:เลย)?",
    "easy_on": r"(?:ขอ)?(?:แบบ|โหมด)?อ่านง่าย(?:ๆ)?|ตัวหนังสือใหญ่(?:ๆ)?|easy reading",
    "easy_off": r"แบบปกติ|โหมดปกติ|normal",
    "lang_en": r"english|in english|ภาษาอังกฤษ|speak english",
    "lang_th": r"ไทย|ภาษาไทย|thai",
    "staff": r"(?:ขอ)?(?:คุย|พูด|ติดต่อ)กับ(?:เจ้าหน้าที่|คน|จนท\.?)(?:จริง(?:ๆ)?)?|ขอเจ้าหน้าที่|talk to (?:an officer|a person|a human)",
    "recommend": r"ช่วยเลือก(?:ให้)?(?:หน่อย|ที)?(?:หน่อย)?|help me choose",
    "notice": r"อ่านรายละเอียด|ประกาศ(?:เรื่อง)?ข้อมูลส่วน(?:ตัว|บุคคล)|privacy notice",
    "callback": r"เบอร์นี้(?:ของ)?จริง(?:ไหม|มั้ย|หรือเปล่า|ป่าว).*|.*(?:คำลับ|รหัสลับ|call ?back word).*|.*โทรมา.*(?:ตัวจริง|มิจฉาชีพ|หลอก|จริงไหม|จริงมั้ย).*",
}
_IN_FORM = {
    "back": r"ย้อนกลับ|ย้อน|กลับ|ถอยหลัง|ถอยกลับ|(?:กลับ)?ข้อก่อน(?:หน้า)?|ก่อนหน้า|back",
    "cancel": r"ยกเลิก(?:การสมัคร|ลงทะเบียน)?|(?:ขอ)?เลิก|ไม่สมัครแล้ว|ไม่ทำแล้ว|ไม่เอาแล้ว|พอแล้ว|cancel|stop|บ่เอาแล้ว",
    "edit": r"(?:ขอ)?แก้ไข(?:ข้อมูล)?|(?:ขอ)?แก้|edit|change",
    "pause": r"(?:ขอ)?พัก(?:ไว้)?(?:ก่อน)?|ไว้ก่อน|เดี๋ยว(?:ค่อย)?(?:มา|กลับมา)(?:ทำ)?(?:ต่อ)?(?:ใหม่)?|เดี๋ยวก่อน|รอแป๊บ(?:นึง)?|แป๊บนึง|pause|later",
    "resume": r"(?:สมัคร|ทำ|กรอก|ลงทะเบียน)?ต่อ(?:เลย)?|ถามใหม่|ทวน(?:คำถาม)?|(?:ถาม)?อีกที|อะไรนะ|ว่าไงนะ|continue|go on|repeat",
    "restart": r"เริ่ม(?:ต้น)?ใหม่(?:หมด|ทั้งหมด)?|restart|start over",
    "skip": r"ข้าม(?:ไป)?(?:ก่อน|เลย)?|skip",
    "nudge": r"เตือนฉันด้วย|เตือนด้วย|remind me",
}
_YES = r"ใช่(?:เลย|แล้ว)?|ได้(?:เลย)?|ตกลง|โอเค|ok(?:ay)?|yes|y|ยืนยัน|ถูก(?:ต้อง|แล้ว)?|แม่น(?:แล้ว)?|เอา|ลบ(?:เลย)?|ยินยอม|อือ|อืม|เออ|ครับ|ค่ะ|คะ|จ้า|จ้ะ|ส่งเลย|ถอน(?:เลย)?|เลิก"
_NO = r"ไม่(?:ใช่|เอา|ลบ|ถอน|เลิก|ส่ง|แล้ว|ต้อง|เป็นไร)?|บ่(?:เอา|แม่น)?|อย่า(?:ลบ|เพิ่ง)?|no|n|ยัง(?:ก่อน|ไม่)?|เปล่า|ทำต่อ|เก็บไว้"
_PATTERNS = {key: re.compile(p) for key, p in (_ANYWHERE | _IN_FORM).items()}
_YES_WORDS, _NO_WORDS = re.compile(_YES), re.compile(_NO)
_CLAIM = re.compile(r"^(?:รับเรื่อง|claim)\s*:?\s*([0-9A-Za-z\- ]{8,60})$", re.IGNORECASE)
_CAMPAIGN = re.compile(
    r"^(?:รหัส|โค้ด|code)\s*:?\s*([0-9A-Za-z]{4}(?:[\- ]?[0-9A-Za-z]{2,4}){0,3})$", re.I
)
BOT_NAME = re.compile(r"@?(?:น้อง|นอง)\s?(?:สี่สิบ|40|๔๐)|nong\s?sisip", re.IGNORECASE)


def command(text: str, *, in_form: bool) -> str:
    """The command that the whole message is; empty: it is none."""
    said = plain(text)
    names = (*_ANYWHERE, *_IN_FORM) if in_form else _ANYWHERE
    return next((name for name in names if _PATTERNS[name].fullmatch(said)), "")


def yes_or_no(text: str) -> bool | None:
    """A plain yes or no to a question of ours; None: neither."""
    said = plain(text)
    if _NO_WORDS.fullmatch(said):
        return False
    return True if _YES_WORDS.fullmatch(said) else None


def claim_code(text: str) -> str:
    """The hand-over code of «รับเรื่อง …»; empty: none."""
    found = _CLAIM.match(clean(text))
    return re.sub(r"[\s\-]", "", found[1]).upper() if found else ""


def campaign_code(text: str) -> str:
    """The poster's code of «รหัส …»; empty: none."""
    found = _CAMPAIGN.match(clean(text))
    return re.sub(r"[\s\-]", "", found[1]).upper() if found else ""
