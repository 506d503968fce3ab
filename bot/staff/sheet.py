"""The prefilled sheet: one A4 page a lead, what the bot was told, room for corrections and a name.

It is titled as preliminary data, not as the official form. Thai is shaped by HarfBuzz, so that the
marks stack.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import segno
from fpdf import FPDF

from bot.staff.labels import birth_date, label, thai_moment
from bot.staff.masks import dashed
from db.lead_cells import Person
from db.lead_tables import Registration

FONTS = Path(str(files("bot.line") / "fonts"))
MARGIN, WIDTH = 18.0, 210.0
LABEL_W, LINE_H = 45.0, 10.5


@dataclass(frozen=True, slots=True)
class Sheet:
    """A lead and its opened cells."""

    lead: Registration
    person: Person


def sheets_pdf(sheets: Sequence[Sheet], printed_by: str, at: datetime) -> bytes:
    """All sheets in one file."""
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(MARGIN)
    pdf.add_font("Sarabun", "", FONTS / "Sarabun-Regular.ttf")
    pdf.add_font("Sarabun", "B", FONTS / "Sarabun-Bold.ttf")
    pdf.set_text_shaping(True)
    for sheet in sheets:
        pdf.add_page()
        _head(pdf, sheet)
        for name, value in _lines(sheet):
            _line(pdf, name, value)
        _foot(pdf, printed_by, at)
    return bytes(pdf.output())


def _head(pdf: FPDF, sheet: Sheet) -> None:
    pdf.set_font("Sarabun", "B", 19)
    pdf.cell(0, 11, "ข้อมูลเบื้องต้นจากน้องสี่สิบ", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Sarabun", "", 12)
    words = "ใช้ตรวจสอบและกรอกใบสมัครมาตรา 40 ไม่ใช่แบบฟอร์มราชการ"
    pdf.cell(0, 7, words, new_x="LMARGIN", new_y="NEXT")
    picture = io.BytesIO()
    segno.make(sheet.lead.reference, error="m").save(picture, kind="png", scale=6, border=1)
    picture.seek(0)
    pdf.image(picture, x=WIDTH - MARGIN - 28, y=MARGIN - 3, w=28)
    pdf.ln(14)


def _lines(sheet: Sheet) -> list[tuple[str, str]]:
    lead, who = sheet.lead, sheet.person
    place = f"ต.{lead.tambon} อ.{lead.district} จ.{lead.province}"
    return [
        ("เลขอ้างอิง", lead.reference),
        ("ชื่อ นามสกุล", f"{who.title} {who.first_name} {who.last_name}".strip()),
        ("เลขบัตรประชาชน", dashed(who.id_number) or "ไม่ได้ให้ไว้"),
        ("วันเกิด", birth_date(who.birth_on)),
        ("เบอร์โทร", dashed(who.phone)),
        ("เวลาที่สะดวก", label("contact_time", lead.contact_time)),
        ("ที่อยู่", who.address or "–"),
        ("", place),
        ("อาชีพ", label("occupation", lead.occupation)),
        ("ทางเลือกที่สนใจ", label("option", lead.option or "unsure")),
        ("ลงทะเบียนเมื่อ", thai_moment(lead.created_at)),
    ]


def _line(pdf: FPDF, name: str, value: str) -> None:
    pdf.set_font("Sarabun", "", 11)
    pdf.set_text_color(85)
    pdf.cell(LABEL_W, LINE_H, name)
    pdf.set_text_color(0)
    pdf.set_font("Sarabun", "B", 14)
    pdf.multi_cell(0, LINE_H, value, new_x="LMARGIN", new_y="NEXT", border="B")


def _foot(pdf: FPDF, printed_by: str, at: datetime) -> None:
    pdf.ln(8)
    pdf.set_font("Sarabun", "", 12)
    pdf.multi_cell(0, 7, "แก้ไข (ถ้ามี)", new_x="LMARGIN", new_y="NEXT")
    for _ in range(2):
        pdf.cell(0, 10, "", border="B", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(12)
    pdf.cell(87, 8, "ลงชื่อ ...................................................... เจ้าตัว")
    pdf.cell(0, 8, "วันที่ ............................................", align="R")
    pdf.set_y(-22)
    pdf.set_font("Sarabun", "", 9)
    pdf.set_text_color(85)
    note = f"พิมพ์โดย {printed_by} {thai_moment(at)} เก็บเป็นความลับ ทำลายเมื่อใช้เสร็จ"
    pdf.cell(0, 6, note)
    pdf.set_text_color(0)
