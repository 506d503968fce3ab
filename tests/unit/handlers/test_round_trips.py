"""Every Thai rendering of a date, a phone number and an ID number is read back as what it was."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from stdnum.th import pin

from handlers.steps import dates, phone, thai_id
from handlers.steps.outcome import Heard
from handlers.steps.text import plain
from tests.unit.handlers.fakes import TODAY

HEARD = Heard(TODAY)
SHORT = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
]
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
WORDS = ["ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"]
POLITE = st.sampled_from(["", " ค่ะ", "ค่ะ", " ครับ", "คับ", " นะคะ", "จ้า", " จ้า"])


def renderings(day: date) -> list[str]:
    """The date as people write it, with a whole year."""
    d, m, be = day.day, day.month, day.year + dates.BUDDHIST
    long, short = dates.MONTHS[m - 1], SHORT[m - 1]
    return [
        f"{d} {long} {be}",
        f"{d}{long}{be}",
        f"วันที่ {d} เดือน{long} พ.ศ. {be}",
        f"เกิดวันที่ {d} {long} {be}",
        f"{d} {short} {be}",
        f"{d}{short}{be}",
        f"{d} {short.replace('.', '')} {be}",
        f"{d}/{m}/{be}",
        f"{d:02}/{m:02}/{be}",
        f"{d}-{m}-{be}",
        f"{d}.{m}.{be}",
        f"{d} {m} {be}",
        f"{d:02}{m:02}{be}",
        f"{be}-{m:02}-{d:02}",
        f"{d} {long} {day.year}",
        f"{d}/{m}/{day.year}",
        day.isoformat(),
    ]


@given(
    st.dates(date(1927, 1, 1), date(2020, 12, 31)),
    st.integers(0, 16),
    st.booleans(),
    POLITE,
)
def test_a_date_is_read_back_from_any_rendering(
    day: date, which: int, thai: bool, polite: str
) -> None:
    text = renderings(day)[which]
    text = (text.translate(THAI_DIGITS) if thai else text) + polite
    assert dates.BIRTH_DATE.read(text, HEARD) == day.isoformat()


@given(
    st.sampled_from(["081", "089", "062", "095", "090"]),
    st.integers(0, 9_999_999),
    st.sampled_from(["", "-", " ", "."]),
    st.sampled_from(["national", "+66", "66", "words"]),
    st.booleans(),
    POLITE,
)
def test_a_phone_number_is_read_back_from_any_rendering(
    start: str, rest: int, gap: str, form: str, thai: bool, polite: str
) -> None:
    number = f"{start}{rest:07}"
    text = gap.join([number[:3], number[3:6], number[6:]])
    if form == "words":
        text = "".join(WORDS[int(digit)] for digit in number)
    elif form != "national":
        text = form + gap + text[1:]
    text = (text.translate(THAI_DIGITS) if thai else text) + polite
    assert phone.PHONE.read(text, HEARD) == number


@given(
    st.integers(10**11, 9 * 10**11 - 1),
    st.sampled_from(["", "-", " ", "."]),
    st.booleans(),
    st.booleans(),
    POLITE,
)
def test_an_id_number_is_read_back_from_any_rendering(
    body: int, gap: str, thai: bool, words: bool, polite: str
) -> None:
    number = f"{body}{pin.calc_check_digit(str(body))}"
    parts = (number[0], number[1:5], number[5:10], number[10:12], number[12])
    text = "".join(WORDS[int(d)] for d in number) if words else gap.join(parts)
    text = (text.translate(THAI_DIGITS) if thai else text) + polite
    assert thai_id.ID_NUMBER.read(text, HEARD) == number


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)
