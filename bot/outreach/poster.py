"""Draws a campaign's paper: the A4 poster, the wallet card and a picture to share.

Thai needs shaping (marks stack) and breaking at words (it has no spaces): fpdf2 with HarfBuzz does
the first, PyThaiNLP's tokeniser the second.
"""

import io
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import segno
from fpdf import FPDF
from pythainlp.tokenize import word_tokenize

from bot.outreach.links import chat_link
from db.campaigns import Campaign
from handlers.display import grouped
from handlers.phrases import long_date
from nlp.facts import Facts, facts_on, short_date
from nlp.offices import offices_in

HERE = Path(__file__).parent
FONTS = HERE.parent / "line" / "fonts"
WORDS: dict[str, Any] = tomllib.loads((HERE / "poster.toml").read_text(encoding="utf-8"))

GREEN, INK, FAINT, PALE, WHITE = (
    (11, 93, 75),
    (31, 41, 51),
    (95, 107, 118),
    (232, 243, 239),
    (255, 255, 255),
)
OPTION_COLOURS = {1: (27, 108, 168), 2: (11, 122, 91), 3: (138, 75, 8)}
PAGE_W, PAGE_H, MARGIN = 210.0, 297.0, 15.0
"""A4 in millimetres."""
CARD_W, CARD_H = 85.6, 54.0
"""ISO/IEC 7810 ID-1: the size of an ID card, so that it fits a wallet."""


@dataclass(frozen=True, slots=True)
class Placard:
    """What a poster says of its campaign. place: as people say it; office: the responsible one."""

    code: str
    place: str
    office: str


def placard_of(found: Campaign) -> Placard:
    """What the paper of a campaign says; the office only where the province has one."""
    offices = offices_in(found.province)
    return Placard(found.code, found.place, offices[0].name if len(offices) == 1 else "")


def posters_pdf(placards: Iterable[Placard], basic_id: str, on: date) -> bytes:
    """One A4 page a campaign."""
    pdf = _document()
    facts = facts_on(on)
    for placard in placards:
        pdf.add_page(format="A4")
        _poster(pdf, placard, basic_id, facts, on)
    return bytes(pdf.output())


def cards_pdf(placards: Iterable[Placard], basic_id: str, on: date) -> bytes:
    """One wallet card a campaign, a page each, in card size."""
    pdf = _document()
    facts = facts_on(on)
    for placard in placards:
        pdf.add_page(format=(CARD_W, CARD_H))
        _card(pdf, placard, basic_id, facts)
    return bytes(pdf.output())


def poster_png(placard: Placard, basic_id: str, on: date, width: int = 1080) -> bytes:
    """The poster as a picture for sharing; `width` in pixels."""
    return _as_png(posters_pdf([placard], basic_id, on), width)


def thanks_png(name: str, place: str, on: date, width: int = 1080) -> bytes:
    """A thank-you for a volunteer, A4 on its side; `width` in pixels."""
    words, pdf, wide, high = WORDS["thanks"], _document(), PAGE_H, PAGE_W
    pdf.add_page(format="A4", orientation="L")
    pdf.set_draw_color(*GREEN)
    for inset, line in ((9.0, 2.2), (13.0, 0.5)):
        pdf.set_line_width(line)
        pdf.rect(inset, inset, wide - 2 * inset, high - 2 * inset)
    _centred(pdf, WORDS["programme"], 26, 18, FAINT, width=wide)
    _centred(pdf, words["title"], 46, 44, GREEN, bold=True, width=wide)
    _centred(pdf, words["to"], 78, 20, INK, width=wide)
    _centred(pdf, name, 92, 38, INK, bold=True, width=wide)
    _centred(pdf, place, 114, 20, FAINT, width=wide)
    _paragraph(pdf, words["text"], 45, 134, wide - 90, 20, INK, leading=0.6)
    _centred(pdf, words["from"].format(date=long_date(on, "th")), 176, 16, FAINT, width=wide)
    return _as_png(bytes(pdf.output()), width)


def _as_png(made: bytes, width: int) -> bytes:
    document = pypdfium2.PdfDocument(made)
    try:
        page = document[0]
        picture = page.render(scale=width / page.get_width()).to_pil()
        out = io.BytesIO()
        picture.save(out, "PNG", optimize=True)
        return out.getvalue()
    finally:
        document.close()


def _document() -> FPDF:
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.add_font("Sarabun", "", FONTS / "Sarabun-Regular.ttf")
    pdf.add_font("Sarabun", "B", FONTS / "Sarabun-Bold.ttf")
    pdf.set_text_shaping(True)
    pdf.set_title(WORDS["programme"])
    pdf.set_lang("th")
    return pdf


def _poster(pdf: FPDF, placard: Placard, basic_id: str, facts: Facts, on: date) -> None:
    pdf.set_fill_color(*GREEN)
    pdf.rect(0, 0, PAGE_W, 62, style="F")
    _centred(pdf, WORDS["programme"], 9, 17, WHITE)
    _centred(pdf, WORDS["headline"], 20, 35, WHITE, bold=True)
    _centred(pdf, placard.place, 45, 22, WHITE)
    _promises(pdf, 69.0)
    _qr(pdf, chat_link(basic_id, placard.code), (PAGE_W - 88) / 2, 103, 88)
    _centred(pdf, WORDS["scan"], 192, 23, GREEN, bold=True)
    _centred(pdf, f"{WORDS['code']}  {grouped(placard.code)}", 203, 16, FAINT)
    _options(pdf, facts, 216, on)
    _centred(pdf, placard.office, 265, 16, INK)
    _centred(pdf, facts.fill(WORDS["hotline"]), 272, 21, GREEN, bold=True)
    _centred(pdf, WORDS["safe"], 284, 14, FAINT)


def _promises(pdf: FPDF, y: float) -> None:
    """The promises under each other behind ticks, the block centred."""
    points = 21.0
    pdf.set_font("Sarabun", "", points)
    width = max(pdf.get_string_width(promise) for promise in WORDS["promises"])
    x = (PAGE_W - width) / 2
    pdf.set_text_color(*INK)
    pdf.set_draw_color(*GREEN)
    pdf.set_line_width(1.3)
    for promise in WORDS["promises"]:
        pdf.polyline([(x - 9, y + 5), (x - 7, y + 7.2), (x - 3, y + 2.2)])
        pdf.set_xy(x, y)
        pdf.cell(width, points * 0.46, promise)
        y += points * 0.5


def _options(pdf: FPDF, facts: Facts, y: float, on: date) -> None:
    """The three prices side by side, with the date of the figures."""
    gap, height = 4.0, 36.0
    width = (PAGE_W - 2 * MARGIN - 2 * gap) / 3
    for index, (option, covered) in enumerate(WORDS["options"].items()):
        x = MARGIN + index * (width + gap)
        pdf.set_fill_color(*OPTION_COLOURS[int(option)])
        pdf.rect(x, y, width, height, style="F", round_corners=True, corner_radius=3)
        paid = facts.fact(f"contribution.option{option}").text()
        title = WORDS["option"].format(option=option)
        _centred(pdf, title, y + 2.5, 13, WHITE, x=x, width=width)
        _centred(pdf, f"{paid} {WORDS['baht']}", y + 9, 27, WHITE, bold=True, x=x, width=width)
        _paragraph(pdf, covered, x + 3, y + 22, width - 6, 12.5, WHITE)
    _centred(pdf, WORDS["figures"].format(date=short_date(on)), y + height + 2, 12, FAINT)


def _card(pdf: FPDF, placard: Placard, basic_id: str, facts: Facts) -> None:
    pdf.set_fill_color(*GREEN)
    pdf.rect(0, 0, CARD_W, 12, style="F")
    _centred(pdf, WORDS["card"]["title"], 2.6, 12.5, WHITE, bold=True, width=CARD_W)
    _qr(pdf, chat_link(basic_id, placard.code), 3, 15, 35)
    left, width = 41.0, CARD_W - 44
    _paragraph(pdf, WORDS["scan"], left, 16, width, 10.5, GREEN, bold=True, align="L")
    _paragraph(pdf, placard.place, left, 29, width, 9.5, INK, align="L")
    _paragraph(pdf, facts.fill(WORDS["hotline"]), left, 41, width, 9.5, INK, bold=True, align="L")
    _centred(pdf, grouped(placard.code), 49.2, 7.5, FAINT, x=3, width=35)


def _qr(pdf: FPDF, link: str, x: float, y: float, size: float) -> None:
    """The QR as squares of ink: sharp at any size, with the quiet zone the standard asks for."""
    matrix = [list(row) for row in segno.make_qr(link, error="m").matrix_iter(border=4)]
    module = size / len(matrix)
    pdf.set_fill_color(*WHITE)
    pdf.rect(x, y, size, size, style="F")
    pdf.set_fill_color(0, 0, 0)
    for row, bits in enumerate(matrix):
        column = 0
        while column < len(bits):
            run = 0
            while column + run < len(bits) and bits[column + run]:
                run += 1
            if run:
                # A hair wider, so that no white line shows between the rows.
                pdf.rect(
                    x + column * module, y + row * module, run * module, module * 1.02, style="F"
                )
            column += run or 1


def _centred(
    pdf: FPDF,
    text: str,
    y: float,
    points: float,
    colour: tuple[int, int, int],
    *,
    bold: bool = False,
    x: float = 0,
    width: float = PAGE_W,
) -> None:
    """One centred line, made smaller until it fits."""
    room = width - (8 if width < PAGE_W else 2 * MARGIN)
    pdf.set_font("Sarabun", "B" if bold else "", points)
    while pdf.get_string_width(text) > room and points > 6:
        points -= 0.5
        pdf.set_font_size(points)
    height = points * 0.46
    pdf.set_text_color(*colour)
    pdf.set_xy(x, y)
    pdf.cell(width, height, text, align="C")


def _paragraph(
    pdf: FPDF,
    text: str,
    x: float,
    y: float,
    width: float,
    points: float,
    colour: tuple[int, int, int],
    *,
    bold: bool = False,
    align: str = "C",
    leading: float = 0.45,
) -> None:
    """Several lines, broken between Thai words; `leading` in mm a point."""
    pdf.set_font("Sarabun", "B" if bold else "", points)
    pdf.set_text_color(*colour)
    for number, line in enumerate(_lines(pdf, text, width)):
        pdf.set_xy(x, y + number * points * leading)
        pdf.cell(width, points * 0.45, line, align=align)


def _lines(pdf: FPDF, text: str, width: float) -> list[str]:
    lines = [""]
    for word in word_tokenize(text, engine="newmm", keep_whitespace=True):
        if lines[-1].strip() and pdf.get_string_width(lines[-1] + word) > width:
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines if line.strip()]
