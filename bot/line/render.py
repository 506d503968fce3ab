"""Replies → LINE's JSON. What is too long is cut or split here, so that LINE refuses nothing.

Limits: LINE's reference of messages, actions and Flex. Text counts UTF-16 units, labels count
grapheme clusters.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import regex

from handlers.replies import Picture, Replies, Reply, Say, Show
from nlp.cards import Button, Card, Row

Json = dict[str, Any]

MAX_MESSAGES = 5
MAX_QUICK = 13
MAX_TEXT = 5000
MAX_ALT = 1500
MAX_LABEL = 20
MAX_FLEX_LABEL = 40
MAX_SAID = 300
MAX_CARDS = 12
MAX_BUTTONS = 4
MAX_BUBBLE_BYTES = 15_000
MAX_CAROUSEL_BYTES = 25_000
"""Half of LINE's 30 and 50 KB: whether escapes (6 bytes a Thai letter) count is not documented."""

COLOURS = {
    "": ("#0B5D4B", "#FFFFFF"),
    "option1": ("#1B6CA8", "#FFFFFF"),
    "option2": ("#0B7A5B", "#FFFFFF"),
    "option3": ("#8A4B08", "#FFFFFF"),
    "good": ("#1E7B34", "#FFFFFF"),
    "warn": ("#9A3412", "#FFFFFF"),
}
"""Palette name → (background, letters); every pair has a contrast of at least 4.5."""

_INK, _FAINT, _LINE, _LINK = "#1F2933", "#5F6B76", "#E3E8EC", "#0B5D4B"


def render(replies: Replies, base_url: str = "") -> list[Json]:
    """At most 5 LINE messages; quick replies under the last. Pictures need a https `base_url`."""
    messages: list[Json] = []
    for reply in replies.messages:
        messages.extend(_message(reply, base_url, large=replies.large))
    messages = _fit(messages)
    if messages and replies.quick:
        messages[-1]["quickReply"] = {"items": [_quick(b) for b in replies.quick[:MAX_QUICK]]}
    return messages


def _message(reply: Reply, base_url: str, *, large: bool) -> list[Json]:
    if isinstance(reply, Say):
        return [_text(part) for part in split_text(reply.text)]
    if isinstance(reply, Show):
        return _flex(reply, base_url, large=large)
    return _picture(reply, base_url)


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _picture(picture: Picture, base_url: str) -> list[Json]:
    if not base_url:
        return [_text(part) for part in split_text(picture.alt)]
    url = base_url + picture.path
    return [{"type": "image", "originalContentUrl": url, "previewImageUrl": url}]


def _fit(messages: list[Json]) -> list[Json]:
    """Five at most: neighbouring texts are joined; what is still over is left out."""
    while len(messages) > MAX_MESSAGES:
        pair = next(
            (
                i
                for i in range(len(messages) - 1)
                if messages[i]["type"] == messages[i + 1]["type"] == "text"
                and utf16(messages[i]["text"]) + utf16(messages[i + 1]["text"]) + 2 <= MAX_TEXT
            ),
            None,
        )
        if pair is None:
            return messages[:MAX_MESSAGES]
        joined = messages[pair]["text"] + "\n\n" + messages[pair + 1]["text"]
        messages[pair : pair + 2] = [_text(joined)]
    return messages


# Flex


def _flex(show: Show, base_url: str, *, large: bool) -> list[Json]:
    cards = [_reachable(card, base_url) for card in show.cards[:MAX_CARDS]]
    bubbles = [_bubble(card, base_url, large=large) for card in cards]
    if not bubbles:
        return [_text(part) for part in split_text(show.alt)]
    if any(len(orjson.dumps(bubble)) > MAX_BUBBLE_BYTES for bubble in bubbles):
        words = "\n\n".join(card_text(card) for card in show.cards)
        return [_text(part) for part in split_text(words)]
    alt = cut_utf16(show.alt.strip() or show.cards[0].title, MAX_ALT)
    return [{"type": "flex", "altText": alt, "contents": c} for c in _carousels(bubbles)]


def _reachable(card: Card, base_url: str) -> Card:
    """Addresses of the bot's own pages made whole; without a public address they have no button."""
    own = [button for button in card.buttons if base_url or not button.uri.startswith("/")]
    whole = (replace(b, uri=base_url + b.uri) if b.uri.startswith("/") else b for b in own)
    return replace(card, buttons=tuple(whole))


def _carousels(bubbles: list[Json]) -> list[Json]:
    """A lone bubble as it is; several side by side, in as many carousels as their size asks for."""
    groups: list[list[Json]] = []
    size = MAX_CAROUSEL_BYTES
    for bubble in bubbles:
        width = len(orjson.dumps(bubble))
        if size + width > MAX_CAROUSEL_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(bubble)
        size += width
    return [g[0] if len(g) == 1 else {"type": "carousel", "contents": g} for g in groups]


def _bubble(card: Card, base_url: str, *, large: bool) -> Json:
    background, letters = COLOURS.get(card.colour, COLOURS[""])
    size, small = ("lg", "md") if large else ("md", "sm")
    head = [_words(card.title, "xl" if large else "lg", letters, weight="bold")]
    if card.subtitle.strip():
        head.append(_words(card.subtitle, small, letters))
    body = [_row(row, size) for row in card.rows if row.label.strip() or row.value.strip()]
    if card.note.strip():
        if body:
            body.append({"type": "separator", "color": _LINE, "margin": "md"})
        body.append(_words(card.note, small if large else "xs", _FAINT))
    bubble: Json = {
        "type": "bubble",
        "size": "giga" if large else "mega",
        "header": _box(head, backgroundColor=background, paddingAll="16px", spacing="xs"),
    }
    if card.image and base_url:
        bubble["hero"] = {
            "type": "image",
            "url": base_url + card.image,
            "size": "full",
            "aspectRatio": "4:3",
            "aspectMode": "fit",
        }
    if body:
        bubble["body"] = _box(body, spacing="md", paddingAll="16px")
    if card.buttons:
        bubble["footer"] = _box(
            [_flex_button(b, first=i == 0) for i, b in enumerate(card.buttons[:MAX_BUTTONS])],
            spacing="sm",
        )
    return bubble


def _row(row: Row, size: str) -> Json:
    weight = "bold" if row.strong else "regular"
    if not row.value.strip():
        return _words(row.label, size, _INK, weight=weight)
    if not row.label.strip():
        return _words(row.value, size, _INK, weight=weight)
    return {
        "type": "box",
        "layout": "horizontal",
        "spacing": "md",
        "contents": [
            _words(row.label, size, _FAINT, flex=5),
            _words(row.value, size, _INK, weight="bold", flex=6, align="end"),
        ],
    }


def _words(text: str, size: str, colour: str, **more: Any) -> Json:
    return {"type": "text", "text": text, "size": size, "color": colour, "wrap": True, **more}


def _box(contents: list[Json], **more: Any) -> Json:
    return {"type": "box", "layout": "vertical", "contents": contents, **more}


def _flex_button(button: Button, *, first: bool) -> Json:
    return {
        "type": "button",
        "style": "primary" if first else "secondary",
        "height": "sm",
        "adjustMode": "shrink-to-fit",
        **({"color": _LINK} if first else {}),
        "action": _action(button, MAX_FLEX_LABEL),
    }


def card_text(card: Card) -> str:
    """A card as plain words, for readers and channels that draw none."""
    lines = [card.title, card.subtitle]
    lines += [" ".join(part for part in (row.label, row.value) if part) for row in card.rows]
    lines.append(card.note)
    return "\n".join(line for line in lines if line.strip())


# Actions


def _quick(button: Button) -> Json:
    return {"type": "action", "action": _action(button, MAX_LABEL)}


def _action(button: Button, max_label: int) -> Json:
    label = cut_graphemes(button.label, max_label)
    if button.pick == "location":
        return {"type": "location", "label": label}
    if button.pick:
        limits = {"initial": button.initial, "min": button.min, "max": button.max}
        return {
            "type": "datetimepicker",
            "label": label,
            "data": button.data,
            "mode": button.pick,
            **{name: value for name, value in limits.items() if value},
        }
    if button.uri:
        return {"type": "uri", "label": label, "uri": button.uri}
    said = cut_graphemes(button.say or button.label, MAX_SAID)
    if button.data:
        return {"type": "postback", "label": label, "data": button.data, "displayText": said}
    return {"type": "message", "label": label, "text": said}


# Counting as LINE counts


def utf16(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut_utf16(text: str, most: int) -> str:
    """The longest start of `text` within `most` UTF-16 units, no grapheme cluster split."""
    return next(_parts(text, most), "")


def cut_graphemes(text: str, most: int) -> str:
    """`text` in at most `most` grapheme clusters (ที่ is one), with … where something was cut."""
    clusters = regex.findall(r"\X", text)
    return text if len(clusters) <= most else "".join(clusters[: most - 1]) + "…"


def split_text(text: str) -> list[str]:
    """`text` in parts that LINE takes as text messages; none for blank text."""
    if not text.strip():
        return []
    return list(_parts(text, MAX_TEXT)) if utf16(text) > MAX_TEXT else [text]


def _parts(text: str, most: int) -> Iterator[str]:
    part, size = "", 0
    for cluster in regex.findall(r"\X", text):
        width = utf16(cluster)
        if size + width > most and part:
            yield part
            part, size = "", 0
        part, size = part + cluster, size + width
    if part:
        yield part
