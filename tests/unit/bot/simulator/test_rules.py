"""What LINE refuses, by its reference, is refused with the member named; what it takes is taken."""

from typing import Any

import pytest

from bot.simulator.rules import check, check_messages

Json = dict[str, Any]
USER = "U" + "0" * 32


def text(**more: Any) -> Json:
    return {"type": "text", "text": "สวัสดีค่ะ", **more}


def quick(action: Json) -> Json:
    return text(quickReply={"items": [{"type": "action", "action": action}]})


def flex(contents: Json, alt: str = "การ์ด") -> Json:
    return {"type": "flex", "altText": alt, "contents": contents}


def bubble(*contents: Json, layout: str = "vertical", **more: Any) -> Json:
    body = {"type": "box", "layout": layout, "contents": list(contents)}
    return {"type": "bubble", "body": body, **more}


def words(**more: Any) -> Json:
    return {"type": "text", "text": "คำ", **more}


def button(action: Json) -> Json:
    return {"type": "button", "action": action}


def postback(**more: Any) -> Json:
    return {"type": "postback", "label": "ตกลง", "data": "ok", **more}


def picker(**more: Any) -> Json:
    return {"type": "datetimepicker", "label": "วันเกิด", "data": "d", "mode": "date", **more}


def uri(address: str) -> Json:
    return {"type": "uri", "label": "เปิด", "uri": address}


def template(**more: Any) -> Json:
    return {"type": "template", "altText": "เลือก", "template": more}


def column(**more: Any) -> Json:
    return {"text": "คำ", "actions": [postback()], **more}


REFUSED: list[tuple[str, Json, str]] = [
    ("blank text", text(text=""), "messages[0].text"),
    ("text of 5001", text(text="ก" * 5001), "messages[0].text"),
    ("emoji counts two", text(text="🍎" * 2501), "messages[0].text"),
    ("emoji not at a $", text(text="a$", emojis=[{"index": 0}]), "messages[0].emojis[0].index"),
    ("no kind", {"text": "x"}, "messages[0].type"),
    ("unknown kind", {"type": "poem"}, "messages[0].type"),
    ("text as number", text(text=5), "messages[0].text"),
    ("null member", text(sender=None), "messages[0].sender"),
    ("sender named LINE", text(sender={"name": "LINE Thai"}), "messages[0].sender.name"),
    ("long sender", text(sender={"name": "ก" * 21}), "messages[0].sender.name"),
    ("textV2 without substitution", {"type": "textV2", "text": "{who}"}, "messages[0].text"),
    ("14 quick replies", text(quickReply={"items": [{"action": postback()}] * 14}),
     "messages[0].quickReply.items"),
    ("no quick replies", text(quickReply={"items": []}), "messages[0].quickReply.items"),
    ("long label", quick(postback(label="ก" * 21)), "messages[0].quickReply.items[0].action.label"),
    ("no label", quick({"type": "location"}), "messages[0].quickReply.items[0].action.label"),
    ("data of 301", quick(postback(data="x" * 301)), "messages[0].quickReply.items[0].action.data"),
    ("blank data", quick(postback(data="")), "messages[0].quickReply.items[0].action.data"),
    ("said twice", quick(postback(displayText="ก", text="ข")),
     "messages[0].quickReply.items[0].action.text"),
    ("Buddhist year", quick(picker(initial="2569-01-01")),
     "messages[0].quickReply.items[0].action.initial"),
    ("min after max", quick(picker(min="2026-02-01", max="2026-01-01")),
     "messages[0].quickReply.items[0].action.min"),
    ("day that is none", quick(picker(max="2026-02-30")),
     "messages[0].quickReply.items[0].action.max"),
    ("Thai in an address", flex(bubble(button(uri("https://a.th/ก")))),
     "messages[0].contents.body.contents[0].action.uri"),
    ("script", flex(bubble(button(uri("javascript:alert(1)")))),
     "messages[0].contents.body.contents[0].action.uri"),
    ("address of 1001", flex(bubble(button(uri("https://a.th/" + "x" * 1000)))),
     "messages[0].contents.body.contents[0].action.uri"),
    ("location in a card", flex(bubble(button({"type": "location", "label": "ที่ไหน"}))),
     "messages[0].contents.body.contents[0].action.type"),
    ("long alt", flex(bubble(words()), alt="ก" * 1501), "messages[0].altText"),
    ("blank alt", flex(bubble(words()), alt=""), "messages[0].altText"),
    ("blank Flex text", flex(bubble(words(text=""))), "messages[0].contents.body.contents[0].text"),
    ("unknown member", flex(bubble(words(colour="#000000"))),
     "messages[0].contents.body.contents[0].colour"),
    ("colour by name", flex(bubble(words(color="red"))),
     "messages[0].contents.body.contents[0].color"),
    ("size that is none", flex(bubble(words(size="huge"))),
     "messages[0].contents.body.contents[0].size"),
    ("span in a box", flex(bubble({"type": "span", "text": "x"})),
     "messages[0].contents.body.contents[0].type"),
    ("box in baseline", flex(bubble({"type": "box", "layout": "vertical", "contents": []},
                                    layout="baseline")),
     "messages[0].contents.body.contents[0].type"),
    ("icon in vertical", flex(bubble({"type": "icon", "url": "https://a.th/i.png"})),
     "messages[0].contents.body.contents[0].type"),
    ("body that is no box", flex({"type": "bubble", "body": words()}),
     "messages[0].contents.body.type"),
    ("http image", flex(bubble({"type": "image", "url": "http://a.th/i.png"})),
     "messages[0].contents.body.contents[0].url"),
    ("tall image", flex(bubble({"type": "image", "url": "https://a.th/i.png",
                                "aspectRatio": "1:4"})),
     "messages[0].contents.body.contents[0].aspectRatio"),
    ("bubble over 30 KB", flex(bubble(*[words(text="ก" * 1000)] * 11)), "messages[0].contents"),
    ("empty bubble", flex({"type": "bubble"}), "messages[0].contents"),
    ("13 bubbles", flex({"type": "carousel", "contents": [bubble(words())] * 13}),
     "messages[0].contents.contents"),
    ("two sizes", flex({"type": "carousel",
                        "contents": [bubble(words()), bubble(words(), size="giga")]}),
     "messages[0].contents.contents"),
    ("video in a carousel", flex({"type": "carousel", "contents": [bubble(words(), hero={
        "type": "video", "url": "https://a.th/v", "previewUrl": "https://a.th/p",
        "altContent": {"type": "image", "url": "https://a.th/i"}})]}),
     "messages[0].contents.contents[0].hero.type"),
    ("5 buttons", template(type="buttons", text="x", actions=[postback()] * 5),
     "messages[0].template.actions"),
    ("long buttons text", template(type="buttons", text="ก" * 161, actions=[postback()]),
     "messages[0].template.text"),
    ("text of 61 with a title",
     template(type="buttons", title="ก", text="ก" * 61, actions=[postback()]),
     "messages[0].template.text"),
    ("one choice", template(type="confirm", text="x", actions=[postback()]),
     "messages[0].template.actions"),
    ("uneven columns", template(type="carousel",
                                columns=[column(), column(actions=[postback()] * 2)]),
     "messages[0].template.columns"),
    ("a title in one column", template(type="carousel", columns=[column(), column(title="x")]),
     "messages[0].template.columns"),
    ("menu switch in a chat",
     quick({"type": "richmenuswitch", "label": "x", "richMenuAliasId": "a", "data": "d"}),
     "messages[0].quickReply.items[0].action.type"),
    ("http picture", {"type": "image", "originalContentUrl": "http://a.th/a.png",
                      "previewImageUrl": "https://a.th/a.png"}, "messages[0].originalContentUrl"),
    ("picture without preview", {"type": "image", "originalContentUrl": "https://a.th/a.png"},
     "messages[0].previewImageUrl"),
]  # fmt: skip

TAKEN: list[tuple[str, Json]] = [
    ("5000 letters", text(text="ก" * 5000)),
    ("label of 20 clusters", quick(postback(label="ที่" * 20))),
    ("location", quick({"type": "location", "label": "ส่งตำแหน่ง"})),
    ("date", quick(picker(initial="1980-01-01", min="1961-01-01", max="2011-01-01"))),
    ("telephone", flex(bubble(button(uri("tel:1506"))))),
    ("encoded address", flex(bubble(button(uri("https://a.th/%E0%B8%81?x=1"))))),
    ("carousel of 12", flex({"type": "carousel", "contents": [bubble(words())] * 12})),
    ("spans", flex(bubble({"type": "text", "contents": [{"type": "span", "text": "ก"}]}))),
    ("textV2", {"type": "textV2", "text": "{{x}} ก"}),
    ("confirm", template(type="confirm", text="แน่ใจไหมคะ", actions=[postback()] * 2)),
    ("sticker", {"type": "sticker", "packageId": "446", "stickerId": "1988"}),
]


@pytest.mark.parametrize(
    ("message", "where"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_what_line_refuses_is_refused_at_its_member(message: Json, where: str) -> None:
    assert where in [problem.property for problem in check_messages([message])]


@pytest.mark.parametrize("message", [t[1] for t in TAKEN], ids=[t[0] for t in TAKEN])
def test_what_line_takes_is_taken(message: Json) -> None:
    assert check_messages([message]) == []


@pytest.mark.parametrize("count", [0, 6])
def test_a_call_has_one_to_five_messages(count: int) -> None:
    body = {"to": USER, "messages": [text()] * count}
    assert [p.property for p in check(body, "PushMessageRequest")] == ["messages"]


@pytest.mark.parametrize(
    ("request_body", "where"),
    [
        ({"chatId": USER, "loadingSeconds": 7}, "loadingSeconds"),
        ({"chatId": USER, "loadingSeconds": 65}, "loadingSeconds"),
        ({"chatId": "C" + "0" * 32}, "chatId"),
        ({}, "chatId"),
    ],
)
def test_the_dots_have_their_rules(request_body: Json, where: str) -> None:
    assert where in [p.property for p in check(request_body, "ShowLoadingAnimationRequest")]
