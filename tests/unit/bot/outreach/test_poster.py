"""Posters say the right figures, carry their code, and a real decoder reads their QR."""

import io
from datetime import date
from urllib.parse import unquote

import pypdfium2
import pytest
from PIL import Image
from pyzbar.pyzbar import decode

from bot.outreach.links import chat_link
from bot.outreach.poster import Placard, cards_pdf, poster_png, posters_pdf
from handlers.display import grouped
from nlp.facts import facts_on

ON = date(2026, 11, 25)
PLACARD = Placard("K7M29QXT", "บ้านนาดี ต.นาดี อ.เมืองอุดรธานี จ.อุดรธานี", "สำนักงานประกันสังคมจังหวัดอุดรธานี")


def words(pdf: bytes) -> str:
    """The text of a PDF as a reader would copy it."""
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_link_opens_the_chat_with_the_code_typed() -> None:
    link = chat_link("@abc1234", "K7M29QXT")
    assert link.startswith("https://line.me/R/oaMessage/%40abc1234/?")
    assert unquote(link).endswith("รหัส K7M2-9QXT")
    assert len(link) <= 1000


def test_a_real_decoder_reads_the_qr_from_a_page_of_300_pixels() -> None:
    picture = Image.open(io.BytesIO(poster_png(PLACARD, "@abc1234", ON, width=300)))
    # Each module is two and a half pixels then; a phone's camera sees far more.
    assert [code.data.decode() for code in decode(picture)] == [chat_link("@abc1234", "K7M29QXT")]
    card = pypdfium2.PdfDocument(cards_pdf([PLACARD], "@abc1234", ON))[0]
    found = decode(card.render(scale=300 / card.get_width()).to_pil())
    assert [code.data.decode() for code in found] == [chat_link("@abc1234", "K7M29QXT")]


def test_the_poster_shows_the_contributions_of_its_day() -> None:
    text = words(posters_pdf([PLACARD], "@abc1234", ON))
    facts = facts_on(ON)
    for option in (1, 2, 3):
        assert facts.fact(f"contribution.option{option}").text() in text
    assert facts.fact("contact.hotline").text() in text
    assert grouped(PLACARD.code) in text


def test_a_batch_is_one_page_a_village() -> None:
    pdf = posters_pdf([PLACARD] * 3, "@abc1234", ON)
    assert len(pypdfium2.PdfDocument(pdf)) == 3
    assert len(pypdfium2.PdfDocument(cards_pdf([PLACARD] * 2, "@abc1234", ON))) == 2


@pytest.mark.parametrize("place", ["บ้าน" + "ยาว" * 60, "x"])
def test_long_names_stay_on_the_page(place: str) -> None:
    picture = Image.open(io.BytesIO(poster_png(Placard("K7M29QXT", place, "ส"), "@a", ON, 400)))
    edge = [picture.getpixel((x, y)) for y in range(picture.height) for x in (0, 399)]
    assert set(edge) == {(11, 93, 75), (255, 255, 255)}
