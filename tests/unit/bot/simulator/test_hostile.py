"""No request makes the played platform stumble: what is wrong is refused, never a crash."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.line.menu import rich_menu
from bot.simulator.api import ROUTES, LineApi
from bot.simulator.http import Request
from bot.simulator.rules import check, check_messages
from bot.simulator.world import World

Json = dict[str, Any]
GOOD: list[Json] = [
    {
        "type": "flex",
        "altText": "การ์ด",
        "contents": {
            "type": "carousel",
            "contents": [
                {
                    "type": "bubble",
                    "hero": {"type": "image", "url": "https://a.th/i.png", "aspectRatio": "4:3"},
                    "body": {
                        "type": "box",
                        "layout": "vertical",
                        "contents": [
                            {"type": "text", "text": "ก", "size": "md", "color": "#112233"},
                            {
                                "type": "button",
                                "action": {"type": "uri", "label": "x", "uri": "https://a.th"},
                            },
                        ],
                    },
                }
            ],
        },
        "quickReply": {
            "items": [
                {
                    "type": "action",
                    "action": {
                        "type": "datetimepicker",
                        "label": "วัน",
                        "data": "d",
                        "mode": "date",
                        "min": "1961-01-01",
                    },
                }
            ]
        },
    },
    {"type": "textV2", "text": "{a}", "substitution": {"a": {"type": "emoji"}}},
    {
        "type": "template",
        "altText": "x",
        "template": {
            "type": "carousel",
            "columns": [{"text": "x", "actions": [{"type": "message", "label": "x", "text": "x"}]}],
        },
    },
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to every member of a JSON value."""
    if isinstance(value, dict):
        inner = [place for key, item in value.items() for place in places(item, (*path, key))]
    elif isinstance(value, list):
        inner = [place for i, item in enumerate(value) for place in places(item, (*path, i))]
    else:
        inner = []
    return [path, *inner] if path else inner


def changed(value: Any, path: tuple[Any, ...], to: Any) -> Any:
    """A copy with one member replaced."""
    copy = json.loads(json.dumps(value))
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = to
    return copy


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([(i, p) for i, m in enumerate(GOOD) for p in places(m)]), anything)
def test_any_member_of_a_message_may_be_anything(
    where: tuple[int, tuple[Any, ...]], value: Any
) -> None:
    index, path = where
    check_messages([changed(GOOD[index], path, value)])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(places(rich_menu("new").request)), anything)
def test_any_member_of_a_menu_may_be_anything(path: tuple[Any, ...], value: Any) -> None:
    check(changed(rich_menu("new").request, path, value), "RichMenuRequest")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([(method, path) for method, path, _ in ROUTES]), anything)
def test_any_body_gets_an_answer_of_line(route: tuple[str, str], body: Any) -> None:
    method, pattern = route
    path = pattern.replace("([A-Za-z0-9_-]+)", "x1").replace("(group|room)", "group")
    path = path.split("(?:")[0].rstrip("/") + ("/reply" if "validate/(" in pattern else "")
    headers = {"authorization": "Bearer token", "content-type": "application/json"}
    request = Request(method, f"/v2/bot/{path}", headers, json.dumps(body).encode())
    assert LineApi(World("secret", "token")).answer(request).status < 500
