"""Replies become LINE messages that LINE takes, whatever is put in."""

from typing import Any

import orjson
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.line.render import (
    COLOURS,
    cut_graphemes,
    cut_utf16,
    render,
    split_text,
    utf16,
)
from handlers.replies import Picture, Replies, Say, Show
from nlp.cards import Button, Card, Row

CARD = Card(
    title="ทางเลือก",
    subtitle="เทียบกัน",
    rows=(Row("นอนโรงพยาบาล", "วันละ"), Row("ข้อความยาว"), Row("", "ค่า", strong=True)),
    note="ข้อมูล ณ วันนี้",
    buttons=(Button("สมัครเลย", data="ask:register_start"),),
    colour="option1",
)


def flex_nodes(node: Any) -> list[dict[str, Any]]:
    """Every object of a Flex message."""
    if isinstance(node, list):
        return [found for item in node for found in flex_nodes(item)]
    if isinstance(node, dict):
        return [node, *(found for item in node.values() for found in flex_nodes(item))]
    return []


def test_text_becomes_a_text_message() -> None:
    assert render(Replies((Say("สวัสดีค่ะ"),))) == [{"type": "text", "text": "สวัสดีค่ะ"}]


def test_blank_texts_are_left_out() -> None:
    assert render(Replies((Say("  "), Say("")))) == []


def test_quick_replies_sit_under_the_last_message_and_are_thirteen_at_most() -> None:
    quick = tuple(Button(f"ข้อ {n}", data=f"do:{n}") for n in range(20))
    first, last = render(Replies((Say("หนึ่ง"), Say("สอง")), quick))
    assert "quickReply" not in first
    assert len(last["quickReply"]["items"]) == 13


def test_six_texts_become_five_messages_and_no_word_is_lost() -> None:
    messages = render(Replies(tuple(Say(f"ข้อ {n}") for n in range(6))))
    assert len(messages) == 5
    assert "".join(m["text"] for m in messages).replace("\n", "") == "".join(
        f"ข้อ {n}" for n in range(6)
    )


def test_a_card_is_a_bubble_and_more_are_a_carousel() -> None:
    (one,) = render(Replies((Show((CARD,), "เทียบ"),)))
    (more,) = render(Replies((Show((CARD, CARD), "เทียบ"),)))
    assert one["contents"]["type"] == "bubble"
    assert more["contents"]["type"] == "carousel"
    assert one["altText"] == "เทียบ"


def test_easy_reading_makes_cards_larger() -> None:
    (small,) = render(Replies((Show((CARD,), "เทียบ"),)))
    (large,) = render(Replies((Show((CARD,), "เทียบ"),), large=True))
    assert (small["contents"]["size"], large["contents"]["size"]) == ("mega", "giga")


def test_a_card_too_big_for_line_is_said_in_words() -> None:
    card = Card("ใหญ่", tuple(Row("แถว" * 30, str(n)) for n in range(100)))
    messages = render(Replies((Show((card,), "ใหญ่"),)))
    assert {m["type"] for m in messages} == {"text"}
    assert "99" in messages[-1]["text"]


def test_a_picture_without_a_public_address_is_said_in_words() -> None:
    picture = Replies((Picture("/pictures/x.png", "กราฟเงินออม"),))
    assert render(picture) == [{"type": "text", "text": "กราฟเงินออม"}]
    (image,) = render(picture, "https://bot.example")
    assert image["originalContentUrl"] == "https://bot.example/pictures/x.png"


def test_every_kind_of_button() -> None:
    quick = (
        Button("ส่งที่อยู่", pick="location"),
        Button("เลือกวัน", data="reg:birth", pick="date", initial="1980-01-01"),
        Button("โทร", uri="tel:1506"),
        Button("ถาม", data="ask:greet", say="ถามหน่อย"),
        Button("พูด", say="สวัสดี"),
    )
    (message,) = render(Replies((Say("เลือก"),), quick))
    actions = [item["action"] for item in message["quickReply"]["items"]]
    assert [a["type"] for a in actions] == [
        "location",
        "datetimepicker",
        "uri",
        "postback",
        "message",
    ]
    assert actions[1] == {
        "type": "datetimepicker",
        "label": "เลือกวัน",
        "data": "reg:birth",
        "mode": "date",
        "initial": "1980-01-01",
    }
    assert actions[3]["displayText"] == "ถามหน่อย"


def test_thai_is_counted_as_line_counts_it() -> None:
    assert utf16("ที่🍎") == 5
    assert cut_graphemes("ที่" * 21, 20) == "ที่" * 19 + "…"
    assert cut_utf16("ที่🍎", 4) == "ที่"
    assert split_text("🍎" * 2501) == ["🍎" * 2500, "🍎"]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_pair_of_the_palette_can_be_read() -> None:
    for background, letters in COLOURS.values():
        light, dark = sorted((luminance(background), luminance(letters)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


WORDS = st.text(max_size=60) | st.text(alphabet="กขคที่เแ🍎 ", max_size=400)
BUTTONS = st.builds(
    Button, label=st.text(alphabet="กที่า ", min_size=1, max_size=60), data=st.just("do:x")
)
CARDS = st.builds(
    Card,
    title=st.text(alphabet="กที่ ", min_size=1, max_size=80).filter(str.strip),
    rows=st.lists(st.builds(Row, label=WORDS, value=WORDS), max_size=8).map(tuple),
    note=WORDS,
    buttons=st.lists(BUTTONS, max_size=6).map(tuple),
)
ANYTHING = st.builds(
    Replies,
    messages=st.lists(
        st.builds(Say, text=WORDS)
        | st.builds(Show, cards=st.lists(CARDS, max_size=14).map(tuple), alt=WORDS),
        max_size=8,
    ).map(tuple),
    quick=st.lists(BUTTONS, max_size=20).map(tuple),
    large=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_whatever_is_said_stays_within_lines_limits(replies: Replies) -> None:
    messages = render(replies)
    assert len(messages) <= 5
    for message in messages:
        for node in flex_nodes(message):
            if node.get("type") == "text":
                assert node["text"].strip()
                assert utf16(node["text"]) <= 5000
            if "label" in node:
                assert len(regex.findall(r"\X", node["label"])) <= 40
            if node.get("type") == "carousel":
                assert len(node["contents"]) <= 12
            if node.get("type") == "bubble":
                assert len(orjson.dumps(node)) <= 30_000
        if message["type"] == "flex":
            assert 1 <= utf16(message["altText"]) <= 1500
            assert len(orjson.dumps(message["contents"])) <= 50_000


def test_a_page_of_our_own_gets_its_whole_address_or_no_button() -> None:
    card = Card("ข้อมูลของฉัน", buttons=(Button("เปิดสำเนา", uri="/my-data/ABC"),))
    shown = Replies((Show((card,), "ข้อมูลของฉัน"),))
    whole = render(shown, "https://bot.example")[0]["contents"]
    assert whole["footer"]["contents"][0]["action"]["uri"] == "https://bot.example/my-data/ABC"
    assert "footer" not in render(shown)[0]["contents"]
